'use client';

import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { GitBranch, GitCommitHorizontal, Tag } from 'lucide-react';
import { useMemo, useState } from 'react';
import { fetchJson, sentenceOf } from '@/components/live/problem';
import { Combobox } from '@/components/ui/combobox';
import { RelativeTime } from '@/components/ui/relative-time';
import type { RevisionOption } from '@/lib/deployments/model/view';
import type { Commit } from '@/lib/providers/port';
import { CheckMark } from './check-mark';
import { type ChosenRevision, chosenFrom, isCommitOption, optionId } from './revision';
import { useDebounced } from './use-debounced';

interface PickerProps {
  targetId: string;
  revision: ChosenRevision;
  onChoose: (revision: ChosenRevision) => void;
}

function iconOf(option: RevisionOption) {
  if (isCommitOption(option)) return <GitCommitHorizontal aria-hidden />;
  return option.refKind === 'tag' ? <Tag aria-hidden /> : <GitBranch aria-hidden />;
}

function RefPicker({ targetId, revision, onChoose }: PickerProps) {
  const [query, setQuery] = useState('');
  const asked = useDebounced(query.trim(), 200);
  const path = `/api/v1/targets/${encodeURIComponent(targetId)}/revisions?${new URLSearchParams({ query: asked })}`;
  const found = useQuery<RevisionOption[]>({
    queryKey: ['composer', targetId, 'revisions', asked],
    queryFn: ({ signal }) => fetchJson<RevisionOption[]>(path, signal),
    placeholderData: keepPreviousData,
    refetchOnWindowFocus: false,
  });
  const options = found.data ?? [];
  const items = options.map((option) => ({
    id: optionId(option),
    label: option.label,
    description: option.detail,
    icon: iconOf(option),
    detail: option.checks ? <CheckMark state={option.checks} /> : undefined,
  }));
  return (
    <Combobox
      label="Branch, tag or commit"
      value={revision.ref}
      items={items}
      query={query}
      onQueryChange={setQuery}
      selectedId={items.find((item) => item.id.startsWith(`${revision.refKind}:${revision.ref}:`))?.id ?? null}
      placeholder="Search branches, tags, commits"
      loading={found.isFetching || asked !== query.trim()}
      emptyText={
        found.error
          ? sentenceOf(found.error)
          : 'No branch, tag or recent commit has this in its name. Check the spelling, or paste a whole commit id.'
      }
      onSelect={(item) => {
        const option = options.find((each) => optionId(each) === item.id);
        if (option) onChoose(chosenFrom(option));
        setQuery('');
      }}
    />
  );
}

function matches(commit: Commit, query: string): boolean {
  const wanted = query.trim().toLowerCase();
  return [commit.sha, commit.message, commit.author].some((text) => text.toLowerCase().includes(wanted));
}

function CommitPicker({ targetId, revision, onChoose, head }: PickerProps & { head: Commit | null }) {
  const [query, setQuery] = useState('');
  const path = `/api/v1/targets/${encodeURIComponent(targetId)}/commits?${new URLSearchParams({ ref: revision.ref })}`;
  const found = useQuery<Commit[]>({
    queryKey: ['composer', targetId, 'commits', revision.ref],
    queryFn: ({ signal }) => fetchJson<Commit[]>(path, signal),
    refetchOnWindowFocus: false,
  });
  const newest = found.data?.[0]?.sha;
  const items = useMemo(
    () =>
      (found.data ?? [])
        .filter((commit) => matches(commit, query))
        .map((commit) => ({
          id: commit.sha,
          label: commit.message.split('\n')[0] ?? '',
          description: (
            <>
              {commit.sha.slice(0, 7)} by {commit.author}, <RelativeTime at={commit.authoredAt} />
              {commit.sha === newest ? ' · newest' : null}
            </>
          ),
          icon: <CheckMark state={commit.checks} />,
        })),
    [found.data, query, newest],
  );
  const short = revision.sha?.slice(0, 7) ?? '…';
  const message = head && head.sha === revision.sha ? head.message.split('\n')[0] : '';
  return (
    <Combobox
      label="Commit"
      value={`${short} ${message}`.trim()}
      items={items}
      query={query}
      onQueryChange={setQuery}
      selectedId={revision.sha}
      placeholder={`Search the latest commits of ${revision.ref}`}
      loading={found.isFetching}
      emptyText={
        found.error
          ? sentenceOf(found.error)
          : 'None of the latest commits matches. Paste a whole commit id into the other field.'
      }
      onSelect={(item) => {
        onChoose({ ref: revision.ref, refKind: revision.refKind, sha: item.id });
        setQuery('');
      }}
    />
  );
}

/** Which branch or tag, and which commit of it. */
export function RevisionPicker({ head, ...props }: PickerProps & { head: Commit | null }) {
  return (
    <div className="grid grid-cols-[minmax(0,1fr)] gap-3 sm:grid-cols-[minmax(0,14rem)_minmax(0,1fr)]">
      <div className="grid min-w-0 grid-cols-[minmax(0,1fr)] gap-1.5">
        <span className="text-sm font-medium">{props.revision.refKind === 'tag' ? 'Tag' : 'Branch'}</span>
        <RefPicker {...props} />
      </div>
      <div className="grid min-w-0 grid-cols-[minmax(0,1fr)] gap-1.5">
        <span className="text-sm font-medium">Commit</span>
        <CommitPicker {...props} head={head} />
      </div>
    </div>
  );
}
