'use client';

import { useQuery } from '@tanstack/react-query';
import { useDebounced } from '@/components/composer/use-debounced';
import { fetchJson } from '@/components/live/problem';
import type { TargetCheck } from '@/lib/targets/model/view';
import { configOf, isComplete, type ProviderForm, type TargetDraft } from './target-draft';

/** Long enough to type a name without asking the provider for every letter. */
const PAUSE_MS = 600;

/** Asks the provider what these settings lead to, as soon as they are complete. */
export function useTargetCheck({ connectionId, values }: TargetDraft, provider: ProviderForm | null) {
  const fields = provider?.fields ?? [];
  const config = JSON.stringify(configOf({ values, inputs: [] }, fields));
  const settled = useDebounced(config, PAUSE_MS);
  const complete = provider !== null && connectionId !== '' && isComplete(values, fields);
  const answer = useQuery<TargetCheck>({
    queryKey: ['estate', 'check', connectionId, settled],
    queryFn: ({ signal }) =>
      fetchJson<TargetCheck>(`/api/v1/targets/check?${new URLSearchParams({ connectionId, config: settled })}`, signal),
    enabled: complete && settled === config,
    refetchOnWindowFocus: false,
    retry: false,
  });
  const asking = complete && (answer.isFetching || settled !== config);
  return {
    complete,
    asking,
    check: complete && settled === config ? (answer.data ?? null) : null,
    error: complete && !asking ? answer.error : null,
    again: () => void answer.refetch(),
  };
}

export type TargetCheckState = ReturnType<typeof useTargetCheck>;
