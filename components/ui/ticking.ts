'use client';

import { useSyncExternalStore } from 'react';

/** One timer per period for the whole page, however many clocks are on it; none while nobody looks. */
function ticker(period: number) {
  const listeners = new Set<() => void>();
  let now = 0;
  let timer: ReturnType<typeof setInterval> | undefined;
  const tick = () => {
    now = Date.now();
    for (const listener of listeners) listener();
  };
  return {
    subscribe(listener: () => void) {
      listeners.add(listener);
      timer ??= setInterval(tick, period);
      return () => {
        listeners.delete(listener);
        if (listeners.size > 0) return;
        clearInterval(timer);
        timer = undefined;
        now = 0;
      };
    },
    read() {
      if (now === 0) now = Date.now();
      return now;
    },
  };
}

const seconds = ticker(1_000);
const halfMinutes = ticker(30_000);
const onServer = () => null;

/** Milliseconds since the epoch, moving; null on the server and while hydrating, so both print the same. */
export function useNow(every: 'second' | 'half-minute'): number | null {
  const source = every === 'second' ? seconds : halfMinutes;
  return useSyncExternalStore<number | null>(source.subscribe, source.read, onServer);
}

/**
 * The server's time while it draws for somebody who looks now; null in a browser, and while pages are made for later.
 * What is written by it needs `suppressHydrationWarning`: the browser keeps it until its own clock goes.
 */
export function drawnAt(): number | null {
  const isServing = typeof window === 'undefined' && process.env.NEXT_PHASE !== 'phase-production-build';
  return isServing ? Date.now() : null;
}
