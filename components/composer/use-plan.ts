'use client';

import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { fetchJson } from '@/components/live/problem';
import type { ComposerPlan } from '@/lib/deployments/model/view';
import { loadInputCode } from './input-code';
import { keepReading } from './kept-reading';
import { type ChosenRevision, planPath } from './revision';

const keyOf = (targetId: string, { ref, sha }: ChosenRevision) => ['composer', targetId, 'plan', ref, sha] as const;

/**
 * The chosen revision and everything that follows from it. "The newest of main" becomes one commit as soon as the
 * provider has said which: what the button names cannot change between reading and pressing.
 */
export function usePlan(targetId: string, first: ChosenRevision) {
  const client = useQueryClient();
  const [revision, setRevision] = useState(first);
  const query = useQuery<ComposerPlan>({
    queryKey: keyOf(targetId, revision),
    queryFn: async ({ signal }) => {
      const [read] = await Promise.all([
        fetchJson<ComposerPlan>(planPath(targetId, revision), signal),
        loadInputCode(),
      ]);
      return keepReading(client.getQueryData(keyOf(targetId, revision)), read);
    },
    // What was kept of an earlier reading does not end the asking.
    refetchInterval: ({ state }) => (state.data?.askAgainSeconds ?? 0) * 1000 || false,
    refetchOnWindowFocus: false,
    gcTime: 60_000,
  });
  const { data } = query;

  useEffect(() => {
    if (revision.sha !== null || !data?.revision.sha) return;
    client.setQueryData(keyOf(targetId, data.revision), data);
    setRevision(data.revision);
  }, [client, targetId, revision.sha, data]);

  function choose(next: ChosenRevision) {
    // "Newest" asks anew each time; an old answer must not stand in for it.
    if (next.sha === null) client.removeQueries({ queryKey: keyOf(targetId, next) });
    setRevision(next);
  }

  return {
    revision,
    choose,
    plan: data ?? null,
    error: query.error,
    loading: query.isFetching && !data,
    refetch: query.refetch,
  };
}
