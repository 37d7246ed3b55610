'use client';

import { useInfiniteQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { fetchJson } from '@/components/live/problem';
import {
  type ComposerImages,
  digestIn,
  type ImageRow,
  inputsFor,
  mergeRows,
  movedTags,
} from '@/lib/deployments/model/images';
import type { ComposerStart } from '@/lib/deployments/model/view';
import type { useComposer } from './use-composer';
import { useDebounced } from './use-debounced';

type Source = NonNullable<ComposerStart['image']>;
type Composer = Pick<ReturnType<typeof useComposer>, 'plan' | 'values' | 'setValue' | 'choose'>;

function pathOf(targetId: string, query: string, sha: string | undefined, page: number): string {
  const asked = new URLSearchParams({ query, page: String(page), ...(sha ? { sha } : {}) });
  return `/api/v1/targets/${encodeURIComponent(targetId)}/images?${asked}`;
}

/** Images of the component, page by page, and the one that stands in the workflow's inputs. */
export function useImages(targetId: string, source: Source, { plan, values, setValue }: Composer) {
  const [query, setQuery] = useState('');
  const wanted = useDebounced(query.trim(), 250);
  const sha = plan?.revision.sha || undefined;
  const [chosen, setChosen] = useState<ImageRow | null>(null);
  const found = useInfiniteQuery({
    queryKey: ['composer', targetId, 'images', wanted, sha ?? ''],
    queryFn: ({ pageParam, signal }) => fetchJson<ComposerImages>(pathOf(targetId, wanted, sha, pageParam), signal),
    initialPageParam: 0,
    getNextPageParam: (last) => last.next,
    placeholderData: (before) => before,
    staleTime: 30_000,
    gcTime: 60_000,
  });
  const pages = found.data?.pages ?? [];
  const rows = mergeRows(pages.flatMap((page) => page.rows));
  const named = [source.imageInput, source.digestInput].filter((name) => name !== null);
  const digest = named.map((name) => digestIn(values[name])).find((each) => each !== null) ?? null;
  const standing = chosen && chosen.digest === digest ? chosen : (rows.find((row) => row.digest === digest) ?? null);

  function take(row: ImageRow) {
    setChosen(row);
    for (const [name, value] of Object.entries(inputsFor(source, row))) setValue(name, value);
  }

  return {
    query,
    setQuery,
    found,
    first: pages[0] ?? null,
    rows,
    digest,
    standing,
    moved: standing ? movedTags(standing, rows) : [],
    /** Inputs that the settings name and the workflow does not declare at this revision. */
    undeclared: plan?.form ? named.filter((name) => !plan.form?.fields.some((field) => field.name === name)) : [],
    take,
  };
}
