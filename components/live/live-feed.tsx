'use client';

import { useQueryClient } from '@tanstack/react-query';
import { type ReactNode, useEffect, useState } from 'react';
import { LiveContext, liveStore } from './live-context';

const AGAIN_MS = 5_000;

/** Keeps every query on the page fresh while it is mounted, and tells the shell how. Its code comes after the page is drawn. */
export function LiveFeed({ children }: { children: ReactNode }) {
  const client = useQueryClient();
  const [store] = useState(liveStore);

  useEffect(() => {
    let gone = false;
    let end = () => {};
    async function begin(): Promise<void> {
      try {
        const { followFeed } = await import('./feed-line');
        if (!gone) end = followFeed(client, store.report);
      } catch {
        if (gone) return;
        // Without it the page asks by itself, as it does where the stream fails.
        store.report('polling', false);
        void client.invalidateQueries();
        const timer = setTimeout(() => void begin(), AGAIN_MS);
        end = () => clearTimeout(timer);
      }
    }
    void begin();
    return () => {
      gone = true;
      end();
    };
  }, [client, store]);

  return <LiveContext value={store}>{children}</LiveContext>;
}
