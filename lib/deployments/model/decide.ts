import type { Observation, Phase } from '../../providers/port';
import { type DeploymentEvent, transition } from './machine';
import { type DeploymentStatus, isTerminal } from './status';

/** What the engine follows: one attempt of one run. */
export interface Followed {
  status: DeploymentStatus;
  remoteId: string | null;
  remoteAttempt: number;
}

export type Decision =
  /** It has ended, or this is about another run: nothing is written. */
  | { kind: 'ignore' }
  /** About an attempt before the one that is followed; it tells nothing about this one. */
  | { kind: 'older' }
  /** True, and no news for the status: facts are written down. */
  | { kind: 'note' }
  | { kind: 'move'; event: DeploymentEvent; to: DeploymentStatus };

const EVENT_OF: Record<Phase, DeploymentEvent | null> = {
  queued: null,
  waiting: null,
  building: 'observe_building',
  deploying: 'observe_deploying',
  done: 'observe_done',
  failed: 'observe_failed',
  cancelled: 'observe_cancelled',
  timed_out: 'observe_timed_out',
  unrecognised: null,
};

/**
 * What one observation does, whenever and however often it arrives. Pure: lost, doubled, reordered and late observations
 * end in the same state, because only later phases move it and an end is final.
 */
export function decide(
  row: Followed,
  seen: Pick<Observation, 'phase'> & { ref: { id: string; attempt: number } },
): Decision {
  if (isTerminal(row.status) || row.remoteId !== seen.ref.id) return { kind: 'ignore' };
  if (seen.ref.attempt < row.remoteAttempt) return { kind: 'older' };
  const event = EVENT_OF[seen.phase];
  const to = event ? transition(row.status, event) : null;
  return event && to ? { kind: 'move', event, to } : { kind: 'note' };
}
