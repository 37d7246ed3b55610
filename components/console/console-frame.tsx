'use client';

import { useQueryClient } from '@tanstack/react-query';
import { type ReactNode, useMemo } from 'react';
import { LiveFeed } from '@/components/live/live-feed';
import { QueryProvider } from '@/components/live/query-provider';
import { ConsoleShell } from '@/components/shell/console-shell';
import type { Viewer } from '@/components/shell/shell-types';
import { LiveStatus } from './live-status';
import { NAV_ITEMS } from './nav-items';
import { paletteLinks, paletteSearch } from './palette-search';
import { SignOutButton } from './sign-out-button';

interface ConsoleFrameProps {
  viewer: Viewer;
  /** Providers are simulated. */
  sandbox: boolean;
  children: ReactNode;
}

/** The console around every page: query cache, live feed, frame, palette. */
export function ConsoleFrame({ viewer, sandbox, children }: ConsoleFrameProps) {
  return (
    <QueryProvider>
      <LiveFeed>
        <Frame viewer={viewer} sandbox={sandbox}>
          {children}
        </Frame>
      </LiveFeed>
    </QueryProvider>
  );
}

function Frame({ viewer, sandbox, children }: ConsoleFrameProps) {
  const client = useQueryClient();
  const search = useMemo(() => paletteSearch(client), [client]);
  return (
    <ConsoleShell
      nav={NAV_ITEMS}
      viewer={viewer}
      live={<LiveStatus />}
      signOut={<SignOutButton />}
      sandbox={sandbox}
      links={paletteLinks}
      search={search}
    >
      {children}
    </ConsoleShell>
  );
}
