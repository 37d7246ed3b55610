'use client';

import { sentenceOf } from '@/components/live/problem';
import { ToneBadge } from '@/components/ui/tone';
import type { RenderingMode } from '@/lib/rendering/model/mode';
import type { RenderingRow } from '@/lib/rendering/model/rendering-view';
import { usePreflight } from './use-preflight';

/** How many things keep it from the other mode, as it is live now. */
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
  if (count === 0)
    return (
      <ToneBadge tone="good" plain>
        nothing in the way
      </ToneBadge>
    );
  return (
    <ToneBadge tone="bad" plain>
      {count} in the way
    </ToneBadge>
  );
}
