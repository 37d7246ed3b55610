import { expect, test } from 'vitest';
import { catalog } from '@/lib/providers/catalog.generated';
import { credentialEnd, isKindOver } from './way-out';

const marketplace = catalog['vs-marketplace'];
const report = (expiresAt: string | null, over = {}) => ({
  ...{ ok: true, account: 'acme', scopes: [], problems: [], expiresAt },
  ...over,
});
const RETIRED = '2026-12-01T00:00:00.000Z';

test('a token whose kind ends for everybody is not to be replaced by another of its kind', () => {
  const { at, wayOut } = credentialEnd(marketplace, report(RETIRED));
  expect(at).toBe(RETIRED);
  expect(wayOut).toContain('end on 2026-12-01');
  expect(wayOut).toContain('Entra');
});

test('a check that works when its kind is over counts, until the token is refused or another one is entered', () => {
  const works = report(null);
  expect(credentialEnd(marketplace, works)).toEqual({ at: null, wayOut: null });
  expect(isKindOver(marketplace, works, Date.parse('2026-12-05T00:00:00Z'))).toBe(false);
  for (const said of [report(null, { ok: false }), null, report(RETIRED)]) {
    expect(credentialEnd(marketplace, said).at).toBe(RETIRED);
    expect(isKindOver(marketplace, said, Date.parse(RETIRED))).toBe(true);
    expect(isKindOver(marketplace, said, Date.parse(RETIRED) - 1)).toBe(false);
  }
  expect(isKindOver(catalog['open-vsx'], report(RETIRED), Date.parse(RETIRED)), 'a new one would do').toBe(false);
});

test.each([
  ['was never checked', null],
  ['was refused at its last check', report(null, { ok: false, account: '' })],
  ['was refused while it was used', report(null, { ok: false })],
])('that end holds for one that %s, too', (_, said) => {
  expect(credentialEnd(marketplace, said)).toEqual(credentialEnd(marketplace, report(RETIRED)));
});

test('a connection without a token, and a target that publishes by a workflow, have no such end', () => {
  const none = { at: null, wayOut: null };
  const account = marketplace?.credentialForms?.flatMap(({ username }) => username.fixed ?? [])[0];
  expect(account).toBeDefined();
  expect(credentialEnd(marketplace, report(null, { account }))).toEqual(none);
  for (const told of [null, report(RETIRED), report('2026-11-30T00:00:00.000Z')])
    expect(credentialEnd(marketplace, told, { workflowConnection: 'con_ci' })).toEqual(none);
});

test('a credential that ends by itself, or of which no end is known, takes a new one', () => {
  const sooner = '2026-11-30T00:00:00.000Z';
  expect(credentialEnd(marketplace, report(sooner))).toEqual({ at: sooner, wayOut: null });
  expect(credentialEnd(catalog['open-vsx'], report(RETIRED))).toEqual({ at: RETIRED, wayOut: null });
  expect(credentialEnd(catalog['open-vsx'], null)).toEqual({ at: null, wayOut: null });
  expect(credentialEnd(undefined, report(RETIRED))).toEqual({ at: RETIRED, wayOut: null });
});
