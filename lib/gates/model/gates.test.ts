import { describe, expect, it } from 'vitest';
import type { CheckState, UnpassedCheck } from '@/lib/providers/port';
import type { GateFacts } from './facts';
import { GATE_KINDS, type GateKind } from './gate';
import { firstClosed, firstHolding, gates } from './gates';
import { type Policy, policyOf } from './policy';

const NOW = Date.parse('2026-06-01T12:00:00Z');
const NEW = 'a'.repeat(40);
const LIVE = 'b'.repeat(40);

/** A request that passes everything that can be asked. */
const facts = (over: Partial<GateFacts> = {}): GateFacts => ({
  environmentName: 'Production',
  mayRequest: true,
  kind: 'deploy',
  sha: NEW,
  connection: { name: 'CI', state: 'ok', hasCredential: true },
  canDeploy: true,
  preflight: { connection: 'CI', provider: 'Fake CI', expiresAt: null, usualMs: null, lacks: null, quota: null },
  providerLabel: 'Fake CI',
  pins: [],
  freezeOverride: null,
  live: { number: 12, sha: LIVE, chosenIs: 'newer' },
  checks: 'success',
  policy: policyOf({
    approvals: 2,
    checks: 'success',
    afterEnvironmentId: 'env_staging',
    soakMinutes: 60,
    checklist: ['Backup taken', 'Team told'],
  }),
  order: { environment: 'Staging', proof: { number: 9, since: '2026-06-01T10:00:00Z' } },
  ticked: ['Backup taken', 'Team told'],
  approvals: { given: 2 },
  now: NOW,
  ...over,
});
const held = (kind: 'lock' | 'freeze' | 'rollback', more = {}) => ({
  kind,
  by: 'Grace',
  reason: 'Audit week',
  until: null,
  ...more,
});
const of = (kind: GateKind, over: Partial<GateFacts>) => gates(facts(over)).find((view) => view.kind === kind);

