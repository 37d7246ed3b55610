import { expect, test } from 'vitest';
import { credentialFindings } from './credential';
import type { ConnectionFacts } from './facts';

const facts: ConnectionFacts = {
  ...{ id: 'con_1', name: 'Main', provider: { id: 'some', label: 'Some provider', known: true } },
  ...{
    hasCredential: true,
    authorities: [],
    state: 'ok',
    checkedAt: null,
    needs: {},
    quotas: [],
    targets: [],
    uses: 1,
  },
  webhook: {
    ...{ supported: false, configured: false, rotating: false, lastReceivedAt: null, lastSentAt: null },
    setAside: { recent: 0, newest: null },
  },
  report: { ok: true, account: 'bot', scopes: [], problems: [], expiresAt: '2026-12-01T00:00:00.000Z' },
  lastSentAt: null,
  wayOut: 'Use a workflow.',
};

test.each([
  ['2026-11-28T12:00:00Z', 'warning', 'The credential of “Main” expires in 2 days, on 2026-12-01. Use a workflow.'],
  ['2026-12-01T00:00:00Z', 'broken', 'The credential of “Main” expired on 2026-12-01. Use a workflow.'],
  ['2026-12-02T12:00:00Z', 'broken', 'The credential of “Main” expired on 2026-12-01. Use a workflow.'],
])('at %s a credential whose kind ends for everybody leads to what to do instead', (now, severity, sentence) => {
  const mend = { kind: 'link', to: '/extensions/credentials' };
  expect(credentialFindings(facts, now)).toMatchObject([{ severity, sentence, mend }]);
});

test('after that day a token that the gallery refuses leads there, too', () => {
  const refused = { ok: false, account: '', scopes: [], problems: ['It was refused.'], expiresAt: null };
  const failing = { ...facts, state: 'failing' as const, report: refused, endsAt: '2026-12-01T00:00:00.000Z' };
  const found = credentialFindings(failing, '2026-12-02T12:00:00Z');
  expect(found.map(({ code, mend }) => [code, mend.to])).toEqual([
    ['credential_refused', '/extensions/credentials'],
    ['credential_expired', '/extensions/credentials'],
  ]);
  const before = credentialFindings(failing, '2026-11-28T12:00:00Z');
  expect(before[0], 'another token works until then').toMatchObject({ mend: { to: '/connections/con_1' } });
});
