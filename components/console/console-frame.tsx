'use client';

import type { ReactNode } from 'react';
import { LiveFeed } from '@/components/live/live-feed';
import { QueryProvider } from '@/components/live/query-provider';
import { ConsoleShell } from '@/components/shell/console-shell';
import type { Viewer } from '@/components/shell/shell-types';
import { later } from '@/components/ui/later';
import { LiveStatus } from './live-status';
import type { ProofDialogProps } from './proof-dialog';
import { SignOutButton } from './sign-out-button';
import { useNav } from './use-nav';

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
export function ConsoleFrame({ proof, ...frame }: ConsoleFrameProps) {
  return (
    <QueryProvider>
      <LiveFeed>
        <Shell {...frame} />
        <ProofDialog {...proof} />
      </LiveFeed>
    </QueryProvider>
  );
}

function Shell({ viewer, sandbox, children }: Omit<ConsoleFrameProps, 'proof'>) {
  const nav = useNav();
  return (
    <ConsoleShell
      nav={nav}
      viewer={viewer}
      live={<LiveStatus />}
      signOut={<SignOutButton />}
      sandbox={sandbox}
      palette={Palette}
    >
      {children}
    </ConsoleShell>
  );
}
