'use client';

import { Snowflake } from 'lucide-react';
import { useNow } from '@/components/ui/ticking';
import type { FreezeEntry } from '@/lib/gates/model/view';
import { spanUntil } from './moment';
import { scopeInWords } from './scope-words';

function ahead(freezes: readonly FreezeEntry[]): FreezeEntry[] {
  const start = (freeze: FreezeEntry) => freeze.next?.from ?? '';
  return freezes.filter((freeze) => freeze.next !== null).sort((a, b) => start(a).localeCompare(start(b)));
}

/** "Next freeze in 3 d 4 h", or what is frozen now and for how long. */
export function NextFreeze({ freezes }: { freezes: readonly FreezeEntry[] }) {
  const now = useNow('half-minute');
  const [first] = ahead(freezes);
  if (!first?.next) return <span>No freeze is planned.</span>;
  const { next } = first;
  const left = now === null ? null : spanUntil(Date.parse(next.active ? next.to : next.from), now);
  return (
    <span className="inline-flex flex-wrap items-center gap-x-1.5">
      <Snowflake aria-hidden className="size-3.5 text-busy" />
      <span className="font-medium text-ink">
        {next.active ? 'Frozen now' : 'Next freeze'}
        {left === null ? '' : next.active ? `, ${left} left` : ` in ${left}`}
      </span>
      <span>
        {first.name}: {scopeInWords(first.scope)}
      </span>
    </span>
  );
}
