'use client';

import { createContext, useContext, useSyncExternalStore } from 'react';
import type { LiveState } from '@/lib/realtime/protocol';

export interface LiveInfo {
  state: LiveState;
  /** Epoch milliseconds of the last sign of life; null before the first. */
  lastHeardAt: number | null;
}

const UNHEARD: LiveInfo = { state: 'connecting', lastHeardAt: null };

/** How the feed does; tells only those who ask. */
export function liveStore() {
  const listeners = new Set<() => void>();
  let info = UNHEARD;
  return {
    read: () => info,
    report(state: LiveState, heard: boolean) {
      info = { state, lastHeardAt: heard ? Date.now() : info.lastHeardAt };
      for (const listener of listeners) listener();
    },
    subscribe(listener: () => void) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
  };
}

/** A store that stays the same: a value that changed would have React throw away all that has no code yet. */
export const LiveContext = createContext(liveStore());

export function useLive(): LiveInfo {
  const { subscribe, read } = useContext(LiveContext);
  return useSyncExternalStore(subscribe, read, () => UNHEARD);
}
