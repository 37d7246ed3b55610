/** What can be told, with the words of the form. Names are stable: receivers depend on them. */
export const EVENTS = {
  'deployment.requested': 'Somebody asks for a deployment',
  'deployment.awaiting_approval': 'A deployment waits for approval',
  'deployment.approved': 'A deployment is approved',
  'deployment.rejected': 'A deployment is rejected',
  'deployment.started': 'A deployment is sent to the provider',
  'deployment.succeeded': 'A deployment is live and verified',
  'deployment.worse': 'What is live is found worse than before',
  'deployment.not_rolled_back': 'A policy asks to go back by itself, and a person has to press',
  'deployment.rolled_back': 'A roll-back is live and verified',
  'deployment.failed': 'A deployment failed, stopped with an error or ran out of time',
  'deployment.cancelled': 'A deployment is cancelled',
  'deployment.superseded': 'A deployment is superseded: something else took its place before it was sent',
  'deployment.needs_person': 'Nobody but a person can tell what became of a deployment',
  'lock.created': 'Something is locked, or a roll-back holds it',
  'lock.lifted': 'A lock or the hold of a roll-back is lifted',
  'freeze.planned': 'A freeze is planned',
  'freeze.changed': 'A freeze is changed',
  'freeze.begins': 'A freeze begins',
  'freeze.ended': 'A freeze is ended',
  'freeze.overridden': 'An administrator lets a deployment through a freeze',
  'drift.found': 'What is live is not what was put there',
  'drift.cleared': 'What is live is again what was put there',
  'policy.changed': 'What an environment asks for is changed',
  'connection.failing': 'A connection does not work',
  'connection.changed': 'A connection is changed',
  'member.changed': 'People or their roles are changed',
  'audit.broken': 'The audit log does not fit its chain, or is not signed because of its anchor',
} as const;

export type EventName = keyof typeof EVENTS;
export const EVENT_NAMES = Object.keys(EVENTS) as EventName[];

/** Not in the list that people choose from: only a test sends it. */
export const TEST_EVENT = 'subscription.test';

/** A row of the event feed, as far as its name depends on it. */
export interface RawEvent {
  topic: string;
  kind: string;
  fromStatus: string | null;
  toStatus: string | null;
  deploymentKind: string | null;
  connectionState: string | null;
  /** Its deployment was claimed before: it came back to the queue, and that it started has been told. */
  again: boolean;
  /** The word of a verdict that is news, or what became of going back by itself. */
  outcome: string | null;
}

const BY_STATUS: Record<string, EventName> = {
  awaiting_approval: 'deployment.awaiting_approval',
  rejected: 'deployment.rejected',
  submitting: 'deployment.started',
  failed: 'deployment.failed',
  errored: 'deployment.failed',
  timed_out: 'deployment.failed',
  cancelled: 'deployment.cancelled',
  superseded: 'deployment.superseded',
};

/** What a row of the feed is called outside; null for what is told to nobody. Total: an unknown kind is null or its topic's. */
export function eventName(row: RawEvent): EventName | null {
  switch (row.topic) {
    case 'deployment':
      return deploymentEvent(row);
    case 'pin':
      return /lift|expire|drop/.test(row.kind) ? 'lock.lifted' : 'lock.created';
    case 'freeze':
      return freezeEvent(row.kind);
    case 'policy':
      return 'policy.changed';
    case 'target':
      return row.kind.includes('drift') ? driftEvent(row.kind) : null;
    case 'member':
      return 'member.changed';
    case 'connection':
      return connectionEvent(row);
    default:
      return row.kind === 'audit.broken' ? 'audit.broken' : null;
  }
}

const NEEDS_PERSON: readonly string[] = ['needs_person', 'second_run', 'second_run_ended', 'late_run'];

function deploymentEvent(row: RawEvent): EventName | null {
  if (row.kind.includes('drift')) return driftEvent(row.kind);
  if (NEEDS_PERSON.includes(row.kind)) return 'deployment.needs_person';
  if (row.kind === 'freeze_overridden') return 'freeze.overridden';
  if (row.toStatus === null || row.toStatus === row.fromStatus) return healthEvent(row);
  if (row.toStatus === 'succeeded') {
    return row.deploymentKind === 'rollback' ? 'deployment.rolled_back' : 'deployment.succeeded';
  }
  if (row.toStatus === 'submitting' && row.again) return null;
  if (row.kind === 'approve') return 'deployment.approved';
  if (row.kind === 'requested' && row.toStatus !== 'awaiting_approval') return 'deployment.requested';
  return BY_STATUS[row.toStatus] ?? null;
}

function healthEvent({ kind, outcome }: RawEvent): EventName | null {
  if (kind === 'verdict' && outcome === 'worse') return 'deployment.worse';
  return kind === 'roll_back_by_policy' && outcome === 'refused' ? 'deployment.not_rolled_back' : null;
}

function freezeEvent(kind: string): EventName {
  if (/overrid/.test(kind)) return 'freeze.overridden';
  if (/end/.test(kind)) return 'freeze.ended';
  if (/update|change/.test(kind)) return 'freeze.changed';
  return /begin|began|start/.test(kind) ? 'freeze.begins' : 'freeze.planned';
}

function driftEvent(kind: string): EventName {
  return /clear|gone|over|end/.test(kind) ? 'drift.cleared' : 'drift.found';
}

function connectionEvent({ kind, connectionState }: RawEvent): EventName | null {
  if (/verify|checked|failing|refused|works/.test(kind))
    return connectionState === 'failing' ? 'connection.failing' : null;
  return 'connection.changed';
}
