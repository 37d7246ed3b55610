'use client';

import { useQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import { fetchJson } from '@/components/live/problem';
import type { NavItem } from '@/components/shell/shell-types';
import type { WaitingView } from '@/lib/deployments/model/view';
import { queryKeys } from '@/lib/realtime/protocol';
import { NAV_ITEMS } from './nav-items';
import { withBadges } from './waiting';

/** A freeze begins and ends by the clock, without news. */
const EVERY_MS = 60_000;

/** The places with what waits there, live. Nothing depends on the numbers: where they cannot be read, there are none. */
export function useNav(): readonly NavItem[] {
  const { data } = useQuery<WaitingView>({
    queryKey: queryKeys.waiting,
    queryFn: ({ signal }) => fetchJson<WaitingView>('/api/v1/waiting', signal),
    // Who may not read it is refused once, and not each minute.
    refetchInterval: ({ state }) => (state.status === 'error' ? false : EVERY_MS),
  });
  return useMemo(() => withBadges(NAV_ITEMS, data), [data]);
}