describe('gates', () => {
  it('are all open in their order when nothing is in the way', () => {
    const views = gates(facts({ kind: 'promote', baked: { from: 'Staging', state: 'same', names: [] } }));
    expect(views.map((view) => view.kind)).toEqual(GATE_KINDS);
    expect(views.every((view) => view.state === 'open')).toBe(true);
    expect(firstClosed(views)).toBeNull();
    expect(firstHolding(views)).toBeNull();
  });

  it('ask for no new credential where its kind ended for everybody', () => {
    const wayOut = 'Publish by a workflow instead.';
    const of = { connection: 'CI', provider: 'Fake CI', usualMs: null, lacks: null, quota: null, wayOut };
    const failing = { name: 'CI', state: 'failing', hasCredential: true, problem: 'It was refused.' } as const;
    const said = (expiresAt: number) =>
      firstClosed(gates(facts({ connection: failing, preflight: { ...of, expiresAt } })))?.sentence;
    expect(said(NOW)).toBe('The connection “CI” does not work. It was refused. Publish by a workflow instead.');
    expect(said(NOW + 1)).toMatch(/An administrator can repair it under Connections\.$/);
  });

  it('name the checks that an environment asks for', () => {
    const said = (checks: CheckState, policy: Partial<Policy>) => {
      const view = of('checks', { checks, policy: policyOf({ requiredChecks: ['unit', 'e2e'], ...policy }) });
      return `${view?.state}: ${view?.sentence}`;
    };
    const all = { checks: 'success' } as const;
    expect(said('none', all)).toMatch(
      /^closed: A check .* is missing on this commit, was skipped, came out neutral or cannot be read \(it asks for unit, e2e\)\. .*correct the names/,
    );
    expect(said('failure', all)).toMatch(/^closed: Checks failed .* \(it asks for unit, e2e\)\./);
    expect(said('pending', all)).toMatch(/^closed: .* \(it asks for unit, e2e\)\. Wait/);
    expect(said('success', all)).toBe('open: The checks of this commit passed that Production asks for (unit, e2e).');
  });

  it('name those that hold it, each with how it stands, and only those', () => {
    const said = (checks: CheckState, unpassed: UnpassedCheck[], over: Partial<Policy> = {}) => {
      const policy = policyOf({ requiredChecks: ['unit', 'e2e', 'lint'], checks: 'success', ...over });
      return of('checks', { checks, unpassed, policy })?.sentence;
    };
    const [running, missing] = [
      { name: 'e2e', stands: 'running' },
      { name: 'lint', stands: 'missing' },
    ] as const;
    const failed = { name: 'unit', stands: 'failed' } as const;
    expect(said('failure', [running, failed])).toBe(
      'Checks failed on this commit, and Production does not take it so: unit failed; e2e has not finished. Choose another commit, or mend it.',
    );
    expect(said('failure', [running, failed], { checks: 'not_failing' })).toContain('so: unit failed. Choose');
    expect(said('pending', [running, missing])).toContain(
      'asks that they pass: e2e has not finished; lint is missing on this commit. Wait',
    );
    expect(said('none', [missing])).toBe(
      'A check that has to pass for Production has not passed: lint is missing on this commit. Choose a commit that was checked, or correct the names in the policy.',
    );
    expect(said('none', [{ name: 'unit', stands: 'unread' }])).toMatch(
      /: unit cannot be read\. Give the credential of the connection the right to read it\.$/,
    );
    expect(said('pending', [running], { checks: 'not_failing' })).toMatch(/\. e2e has not finished\.$/);
  });

  it('say of the named ones alone that none failed', () => {
    const policy = policyOf({ requiredChecks: ['unit', 'e2e'], checks: 'not_failing' });
    const said = (state: CheckState) => of('checks', { checks: state, policy })?.sentence;
    const none = 'None of the checks failed that Production asks for (unit, e2e).';
    expect(said('pending')).toBe(`${none} Not all of them have finished.`);
    expect(said('none')).toBe(
      `${none} One is missing on this commit, was skipped, came out neutral or cannot be read.`,
    );
    const unnamed = { checks: 'none', policy: policyOf({ checks: 'not_failing' }) } as const;
    expect(of('checks', unnamed)?.sentence).toBe('No check of this commit failed.');
  });

  it.each([
    ['permission', 'closed', 'forbidden', { mayRequest: false }],
    ['connection', 'closed', 'no_credential', { connection: { name: 'CI', state: 'ok', hasCredential: false } }],
    ['connection', 'closed', 'unsupported', { canDeploy: false }],
    ['lock', 'closed', 'pinned_lock', { pins: [held('lock')] }],
    ['freeze', 'closed', 'pinned_freeze', { pins: [held('freeze')] }],
    [
      'freeze',
      'open',
      'freeze_overridden',
      { pins: [held('freeze')], freezeOverride: { by: 'Ada', reason: 'Outage.', at: '2026-06-01T11:00:00Z' } },
    ],
    ['pin', 'closed', 'pinned_rollback', { pins: [held('rollback')] }],
    ['age', 'closed', 'older_than_live', { live: { number: 12, sha: LIVE, chosenIs: 'older' } }],
    ['age', 'open', 'not_older', { live: { number: 12, sha: LIVE, chosenIs: 'apart' } }],
    ['checks', 'closed', 'checks_failed', { checks: 'failure' }],
    ['checks', 'closed', 'checks_pending', { checks: 'pending' }],
    ['checks', 'closed', 'checks_missing', { checks: 'none' }],
    ['checks', 'open', 'checks_not_failing', { checks: 'pending', policy: policyOf({ checks: 'not_failing' }) }],
    ['checks', 'closed', 'checks_failed', { checks: 'failure', policy: policyOf({ checks: 'not_failing' }) }],
    ['order', 'closed', 'order_unmet', { order: { environment: 'Staging', proof: null } }],
    ['soak', 'waiting', 'soaking', { now: Date.parse('2026-06-01T10:59:59Z') }],
    ['soak', 'open', 'soaked', { now: Date.parse('2026-06-01T11:00:00Z') }],
    ['checklist', 'closed', 'checklist_open', { ticked: ['Backup taken', 'team told'] }],
    ['checklist', 'waiting', 'checklist_open', { ticked: null }],
    ['approval', 'waiting', 'approval_needed', { approvals: { given: 1 } }],
  ] as [GateKind, string, string, Partial<GateFacts>][])('%s can be %s: %s', (kind, state, code, over) => {
    const view = of(kind, over);
    expect(view).toMatchObject({ state, code });
    expect(view?.sentence).toMatch(/^\S.*\.$/);
    const closed = firstClosed(gates(facts(over)));
    expect(closed).toEqual(state === 'closed' ? { code, sentence: view?.sentence } : null);
  });

  it('say when they open by themselves, and which one can be overridden', () => {
    const until = '2026-06-02T06:00:00.000Z';
    expect(of('freeze', { pins: [held('freeze', { until })] })).toMatchObject({ until, overridable: true });
    expect(of('lock', { pins: [held('lock', { until })] })).toMatchObject({ until, overridable: false });
    expect(of('soak', { now: NOW - 3_600_001 })?.until).toBe('2026-06-01T11:00:00.000Z');
  });

  it('hold a roll-back only by lock, freeze, checklist and approval', () => {
    const views = gates(
      facts({
        kind: 'rollback',
        live: { number: 12, sha: LIVE, chosenIs: 'older' },
        order: { environment: 'Staging', proof: null },
        pins: [held('rollback')],
        checks: 'failure',
      }),
    );
    expect(firstClosed(views)).toBeNull();
    const passed = ['age', 'checks', 'order', 'soak'];
    expect(views.filter(({ kind }) => passed.includes(kind))).toEqual([]);
    expect(of('lock', { kind: 'rollback', pins: [held('lock')] })?.state).toBe('closed');
    expect(of('freeze', { kind: 'rollback', pins: [held('freeze')] })?.state).toBe('closed');
  });

  it.each(['failure', 'pending', 'none'] as const)('ask no checks of a re-run of failed jobs: %s', (checks) => {
    expect(of('checks', { kind: 'retry', checks })).toBeUndefined();
    expect(of('checks', { kind: 'promote', checks })?.state).toBe('closed');
  });

  it('let through by an override hold again by a freeze that began after it', () => {
    const freezeOverride = { by: 'Ada', reason: 'Outage', at: '2026-06-01T11:00:00Z' };
    const pins = [held('freeze', { since: '2026-06-01T10:00:00Z' }), held('freeze', { since: '2026-06-01T11:00:01Z' })];
    expect(of('freeze', { freezeOverride, pins })?.state).toBe('closed');
    expect(of('freeze', { freezeOverride, pins: pins.slice(0, 1) })?.state).toBe('open');
  });

  it('let a re-run past a roll-back’s hold only with the commit that is held', () => {
    expect(of('pin', { kind: 'retry', pins: [held('rollback', { sha: NEW })] })?.state).toBe('open');
    expect(of('pin', { kind: 'retry', pins: [held('rollback', { sha: LIVE })] })?.state).toBe('closed');
    expect(of('pin', { kind: 'deploy', pins: [held('rollback', { sha: NEW })] })?.state).toBe('closed');
  });

  it('say nothing about what was not asked or does not apply', () => {
    const { environmentName, mayRequest, connection, pins } = facts();
    const kinds = gates({ environmentName, mayRequest, connection, pins }).map((view) => view.kind);
    expect(kinds).toEqual(['permission', 'connection', 'lock', 'freeze', 'pin']);
    expect(of('order', { order: null })).toBeUndefined();
    expect(of('soak', { order: null })).toBeUndefined();
    expect(of('approval', { policy: policyOf({}) })).toBeUndefined();
  });

  it('hold in the queue by what waits as well, but not by who may ask or who approves', () => {
    const holding = (over: Partial<GateFacts>) => firstHolding(gates(facts(over)))?.code;
    expect(holding({ now: NOW - 3_600_001 })).toBe('soaking');
    expect(holding({ approvals: { given: 0 } })).toBeUndefined();
    expect(holding({ mayRequest: false })).toBeUndefined();
    expect(holding({ pins: [held('freeze'), held('lock')] })).toBe('pinned_lock');
  });
});

