import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { canRequestCancel, DEADLINE_MS, DEPLOYMENT_EVENTS, transition } from './machine';
import {
  ACTIVE_STATUSES,
  DEPLOYMENT_STATUSES,
  type DeploymentStatus,
  IN_FLIGHT_STATUSES,
  isTerminal,
  STATUS_VIEW,
  TERMINAL_STATUSES,
} from './status';

/** The whole machine, written out a second time: a change to one of the two must be meant. */
const EXPECTED: Record<string, string> = {
  'awaiting_approval approve': 'queued',
  'awaiting_approval reject': 'rejected',
  'awaiting_approval supersede': 'superseded',
  'awaiting_approval request_cancel': 'cancelled',
  'awaiting_approval deadline': 'timed_out',
  'queued claim': 'submitting',
  'queued require_approval': 'awaiting_approval',
  'queued supersede': 'superseded',
  'queued request_cancel': 'cancelled',
  'queued submit_refused': 'failed',
  'queued submit_errored': 'errored',
  'queued deadline': 'timed_out',
  'submitting observe_building': 'building',
  'submitting observe_deploying': 'deploying',
  'submitting observe_done': 'verifying',
  'submitting observe_failed': 'failed',
  'submitting observe_cancelled': 'cancelled',
  'submitting observe_timed_out': 'timed_out',
  'submitting requeue': 'queued',
  'submitting request_cancel': 'cancelling',
  'submitting submit_errored': 'errored',
  'submitting submit_refused': 'failed',
  'submitting abandon': 'errored',
  'submitting deadline': 'errored',
  'building observe_deploying': 'deploying',
  'building observe_done': 'verifying',
  'building observe_failed': 'failed',
  'building observe_cancelled': 'cancelled',
  'building observe_timed_out': 'timed_out',
  'building request_cancel': 'cancelling',
  'building abandon': 'errored',
  'building deadline': 'timed_out',
  'deploying observe_done': 'verifying',
  'deploying observe_failed': 'failed',
  'deploying observe_cancelled': 'cancelled',
  'deploying observe_timed_out': 'timed_out',
  'deploying request_cancel': 'cancelling',
  'deploying abandon': 'errored',
  'deploying deadline': 'timed_out',
  'verifying health_confirmed': 'succeeded',
  'verifying health_refused': 'failed',
  'verifying stop_waiting': 'failed',
  'building stop_waiting': 'timed_out',
  'deploying stop_waiting': 'timed_out',
  'cancelling stop_waiting': 'timed_out',
  'verifying observe_failed': 'failed',
  'verifying abandon': 'errored',
  'verifying deadline': 'timed_out',
  'cancelling observe_done': 'verifying',
  'cancelling observe_failed': 'failed',
  'cancelling observe_cancelled': 'cancelled',
  'cancelling observe_timed_out': 'timed_out',
  'cancelling submit_errored': 'errored',
  'cancelling submit_refused': 'cancelled',
  'cancelling abandon': 'errored',
  'cancelling deadline': 'timed_out',
};

describe('the state machine', () => {
  test('decides every state × event exactly as written here', () => {
    const actual: Record<string, string> = {};
    for (const from of DEPLOYMENT_STATUSES) {
      for (const event of DEPLOYMENT_EVENTS) {
        const to = transition(from, event);
        if (to) actual[`${from} ${event}`] = to;
      }
    }
    expect(actual).toEqual(EXPECTED);
  });

  test('puts every status in exactly one of active and terminal', () => {
    expect(new Set(DEPLOYMENT_STATUSES).size).toBe(ACTIVE_STATUSES.length + TERMINAL_STATUSES.length);
    expect(Object.keys(STATUS_VIEW).sort()).toEqual([...DEPLOYMENT_STATUSES].sort());
    expect(Object.keys(DEADLINE_MS).sort()).toEqual([...ACTIVE_STATUSES].sort());
  });

  test('lets no event out of a terminal status', () => {
    fc.assert(
      fc.property(fc.constantFrom(...TERMINAL_STATUSES), fc.constantFrom(...DEPLOYMENT_EVENTS), (status, event) => {
        expect(transition(status, event)).toBeNull();
      }),
    );
  });

  test('gives every active status a way out by deadline, and every status a way in', () => {
    for (const status of ACTIVE_STATUSES) expect(transition(status, 'deadline'), status).not.toBeNull();
    const entered = new Set(Object.values(EXPECTED));
    for (const status of DEPLOYMENT_STATUSES) expect(entered.has(status), status).toBe(true);
  });

  test('never moves a run backwards, whatever order observations come in', () => {
    const rank: Partial<Record<DeploymentStatus, number>> = { submitting: 0, building: 1, deploying: 2, verifying: 3 };
    const observed = DEPLOYMENT_EVENTS.filter((event) => event.startsWith('observe_') || event === 'health_confirmed');
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...observed), { maxLength: 30 }), (history) => {
        let status: DeploymentStatus = 'submitting';
        for (const event of history) {
          const next = transition(status, event);
          if (!next) continue;
          expect(isTerminal(status)).toBe(false);
          if (rank[next] !== undefined) expect(rank[next]).toBeGreaterThan(rank[status] ?? -1);
          status = next;
        }
      }),
      { numRuns: 2000 },
    );
  });

  test('offers cancel exactly where the machine has it', () => {
    expect(DEPLOYMENT_STATUSES.filter(canRequestCancel)).toEqual([
      'awaiting_approval',
      'queued',
      'submitting',
      'building',
      'deploying',
    ]);
    expect(IN_FLIGHT_STATUSES.every((status) => !isTerminal(status))).toBe(true);
  });
});
