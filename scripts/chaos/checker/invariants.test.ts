import { describe, expect, test } from 'vitest';
import type { History, Intent, ProviderRun } from './history';
import { checkAll, INVARIANTS } from './invariants';

const intent = (id: string, more: Partial<Intent> = {}): Intent => ({
  id: `dep_${id}`,
  number: 1,
  status: 'succeeded',
  providerId: 'acme',
  remoteId: `run-${id}`,
  requestedById: 'user_ana',
  needsApprovals: 0,
  approvalDigest: null,
  attention: null,
  freezeOverride: false,
  ...more,
});

const PATH = ['queued', 'submitting', 'building', 'verifying', 'succeeded'];

const run = (id: string, marker: string | null): ProviderRun => ({ id, provider: 'acme', marker });

/** Two deployments that went as they should. */
function good(): History {
  const ids = ['A', 'B'];
  const events = ids.flatMap((id) =>
    PATH.map((to, at) => ({
      id: 0,
      topic: 'deployment',
      kind: to === 'submitting' ? 'claim' : 'observe',
      deploymentId: `dep_${id}`,
      from: at === 0 ? null : (PATH[at - 1] ?? null),
      to,
    })),
  );
  return {
    runs: ids.map((id) => run(`run-${id}`, `aether-${id}-1`)),
    intents: ids.map((id) => intent(id)),
    attempts: ids.map((id) => ({ deploymentId: `dep_${id}`, number: 1, state: 'accepted', ageSeconds: 1 })),
    events,
    approvals: [],
    audit: ids.map((id) => ({ action: 'deployment.request.deploy', resourceId: `dep_${id}` })),
    auditChain: { whole: true, detail: 'whole' },
    acknowledged: ['d1'],
    inbox: ['d1', 'd2'],
    settleSeconds: 6,
  };
}

type Plant = (history: History) => History;
const event = (kind: string, more: Partial<History['events'][number]> = {}) => ({
  id: 0,
  topic: 'deployment',
  kind,
  deploymentId: null,
  from: null,
  to: null,
  ...more,
});
const withIntent = (history: History, more: Partial<Intent>) => ({
  ...history,
  intents: [intent('A', more), intent('B')],
});

/** What each invariant has to notice. */
const PLANTED: [keyof typeof INVARIANTS, string, Plant][] = [
  ['I1', 'a doubled run', (h) => ({ ...h, runs: [...h.runs, run('run-C', 'aether-A-2')] })],
  ['I1', 'a lost intent', (h) => ({ ...h, runs: h.runs.slice(1) })],
  ['I1', 'a run at another host', (h) => withIntent(h, { providerId: 'other' })],
  ['I1', 'another run on record', (h) => withIntent(h, { remoteId: 'run-X' })],
  ['I1', 'a superseded one that ran', (h) => withIntent(h, { status: 'superseded' })],
  ['I2', 'a run of nobody', (h) => ({ ...h, runs: [...h.runs, run('run-C', 'aether-C-1')] })],
  ['I2', 'a run without a marker', (h) => ({ ...h, runs: [...h.runs, run('run-C', null)] })],
  [
    'I3',
    'a step back',
    (h) => ({
      ...withIntent(h, { status: 'building' }),
      events: [...h.events, event('observe', { deploymentId: 'dep_A', from: 'succeeded', to: 'building' })],
    }),
  ],
  [
    'I3',
    'a gap in the chain',
    (h) => ({ ...h, events: h.events.filter((each) => !(each.deploymentId === 'dep_A' && each.to === 'building')) }),
  ],
  ['I3', 'a status that no event led to', (h) => withIntent(h, { status: 'failed' })],
  ['I4', 'a claim in a freeze', (h) => ({ ...h, events: [event('create', { topic: 'freeze' }), ...h.events] })],
  ['I5', 'no approval', (h) => withIntent(h, { needsApprovals: 1, approvalDigest: 'x' })],
  [
    'I5',
    'no approval, of a request that seemed never to have started and ran',
    (h) => ({
      ...withIntent(h, { needsApprovals: 1, approvalDigest: 'x' }),
      attempts: h.attempts.map((each) => ({ ...each, state: 'absent' })),
    }),
  ],
  [
    'I5',
    'the requester’s own approval',
    (h) => ({
      ...withIntent(h, { needsApprovals: 1, approvalDigest: 'x' }),
      approvals: [{ deploymentId: 'dep_A', userId: 'user_ana', decision: 'approve', digest: 'x', voided: false }],
    }),
  ],
  [
    'I5',
    'one person twice',
    (h) => ({
      ...withIntent(h, { needsApprovals: 2, approvalDigest: 'x' }),
      approvals: ['x', 'x'].map((digest) => ({
        deploymentId: 'dep_A',
        userId: 'user_bo',
        decision: 'approve',
        digest,
        voided: false,
      })),
    }),
  ],
  [
    'I5',
    'approval of other content',
    (h) => ({
      ...withIntent(h, { needsApprovals: 1, approvalDigest: 'x' }),
      approvals: [{ deploymentId: 'dep_A', userId: 'user_bo', decision: 'approve', digest: 'y', voided: false }],
    }),
  ],
  ['I6', 'a missing line', (h) => ({ ...h, audit: h.audit.slice(1) })],
  ['I6', 'a second line', (h) => ({ ...h, audit: [...h.audit, ...h.audit.slice(0, 1)] })],
  ['I6', 'a broken chain', (h) => ({ ...h, auditChain: { whole: false, detail: 'line 7' } })],
  ['I7', 'an acknowledged delivery that is gone', (h) => ({ ...h, acknowledged: ['d1', 'd9'] })],
  [
    'I8',
    'an unknown that nobody is shown',
    (h) => ({
      ...withIntent(h, { status: 'submitting' }),
      attempts: [{ deploymentId: 'dep_A', number: 1, state: 'unknown', ageSeconds: 37 }],
    }),
  ],
];

