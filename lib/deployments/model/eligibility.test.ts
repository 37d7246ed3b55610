import { describe, expect, it } from 'vitest';
import { policyOf } from '@/lib/gates/model/policy';
import { type DeploymentFacts, deployGate, eligibility, type GateFacts, type May } from './eligibility';
import { DEPLOYMENT_STATUSES, type DeploymentStatus, isTerminal } from './status';

const gate: GateFacts = {
  environmentName: 'Production',
  mayRequest: true,
  connection: { name: 'CI', state: 'ok', hasCredential: true },
  pins: [],
  canDeploy: true,
  providerLabel: 'Fake CI',
};
const all: May = {
  cancel: true,
  retry: true,
  request: true,
  rollBack: true,
  resolve: true,
  approve: true,
  overrideFreeze: true,
};
const nothing: May = {
  cancel: false,
  retry: false,
  request: false,
  rollBack: false,
  resolve: false,
  approve: false,
  overrideFreeze: false,
};

function facts(status: DeploymentStatus, over: Partial<DeploymentFacts> = {}): DeploymentFacts {
  return {
    ...gate,
    status,
    attention: null,
    hasRun: true,
    isCurrent: false,
    goesBack: false,
    isRequester: false,
    hasApproved: false,
    cancelRequestedBy: null,
    otherInFlight: null,
    newerLive: null,
    capabilities: { cancel: true, retry: true },
    ...over,
  };
}

const pin = (kind: 'lock' | 'freeze' | 'rollback') => ({
  kind,
  by: 'Grace',
  reason: 'Audit week',
  until: null,
});

/** The statuses in which a control is on, everything else being in favour. */
function statusesOf(
  control: keyof ReturnType<typeof eligibility>,
  over: Partial<DeploymentFacts> = {},
): DeploymentStatus[] {
  return DEPLOYMENT_STATUSES.filter((status) => eligibility(facts(status, over), all)[control].allowed);
}

describe('eligibility', () => {
  it('has one row per control', () => {
    expect(statusesOf('cancel')).toEqual(['awaiting_approval', 'queued', 'submitting', 'building', 'deploying']);
    expect(statusesOf('stopWaiting')).toEqual(['verifying']);
    expect(statusesOf('retry')).toEqual(['failed', 'errored', 'timed_out', 'cancelled']);
    expect(statusesOf('redeploy')).toEqual(DEPLOYMENT_STATUSES.filter(isTerminal));
    expect(statusesOf('rollBack')).toEqual(['succeeded']);
    expect(statusesOf('resolve')).toEqual([]);
    expect(statusesOf('resolve', { attention: 'unknown_outcome' })).toEqual([...DEPLOYMENT_STATUSES]);
    expect(statusesOf('approve')).toEqual(['awaiting_approval']);
    expect(statusesOf('reject')).toEqual(['awaiting_approval']);
    expect(statusesOf('overrideFreeze')).toEqual([]);
    expect(statusesOf('overrideFreeze', { pins: [pin('freeze')] })).toEqual(['awaiting_approval', 'queued']);
  });

  it('gives every refusal a code and a sentence, in every status', () => {
    for (const status of DEPLOYMENT_STATUSES) {
      for (const check of Object.values(eligibility(facts(status), nothing))) {
        expect(check.allowed).toBe(false);
        expect(check.refusal?.code).toMatch(/^[a-z_]+$/);
        expect(check.refusal?.sentence).toMatch(/^[A-Z].*\.$/);
      }
    }
  });

  it('says who can lift a refusal for want of a role', () => {
    expect(eligibility(facts('building'), nothing).cancel.refusal?.sentence).toContain('administrator');
  });

  it('cancels a waiting one even where the provider cannot cancel', () => {
    const capabilities = { cancel: false, retry: true };
    expect(statusesOf('cancel', { capabilities })).toEqual(['awaiting_approval', 'queued']);
  });

  it('never retries without a run, on a busy target, or over something newer', () => {
    const code = (over: Partial<DeploymentFacts>) => eligibility(facts('failed', over), all).retry.refusal?.code;
    expect(code({ hasRun: false })).toBe('no_run');
    expect(code({ otherInFlight: 12 })).toBe('target_busy');
    expect(code({ newerLive: 13 })).toBe('newer_is_live');
    expect(code({ capabilities: { cancel: true, retry: false } })).toBe('unsupported');
    expect(code({})).toBeUndefined();
  });

  it('does not roll back to what is live, nor through a lock, but through its own hold', () => {
    const code = (over: Partial<DeploymentFacts>) => eligibility(facts('succeeded', over), all).rollBack.refusal?.code;
    expect(code({ isCurrent: true })).toBe('is_current');
    const doubts: DeploymentFacts['doubt'][] = [
      { by: 'host', label: 'Fake host' },
      { by: 'drift', sentence: 'It says another commit.' },
      { by: 'sent', number: 13, status: 'failed', reached: false, drift: null },
    ];
    for (const doubt of doubts) expect(code({ isCurrent: true, doubt }), doubt?.by).toBeUndefined();
    expect(code({ isCurrent: true, doubt: doubts[0], pins: [pin('lock')] })).toBe('pinned_lock');
    expect(code({ pins: [pin('lock')] })).toBe('pinned_lock');
    expect(code({ pins: [pin('rollback')] })).toBeUndefined();
  });
});

