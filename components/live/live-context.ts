'use client';

import { createContext, useContext } from 'react';
import type { LiveState } from '@/lib/realtime/protocol';

export interface LiveInfo {
  state: LiveState;
  /** Epoch milliseconds of the last sign of life; null before the first. */
  lastHeardAt: number | null;
}

export const LiveContext = createContext<LiveInfo>({ state: 'connecting', lastHeardAt: null });

export function useLive(): LiveInfo {
  return useContext(LiveContext);
}
