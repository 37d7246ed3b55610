import 'server-only';
import type { events } from '@/lib/db/schema';
import { cancelLateRun, type DeploymentFacts, type May } from '../model/eligibility';
import type { DeploymentDetail } from '../model/view';

type Happened = Pick<typeof events.$inferSelect, 'kind' | 'at' | 'actorName' | 'data'>;

/** The last run that appeared after the end, as its timeline tells it. */
export function lateRunOf(
  timeline: readonly Happened[],
  facts: DeploymentFacts,
  may: May,
): DeploymentDetail['lateRun'] {
  const late = timeline.findLast((each) => each.kind === 'late_run');
  if (!late) return null;
  const runId = text(late.data.remoteId);
  const asked = timeline.find((each) => each.kind === 'late_run_cancelled' && each.data.remoteId === runId);
  const cancelledBy = asked?.actorName ?? null;
  return {
    runId,
    url: text(late.data.url) || null,
    sentence: text(late.data.sentence),
    at: late.at.toISOString(),
    cancelledBy,
    cancel: cancelLateRun(facts, may, cancelledBy),
  };
}

const text = (value: unknown) => (typeof value === 'string' ? value : '');
