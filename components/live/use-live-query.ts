'use client';

import { keepPreviousData, type QueryKey, useQuery } from '@tanstack/react-query';
import { fetchJson } from './problem';

interface LiveQuery<T> {
  queryKey: QueryKey;
  /** Path of the same read at the HTTP API. */
  path: string;
  /** What the server rendered; leave out when the browser asks first. */
  initialData?: T;
  enabled?: boolean;
  /** Ask again this often even without news, in milliseconds: for answers that age; by the answer where that decides it. */
  everyMs?: number | ((data: T | undefined) => number | null);
}

/** A read that starts with what the server rendered and is refetched when the live feed names its key. */
export function useLiveQuery<T>({ queryKey, path, initialData, enabled = true, everyMs }: LiveQuery<T>) {
  return useQuery<T>({
    queryKey,
    queryFn: ({ signal }) => fetchJson<T>(path, signal),
    enabled,
    placeholderData: keepPreviousData,
    refetchInterval: ({ state }) => (typeof everyMs === 'function' ? everyMs(state.data) : everyMs) ?? false,
    // News that came between the server's read and this mount found no query to make stale.
    refetchOnMount: 'always',
    ...(initialData === undefined ? {} : { initialData: initialData as T & {} }),
  });
}
