import { ServiceError } from '@/lib/kernel/errors';
import { isTerminal, STATUS_VIEW } from '../model/status';
import type { DeploymentRow } from './rows';

/** Whether a person's word is still about what they saw; the caller holds the row's lock. */
export function isStillAsked(now: DeploymentRow | null, seen: DeploymentRow): now is DeploymentRow {
  return now?.version === seen.version && now.attention === 'unknown_outcome';
}

/**
 * Somebody, or the engine, was faster than a person's word about a run: it is not done, and they read what happened. `beside`:
 * the run that they named or that was found, which nobody follows although another request is on its way.
 */
export function settledMeanwhile(now: DeploymentRow | null, beside: string | null = null): ServiceError {
  const then = beside
    ? `Run ${beside} is not followed: cancel it at the provider if it still runs.`
    : 'Look at it again.';
  return new ServiceError('precondition', 'not_unknown', `${happened(now)} so this was not done. ${then}`);
}

function happened(now: DeploymentRow | null): string {
  if (!now) return 'It is gone,';
  if (isTerminal(now.status)) return `It has ended meanwhile (${STATUS_VIEW[now.status].label.toLowerCase()}),`;
  if (now.startedAt !== null && now.remoteId !== null)
    return `Run ${now.remoteId} was found meanwhile and is followed,`;
  if (now.status === 'queued' || now.status === 'awaiting_approval')
    return 'It was settled meanwhile and waits in the queue,';
  return 'It was settled meanwhile and is on its way,';
}