describe('from what is live to another one', () => {
  const code = (over: Partial<DeploymentFacts>, may = all) =>
    eligibility(facts('succeeded', { isCurrent: true, ...over }), may).rollBackFrom.refusal?.code;

  it('is closed by what keeps every roll-back there from going', () => {
    expect(code({}, nothing)).toBe('forbidden');
    expect(code({ connection: { ...gate.connection, state: 'failing' } })).toBe('connection_failing');
    expect(code({ pins: [pin('lock')] })).toBe('pinned_lock');
  });

  it('is not closed by what only a deployment of it meets, nor by what its own page asks', () => {
    const policy = policyOf({ checklist: ['Backup'], afterEnvironmentId: 'env_1', checks: 'not_failing' });
    const order = { environment: 'Staging', proof: null };
    for (const over of [{ policy, order, ticked: [], checks: 'failure' as const }, { pins: [pin('freeze')] }]) {
      expect(eligibility(facts('succeeded', { isCurrent: true, ...over }), all).redeploy.allowed).toBe(false);
      expect(code(over)).toBeUndefined();
    }
    expect(code({ pins: [pin('rollback')] })).toBeUndefined();
  });
});

describe('a decision', () => {
  const waiting = (over: Partial<DeploymentFacts>) => eligibility(facts('awaiting_approval', over), all);

  it('is never the requester’s own, and nobody’s twice', () => {
    expect(waiting({ isRequester: true }).approve.refusal?.code).toBe('own_request');
    expect(waiting({ isRequester: true }).reject.refusal?.code).toBe('own_request');
    expect(waiting({ hasApproved: true }).approve.refusal?.code).toBe('already_approved');
    expect(waiting({ hasApproved: true }).reject.allowed).toBe(true);
  });

  it('lets through a freeze once, and no lock', () => {
    expect(waiting({ pins: [pin('lock')] }).overrideFreeze.refusal?.code).toBe('not_frozen');
    const overridden = {
      pins: [pin('freeze')],
      freezeOverride: { by: 'Ada', reason: 'Outage', at: '2026-06-01T11:00:00Z' },
    };
    expect(waiting(overridden).overrideFreeze.refusal?.code).toBe('already_overridden');
  });
});

describe('the gate of a target', () => {
  it.each([
    ['forbidden', { mayRequest: false }],
    ['no_credential', { connection: { name: 'CI', state: 'ok', hasCredential: false } }],
    [
      'connection_failing',
      { connection: { name: 'CI', state: 'failing', hasCredential: true, problem: 'The token has expired.' } },
    ],
    ['unsupported', { canDeploy: false }],
    ['pinned_lock', { pins: [pin('lock')] }],
    ['pinned_freeze', { pins: [pin('freeze')] }],
    ['pinned_rollback', { pins: [pin('rollback')] }],
  ] as [string, Partial<GateFacts>][])('refuses with %s', (code, over) => {
    expect(deployGate({ ...gate, ...over }).refusal?.code).toBe(code);
  });

  it('is open while something is on its way, and while nothing was checked', () => {
    expect(deployGate(gate).allowed).toBe(true);
    const unchecked = { name: 'CI', state: 'unchecked', hasCredential: true } as const;
    expect(deployGate({ ...gate, connection: unchecked, canDeploy: null }).allowed).toBe(true);
  });

  it('says until when a hold lasts', () => {
    const held = deployGate({ ...gate, pins: [{ ...pin('freeze'), until: '2026-12-01T08:30:00.000Z' }] });
    expect(held.refusal?.sentence).toBe(
      'Frozen by Grace: Audit week. It ends by itself at 2026-12-01 08:30 UTC. Grace or an administrator can end it; an administrator can let one deployment through with a reason.',
    );
  });
});
