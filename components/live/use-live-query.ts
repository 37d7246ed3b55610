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
}

/** A read that starts with what the server rendered and is refetched when the live feed names its key. */
export function useLiveQuery<T>({ queryKey, path, initialData, enabled = true }: LiveQuery<T>) {
  return useQuery<T>({
    queryKey,
    queryFn: ({ signal }) => fetchJson<T>(path, signal),
    enabled,
    placeholderData: keepPreviousData,
    ...(initialData === undefined ? {} : { initialData: initialData as T & {} }),
  });
}
