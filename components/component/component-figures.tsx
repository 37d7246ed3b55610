import type { ReactNode } from 'react';
import { Link } from '@/components/ui/link';
import { formatSpan } from '@/components/ui/time-format';
import type { ComponentView } from '@/lib/deployments/model/view';

/** The last 30 days; each number opens its rows. */
export function ComponentFigures({ stats, href }: { stats: ComponentView['stats']; href: string }) {
  const { total30d: total, succeeded30d: good, p50Ms } = stats;
  const share = total === 0 ? null : Math.round((good / total) * 100);
  return (
    <dl className="grid grid-cols-[repeat(auto-fit,minmax(9.5rem,1fr))] gap-px overflow-hidden rounded-lg border border-line bg-line">
      <Figure name="Finished in 30 days">
        <Link href={href} className="rounded-sm hover:underline">
          {total}
        </Link>
      </Figure>
      <Figure name="Succeeded" note={share === null ? null : `${share} %`}>
        <Link href={`${href}&status=succeeded`} className="rounded-sm hover:underline">
          {good}
        </Link>
      </Figure>
      <Figure name="Did not" note={total - good > 0 ? 'failed, cancelled or superseded' : null}>
        <Link href={href} className="rounded-sm hover:underline">
          {total - good}
        </Link>
      </Figure>
      <Figure name="Usually takes" note={p50Ms === null ? null : 'half of them are faster'}>
        {p50Ms === null ? <span className="text-ink-faint">not known yet</span> : formatSpan(p50Ms)}
      </Figure>
    </dl>
  );
}

function Figure({ name, note, children }: { name: string; note?: string | null; children: ReactNode }) {
  return (
    <div className="bg-surface px-4 py-3">
      <dt className="text-xs text-ink-faint">{name}</dt>
      <dd className="mt-0.5 text-lg font-semibold tabular-nums">
        {children}
        {note ? <span className="ml-1.5 text-xs font-normal text-ink-faint">{note}</span> : null}
      </dd>
    </div>
  );
}
