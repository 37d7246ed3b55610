import { type DeploymentStatus, isTerminal } from './status';

export const DEPLOYMENT_EVENTS = [
  'approve',
  'require_approval',
  'reject',
  'supersede',
  'claim',
  'requeue',
  'submit_errored',
  'submit_refused',
  'observe_building',
  'observe_deploying',
  'observe_done',
  'observe_failed',
  'observe_cancelled',
  'observe_timed_out',
  'health_confirmed',
  'health_refused',
  'stop_waiting',
  'request_cancel',
  'abandon',
  'deadline',
] as const;

export type DeploymentEvent = (typeof DEPLOYMENT_EVENTS)[number];

type Row = Partial<Record<DeploymentEvent, DeploymentStatus>>;

const observed: Row = {
  observe_done: 'verifying',
  observe_failed: 'failed',
  observe_cancelled: 'cancelled',
  observe_timed_out: 'timed_out',
  deadline: 'timed_out',
  abandon: 'errored',
};

/** Observations only move forward; what is missing from a row is recorded and not applied. */
const TABLE: Record<DeploymentStatus, Row> = {
  awaiting_approval: {
    approve: 'queued',
    reject: 'rejected',
    supersede: 'superseded',
    request_cancel: 'cancelled',
    deadline: 'timed_out',
  },
  queued: {
    claim: 'submitting',
    require_approval: 'awaiting_approval',
    supersede: 'superseded',
    request_cancel: 'cancelled',
    deadline: 'timed_out',
    submit_refused: 'failed',
    submit_errored: 'errored',
  },
  submitting: {
    ...observed,
    observe_building: 'building',
    observe_deploying: 'deploying',
    // Proven not to have started, and a gate has closed since: everything is asked again.
    requeue: 'queued',
    request_cancel: 'cancelling',
    submit_errored: 'errored',
    submit_refused: 'failed',
    deadline: 'errored',
  },
  // Where nothing can stop it, a person leaves what runs overlong to itself; it is followed no further.
  building: {
    ...observed,
    observe_deploying: 'deploying',
    request_cancel: 'cancelling',
    stop_waiting: 'timed_out',
  },
  deploying: { ...observed, request_cancel: 'cancelling', stop_waiting: 'timed_out' },
  verifying: {
    health_confirmed: 'succeeded',
    health_refused: 'failed',
    // A person does not wait for the proof any more; the provider hears nothing of it.
    stop_waiting: 'failed',
    observe_failed: 'failed',
    deadline: 'timed_out',
    abandon: 'errored',
  },
  // The vendor may finish first: a run that is done is verified like any other.
  cancelling: {
    ...observed,
    submit_errored: 'errored',
    submit_refused: 'cancelled',
    // Of a run that goes on overlong although it was asked to stop.
    stop_waiting: 'timed_out',
  },
  succeeded: {},
  failed: {},
  errored: {},
  timed_out: {},
  cancelled: {},
  superseded: {},
  rejected: {},
};

/** The only place that decides. Null means: this event does not move this status (late, duplicate, or not allowed). */
export function transition(from: DeploymentStatus, event: DeploymentEvent): DeploymentStatus | null {
  return TABLE[from][event] ?? null;
}

export function canRequestCancel(status: DeploymentStatus): boolean {
  return !isTerminal(status) && TABLE[status].request_cancel !== undefined;
}

/** How long a status may last before the `deadline` event, in milliseconds, while the provider says nothing of it. */
export const DEADLINE_MS = {
  awaiting_approval: 30 * 24 * 3600_000,
  queued: 24 * 3600_000,
  submitting: 24 * 3600_000,
  building: 2 * 3600_000,
  deploying: 3600_000,
  verifying: 15 * 60_000,
  cancelling: 30 * 60_000,
} as const satisfies Partial<Record<DeploymentStatus, number>>;
