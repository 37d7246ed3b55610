'use client';

import { type QueryClient, useQueryClient } from '@tanstack/react-query';
import { type ReactNode, useEffect, useState } from 'react';
import type { LiveState } from '@/lib/realtime/protocol';
import { LiveContext, type LiveInfo } from './live-context';
import { parseLiveEvent, reconnectDelay, staleKeys } from './stale-keys';

const FEED = '/api/events';
const BATCH_MS = 100;
const POLL_MS = 5000;
const FAILURES_BEFORE_POLLING = 3;
/** A browser allows six HTTP/1.1 streams per origin, so a tab that nobody sees gives its own back. */
const HIDDEN_MS = 60_000;

/** Collects keys for a moment, so a burst of events is one refetch per screen. */
function batchInvalidator(client: QueryClient) {
  const keys = new Map<string, readonly unknown[]>();
  let timer: ReturnType<typeof setTimeout> | undefined;
  function flush() {
    timer = undefined;
    for (const queryKey of keys.values()) void client.invalidateQueries({ queryKey });
    keys.clear();
  }
  return {
    add(queryKey: readonly unknown[]) {
      keys.set(JSON.stringify(queryKey), queryKey);
      timer ??= setTimeout(flush, BATCH_MS);
    },
    stop: () => clearTimeout(timer),
  };
}

/**
 * Holds one EventSource. The browser resumes a dropped stream by Last-Event-ID; a stream that the server closed is
 * opened again here, later each time. After three failures screens are polled until the stream is back.
 */
function openFeed(client: QueryClient, report: (state: LiveState, heard: boolean) => void): () => void {
  const batch = batchInvalidator(client);
  let source: EventSource | null = null;
  let failures = 0;
  let retry: ReturnType<typeof setTimeout> | undefined;
  let poll: ReturnType<typeof setInterval> | undefined;
  let rest: ReturnType<typeof setTimeout> | undefined;

  function disconnect() {
    source?.close();
    source = null;
    clearTimeout(retry);
    clearInterval(poll);
    poll = undefined;
  }

  function onVisibility() {
    clearTimeout(rest);
    if (document.hidden) rest = setTimeout(disconnect, HIDDEN_MS);
    else if (!source) connect();
  }

  function connect() {
    clearTimeout(retry);
    source = new EventSource(FEED);
    source.onopen = () => {
      failures = 0;
      clearInterval(poll);
      poll = undefined;
      report('live', true);
      // What happened while nobody listened is unknown; ask for everything on screen once.
      void client.invalidateQueries();
    };
    source.onmessage = (message: MessageEvent<string>) => {
      const event = parseLiveEvent(message.data);
      if (!event) return;
      report('live', true);
      for (const key of staleKeys(event)) batch.add(key);
    };
    source.onerror = () => {
      failures += 1;
      const polling = failures >= FAILURES_BEFORE_POLLING;
      report(polling ? 'polling' : 'reconnecting', false);
      if (polling) poll ??= setInterval(() => void client.invalidateQueries(), POLL_MS);
      if (source?.readyState !== EventSource.CLOSED) return;
      clearTimeout(retry);
      retry = setTimeout(connect, reconnectDelay(failures, Math.random()));
    };
  }

  connect();
  document.addEventListener('visibilitychange', onVisibility);
  return () => {
    document.removeEventListener('visibilitychange', onVisibility);
    clearTimeout(rest);
    batch.stop();
    disconnect();
  };
}

/** Keeps every query on the page fresh while it is mounted, and tells the shell how. */
export function LiveFeed({ children }: { children: ReactNode }) {
  const client = useQueryClient();
  const [info, setInfo] = useState<LiveInfo>({ state: 'connecting', lastHeardAt: null });

  useEffect(
    () =>
      openFeed(client, (state, heard) =>
        setInfo((old) => ({ state, lastHeardAt: heard ? Date.now() : old.lastHeardAt })),
      ),
    [client],
  );

  return <LiveContext value={info}>{children}</LiveContext>;
}
