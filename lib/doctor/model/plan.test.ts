import { expect, test } from 'vitest';
import type { ConnectionFacts, TargetFacts } from './facts';
import { findingsOf } from './find';
import { planFindings } from './plan';

const target = (id: string, planLacks: string | null): TargetFacts => ({
  ...{ id, name: `${id} in Production`, asksChecks: false, settingsProblem: null, refused: null, unseen: null },
  ...{ telling: 'nothing', untold: null, isSite: false, missing: null, shared: null, unread: null, planLacks },
});

const NOW = '2026-11-26T12:00:00.000Z';
const QUIET: ConnectionFacts = {
  ...{ id: 'con_1', name: 'Main', provider: { id: 'some', label: 'Some', known: true }, hasCredential: true },
  ...{ authorities: [], state: 'ok', needs: {}, checkedAt: NOW, quotas: [], uses: 1, targets: [], lastSentAt: null },
  report: { ok: true, account: 'bot', scopes: [], problems: [], expiresAt: null },
  webhook: {
    ...{ supported: false, configured: false, rotating: false, lastReceivedAt: null },
    setAside: { recent: 0, newest: null },
  },
};

test('what a plan lacks is told once for all targets that go by it, with a way to them', () => {
  const none = 'GitHub shows no environments of acme/app.';
  const found = planFindings({
    targets: [target('A', none), target('B', null), target('C', none), target('D', 'Else.')],
  });
  expect(found.map(({ code, severity, mend }) => [code, severity, mend.to])).toEqual([
    ['plan_lacks', 'warning', '/estate/targets/A'],
    ['plan_lacks', 'warning', '/estate/targets/D'],
  ]);
  expect(found[0]?.sentence).toContain(`A in Production, C in Production: ${none} `);
});

test('a deployment that was refused for the plan is told as that, not as a form that cannot be read', () => {
  const refused = { number: 7, sentence: 'The plan does not allow this.', byPlan: true };
  const [found, ...others] = findingsOf({ ...QUIET, targets: [{ ...target('A', null), refused }] }, NOW);
  expect(found).toMatchObject({ code: 'plan_lacks', severity: 'broken', mend: { to: '/deploy/A' } });
  expect(found?.sentence).toContain('(#7) ended before it began: The plan does not allow this.');
  expect(others).toEqual([]);
});
