import { sentenceOf } from '@/components/live/problem';
import { ToneBadge } from '@/components/ui/tone';
import type { PreflightCount } from '@/lib/rendering/model/preflight-view';

export interface Counted {
  /** Null while it is being looked at. */
  counts: readonly PreflightCount[] | null;
  error: Error | null;
}

/** What keeps it from the other mode as it is live now, what should be known, and which routes come and go. */
export function BlockerCount({
  targetId,
  mode,
  counted,
}: Pick<PreflightCount, 'targetId' | 'mode'> & { counted: Counted }) {
  const { counts, error } = counted;
  const found = counts?.find((each) => each.targetId === targetId && each.mode === mode);
  if (found) return <Found found={found} />;
  // Also what came into the list after the others were looked at.
  if (error || counts)
    return (
      <ToneBadge tone="warn" plain>
        not looked at{error ? <span className="sr-only">: {sentenceOf(error)}</span> : null}
      </ToneBadge>
    );
  return (
    <ToneBadge tone="busy" plain>
      looking
    </ToneBadge>
  );
}

function Found({ found }: { found: PreflightCount }) {
  const { blockers } = found;
  return (
    <span className="grid justify-items-start gap-0.5">
      <ToneBadge tone={blockers === 0 ? 'good' : 'bad'} plain>
        {blockers === 0 ? 'nothing in the way' : `${blockers} in the way`}
      </ToneBadge>
      <span className="text-xs text-ink-faint">{besides(found)}</span>
    </span>
  );
}

/** “2 to be known · 1 route lost, 3 gained” */
function besides({ warnings, routes }: PreflightCount): string {
  const known = warnings === 0 ? [] : [`${warnings} to be known`];
  if (!routes) return [...known, 'routes not known'].join(' · ');
  const { lost, gained, changed } = routes;
  const counts = [
    ...(lost > 0 ? [`${lost} lost`] : []),
    ...(gained > 0 ? [`${gained} gained`] : []),
    ...(changed > 0 ? [`${changed} made otherwise`] : []),
  ];
  return [...known, counts.length === 0 ? 'all routes stay' : `routes: ${counts.join(', ')}`].join(' · ');
}
