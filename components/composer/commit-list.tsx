'use client';

import { useId, useState } from 'react';
import { Button } from '@/components/ui/button';
import { RelativeTime } from '@/components/ui/relative-time';
import { Sha } from '@/components/ui/sha';
import type { Commit } from '@/lib/providers/port';
import { CheckMark } from './check-mark';

const FIRST = 6;

export function CommitLine({ commit }: { commit: Commit }) {
  return (
    <div className="flex min-w-0 items-baseline gap-2 py-1 text-sm">
      <CheckMark state={commit.checks} className="self-center" />
      <span className="min-w-0 flex-1 truncate" title={commit.message}>
        {commit.message.split('\n')[0]}
      </span>
      <span className="max-w-28 shrink-0 truncate text-xs text-ink-faint max-sm:hidden">{commit.author}</span>
      <span className="shrink-0 text-xs text-ink-faint">
        <RelativeTime at={commit.authoredAt} />
      </span>
      <span className="shrink-0 text-xs text-ink-faint">
        <Sha value={commit.sha} href={commit.url} />
      </span>
    </div>
  );
}

interface CommitListProps {
  /** Names the list. */
  title: React.ReactNode;
  commits: readonly Commit[];
  /** All there are, when the provider lists fewer. */
  total: number;
  /** How many stand there before "show all". */
  first?: number;
  aside?: React.ReactNode;
}

/** Commits, newest first, with their checks; the long ones folded. */
export function CommitList({ title, commits, total, first = FIRST, aside }: CommitListProps) {
  const id = useId();
  const [all, setAll] = useState(false);
  const shown = all ? commits : commits.slice(0, first);
  const unlisted = total - commits.length;
  return (
    <section aria-labelledby={id} className="min-w-0">
      <div className="flex flex-wrap items-center justify-between gap-x-3 gap-y-1">
        <h3 id={id} className="text-sm font-medium">
          {title}
        </h3>
        {aside}
      </div>
      {shown.length > 0 ? (
        <ul className="mt-1 divide-y divide-line">
          {shown.map((commit) => (
            <li key={commit.sha}>
              <CommitLine commit={commit} />
            </li>
          ))}
        </ul>
      ) : null}
      {commits.length > first ? (
        <Button size="sm" variant="quiet" className="mt-1 -ml-2.5" aria-expanded={all} onClick={() => setAll(!all)}>
          {all ? 'Show fewer' : `Show all ${commits.length}`}
        </Button>
      ) : null}
      {unlisted > 0 ? (
        <p className="mt-1 text-xs text-ink-faint">
          {unlisted.toLocaleString('en')} older ones are only in the comparison.
        </p>
      ) : null}
    </section>
  );
}