describe('the checker', () => {
  test('accepts a history without a violation', () => {
    expect(checkAll(good()).filter((verdict) => !verdict.passed)).toEqual([]);
  });

  test.each(PLANTED)('%s notices %s', (invariant, _, plant) => {
    expect(INVARIANTS[invariant](plant(good())).passed).toBe(false);
  });

  test('I4 lets pass what an administrator let through, and what came after the end', () => {
    const frozen = [event('create', { topic: 'freeze' }), ...good().events];
    const letThrough = good().intents.map((each) => ({ ...each, freezeOverride: true }));
    expect(INVARIANTS.I4({ ...good(), events: frozen, intents: letThrough }).passed).toBe(true);
    const ended = [event('create', { topic: 'freeze' }), event('end', { topic: 'freeze' }), ...good().events];
    expect(INVARIANTS.I4({ ...good(), events: ended }).passed).toBe(true);
  });

  test('I1 does not call lost what a person has been asked about', () => {
    const asked = withIntent(good(), { status: 'submitting', remoteId: null, attention: 'unknown_outcome' });
    expect(INVARIANTS.I1({ ...asked, runs: asked.runs.slice(1) }).passed).toBe(true);
  });

  test('I3 and I1 let back into the queue what had not started and was then called off', () => {
    const back = withIntent(good(), { status: 'cancelled', remoteId: null, needsApprovals: 1, approvalDigest: 'x' });
    const path = [null, 'queued', 'submitting', 'queued', 'cancelled'];
    const events = path
      .slice(1)
      .map((to, at) =>
        event(to === 'queued' && at > 0 ? 'requeue' : 'observe', { deploymentId: 'dep_A', from: path[at] ?? null, to }),
      );
    const history = {
      ...back,
      events: [...back.events.filter((each) => each.deploymentId !== 'dep_A'), ...events],
      runs: back.runs.slice(1),
      attempts: back.attempts.map((each) => (each.deploymentId === 'dep_A' ? { ...each, state: 'refused' } : each)),
    };
    for (const name of ['I1', 'I3', 'I5'] as const) expect(INVARIANTS[name](history).passed, name).toBe(true);
    const unasked = history.events.map((each) => (each.kind === 'requeue' ? { ...each, kind: 'observe' } : each));
    expect(INVARIANTS.I3({ ...history, events: unasked }).passed).toBe(false);
  });

  test('I5 does not ask again for a run that surfaced late: back in the queue, it was asked for anew', () => {
    const back = withIntent(good(), { status: 'cancelled', remoteId: null, needsApprovals: 2, approvalDigest: 'y' });
    const attempts = back.attempts.map((each) => ({ ...each, state: 'absent' }));
    const requeued = event('requeue', { deploymentId: 'dep_A', from: 'submitting', to: 'queued' });
    const events = back.events.filter((each) => each.deploymentId !== 'dep_A' || each.kind === 'claim');
    expect(INVARIANTS.I5({ ...back, attempts, events: [...events, requeued] }).passed).toBe(true);
    expect(INVARIANTS.I5({ ...back, attempts, events: [requeued, ...events] }).passed, 'claimed after it').toBe(false);
  });

  test('I5 counts two distinct people', () => {
    const approvals = ['user_bo', 'user_cy'].map((userId) => ({
      deploymentId: 'dep_A',
      userId,
      decision: 'approve',
      digest: 'x',
      voided: false,
    }));
    expect(INVARIANTS.I5({ ...withIntent(good(), { needsApprovals: 2, approvalDigest: 'x' }), approvals }).passed).toBe(
      true,
    );
  });
});
