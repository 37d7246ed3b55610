'use client';

import { useQuery } from '@tanstack/react-query';
import { useNow } from '@/components/ui/ticking';
import { readPublicStatus } from '@/lib/public-status/model/read';
import { isStale, type PublicStatus } from '@/lib/public-status/model/status';

const AGAIN_MS = 60_000;

export interface PublicReading {
  /** Null until the first one came. */
  status: PublicStatus | null;
  /** It is too old to be taken for now. */
  stale: boolean;
  /** The last try brought nothing. */
  unreachable: boolean;
  retry(): void;
}

async function fetchStatus(url: string, signal: AbortSignal): Promise<PublicStatus> {
  const answer = await fetch(url, { signal, credentials: 'omit', headers: { Accept: 'application/json' } });
  const status = answer.ok ? readPublicStatus(await answer.json()) : null;
  if (!status) throw new Error(`${url} answers no status`);
  return status;
}

/** The status at an address, read again each minute; `initial` is what a server drew already. */
export function usePublicStatus(url: string, initial: PublicStatus | null): PublicReading {
  const now = useNow('half-minute');
  const query = useQuery({
    queryKey: ['public-status', url],
    queryFn: ({ signal }) => fetchStatus(url, signal),
    // Read for this very page, so newer than what the address keeps for everybody.
    ...(initial && { initialData: initial }),
    staleTime: AGAIN_MS / 2,
    refetchInterval: AGAIN_MS,
    retry: 1,
  });
  const status = query.data ?? null;
  return {
    status,
    stale: status !== null && now !== null && isStale(status, now),
    unreachable: query.isError,
    retry: () => void query.refetch(),
  };
}
