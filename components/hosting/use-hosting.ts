'use client';

import { useLiveQuery } from '@/components/live/use-live-query';
import type { HostingView } from '@/lib/deployments/model/hosting';
import { queryKeys } from '@/lib/realtime/protocol';

/** How the host serves a target now; asks it, so only where somebody looks. Null: its provider is no host. */
export function useHosting(targetId: string) {
  return useLiveQuery<HostingView | null>({
    queryKey: queryKeys.hosting(targetId),
    path: `/api/v1/targets/${encodeURIComponent(targetId)}/hosting`,
  });
}