describe('soak that asks for health', () => {
  const judged = (health: NonNullable<NonNullable<GateFacts['order']>['proof']>['health']) => {
    const policy = { ...policyOf({ afterEnvironmentId: 'env_staging' }), soakHealthy: true as const };
    const order = { environment: 'Staging', proof: { number: 9, since: '2026-06-01T10:00:00Z', health } };
    return of('soak', { policy, order });
  };

  it.each([
    ['healthy opens it', { number: 9, verdict: 'healthy', closed: true }, 'open', 'soaked_healthy'],
    ['worse closes it', { number: 9, verdict: 'worse', closed: false }, 'closed', 'soak_worse'],
    [
      'inconclusive for good closes it',
      { number: 9, verdict: 'inconclusive', closed: true },
      'closed',
      'soak_inconclusive',
    ],
    ['inconclusive so far waits', { number: 9, verdict: 'inconclusive', closed: false }, 'waiting', 'soak_unjudged'],
    ['no verdict yet waits', { number: 9, verdict: null, closed: false }, 'waiting', 'soak_unjudged'],
    ['no verdict ever closes it', { number: 9, verdict: null, closed: true }, 'closed', 'soak_unjudged'],
  ] as const)('%s', (_, health, state, code) => {
    expect(judged(health)).toMatchObject({ state, code });
  });

  it('is closed where nothing measures the place: a verdict would never come', () => {
    const policy = { ...policyOf({ afterEnvironmentId: 'env_staging' }), soakHealthy: true as const };
    const proof = { number: 9, since: '2026-06-01T10:00:00Z', health: null };
    const order = { environment: 'Staging', isMeasured: false, proof };
    expect(of('soak', { policy, order })).toMatchObject({ state: 'closed', code: 'soak_unmeasured' });
  });

  it('is off unless the policy says so', () => {
    const order = {
      environment: 'Staging',
      proof: { number: 9, since: '2026-06-01T10:00:00Z', health: { number: 9, verdict: 'worse', closed: true } },
    } as const;
    expect(of('soak', { order })?.code).toBe('soaked');
  });
});
