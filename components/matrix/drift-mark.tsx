import { GitCompareArrows } from 'lucide-react';
import { ToneBadge } from '@/components/ui/tone';
import type { DriftView } from '@/lib/deployments/model/view';

/** What is live is not what was put there from here; the sentence on hover and for screen readers. */
export function DriftMark({ drift }: { drift: DriftView }) {
  const mark = (
    <ToneBadge tone="bad" plain icon={<GitCompareArrows aria-hidden className="size-3.5 shrink-0" />}>
      Drifted
      <span className="sr-only">: {drift.sentence}</span>
    </ToneBadge>
  );
  if (!drift.url) return <span title={drift.sentence}>{mark}</span>;
  return (
    <a
      href={drift.url}
      target="_blank"
      rel="noreferrer"
      title={drift.sentence}
      className="relative rounded-sm hover:underline"
    >
      {mark}
    </a>
  );
}
