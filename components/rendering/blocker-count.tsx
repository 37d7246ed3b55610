'use client';

import { sentenceOf } from '@/components/live/problem';
import { ToneBadge } from '@/components/ui/tone';
import type { RenderingMode } from '@/lib/rendering/model/mode';
import type { PreflightView } from '@/lib/rendering/model/preflight-view';
import type { RenderingRow } from '@/lib/rendering/model/rendering-view';
import { usePreflight } from './use-preflight';

/** What keeps it from the other mode as it is live now, what should be known, and which routes come and go. */
export function BlockerCount({ row, mode }: { row: RenderingRow; mode: RenderingMode }) {
  const { targetId, live } = row;
  const { data, error } = usePreflight({ targetId, mode, ref: null, live: live?.sha ?? null });
  if (error)
    return (
      <ToneBadge tone="warn" plain>
        not looked at<span className="sr-only">: {sentenceOf(error)}</span>
      </ToneBadge>
    );
  if (!data)
    return (
      <ToneBadge tone="busy" plain>
        looking
      </ToneBadge>
    );
  const count = data.blockers.length;
  return (
    <span className="grid justify-items-start gap-0.5">
      <ToneBadge tone={count === 0 ? 'good' : 'bad'} plain>
        {count === 0 ? 'nothing in the way' : `${count} in the way`}
      </ToneBadge>
      <span className="text-xs text-ink-faint">{besides(data)}</span>
    </span>
  );
}

/** “2 to be known · 1 route lost, 3 gained” */
function besides({ warnings, routes }: PreflightView): string {
  const known = warnings.length === 0 ? [] : [`${warnings.length} to be known`];
  if (!routes) return [...known, 'routes not known'].join(' · ');
  const { lost, gained, changed } = routes;
  const counts = [
    ...(lost.length > 0 ? [`${lost.length} lost`] : []),
    ...(gained.length > 0 ? [`${gained.length} gained`] : []),
    ...(changed.length > 0 ? [`${changed.length} made otherwise`] : []),
  ];
  return [...known, counts.length === 0 ? 'all routes stay' : `routes: ${counts.join(', ')}`].join(' · ');
}
