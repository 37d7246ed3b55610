'use client';

import type { ReactNode } from 'react';
import { LiveFeed } from '@/components/live/live-feed';
import { QueryProvider } from '@/components/live/query-provider';
import { ConsoleShell } from '@/components/shell/console-shell';
import type { Viewer } from '@/components/shell/shell-types';
import { later } from '@/components/ui/later';
import { Optional } from '@/components/ui/optional';
import { LiveStatus } from './live-status';
import { NAV_ITEMS } from './nav-items';
import type { ProofDialogProps } from './proof-dialog';
import { SignOutButton } from './sign-out-button';

const ProofDialog = later(() => import('./proof-dialog').then((file) => file.ProofDialog));
const Palette = later(() => import('./palette').then((file) => file.Palette));

interface ConsoleFrameProps {
  viewer: Viewer;
  /** Providers are simulated. */
  sandbox: boolean;
  /** How a person proves once more who they are. */
  proof: ProofDialogProps;
  children: ReactNode;
}

/** The console around every page: query cache, live feed, frame, palette. */
export function ConsoleFrame({ viewer, sandbox, proof, children }: ConsoleFrameProps) {
  return (
    <QueryProvider>
      <LiveFeed>
        <ConsoleShell
          nav={NAV_ITEMS}
          viewer={viewer}
          live={<LiveStatus />}
          signOut={<SignOutButton />}
          sandbox={sandbox}
          palette={Palette}
        >
          {children}
        </ConsoleShell>
        <Optional>
          <ProofDialog {...proof} />
        </Optional>
      </LiveFeed>
    </QueryProvider>
  );
}
