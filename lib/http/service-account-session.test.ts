import { beforeEach, expect, test } from 'vitest';
import { Secret } from '@/lib/kernel/secret';
import { type ProviderContext, ProviderError } from '@/lib/providers/port';
import { serviceAccountKey } from './service-account';
import { forgetToken, tokenOf } from './service-account-session';
import { keyFileOf, type TokenHost, tokenHost } from './testing/service-account-tokens';

const EMAIL = 'reader@acme.iam.gserviceaccount.com';
const WANTED = { url: 'https://oauth2.googleapis.com/token', scope: 'https://www.googleapis.com/auth/run' };

let now = Date.parse('2026-11-27T08:00:00Z');
let host: TokenHost;
let asked: number;
let trouble: Response | null;
let serial = 0;

beforeEach(() => {
  host = tokenHost(() => now);
  asked = 0;
  trouble = null;
});

function connection(): ProviderContext {
  return {
    ...{ connectionId: `con_session_${++serial}`, origin: 'https://run.googleapis.com', now: () => now },
    credential: { kind: 'token', token: new Secret('not-used-by-this-test') },
    fetch: async (input, init) => {
      asked += 1;
      return trouble?.clone() ?? host.handle(new Request(input, init));
    },
  };
}

const key = (email = EMAIL, known = true) => serviceAccountKey(keyFileOf(email, { known }));
const refusal = (work: Promise<unknown>): Promise<ProviderError> =>
  work.then(
    () => expect.fail('this should have been refused'),
    (error: unknown) => (error instanceof ProviderError ? error : expect.fail(String(error))),
  );

test('one token is made for all, anew shortly before it ends, and none is shared between connections, keys or scopes', async () => {
  const c = connection();
  const [first, second] = await Promise.all([tokenOf(c, key(), WANTED), tokenOf(c, key(), WANTED)]);
  expect(first?.reveal()).toBe(second?.reveal());
  now += 3_599_000 - 5 * 60_000 - 1_000;
  expect((await tokenOf(c, key(), WANTED)).reveal()).toBe(first?.reveal());
  now += 2_000;
  expect((await tokenOf(c, key(), WANTED)).reveal()).not.toBe(first?.reveal());
  expect(asked).toBe(2);
  await tokenOf(connection(), key(), WANTED);
  await tokenOf(c, key('other@acme.iam.gserviceaccount.com'), WANTED);
  await tokenOf(c, key(), { ...WANTED, scope: `${WANTED.scope}.readonly` });
  expect(asked).toBe(5);
});

test('a key that is refused is not sent again at each read; a host in trouble is asked again at once', async () => {
  const c = connection();
  const gone = key(EMAIL, false);
  for (const _ of [1, 2, 3])
    expect(await refusal(tokenOf(c, gone, WANTED))).toMatchObject({ kind: 'auth', code: 'credential_refused' });
  expect(asked).toBe(1);
  now += 31_000;
  await refusal(tokenOf(c, gone, WANTED));
  expect(asked).toBe(2);
  trouble = new Response('', { status: 503 });
  expect(await refusal(tokenOf(c, key(), WANTED))).toMatchObject({ kind: 'unavailable', ambiguous: false });
  trouble = null;
  expect((await tokenOf(c, key(), WANTED)).reveal()).toMatch(/^ya29\./);
});

test('a token that is refused is made anew, unless it was made just now', async () => {
  const c = connection();
  const first = await tokenOf(c, key(), WANTED);
  forgetToken(c, key(), WANTED);
  expect((await tokenOf(c, key(), WANTED)).reveal()).toBe(first.reveal());
  now += 31_000;
  forgetToken(c, key(), WANTED);
  expect((await tokenOf(c, key(), WANTED)).reveal()).not.toBe(first.reveal());
});

test.each([
  ['no file', 'bad_key_file'],
  [JSON.stringify({ ...JSON.parse(keyFileOf(EMAIL)), type: 'authorized_user' }), 'bad_key_file'],
  [JSON.stringify({ ...JSON.parse(keyFileOf(EMAIL)), private_key: 'nonsense' }), 'bad_key_file'],
  [JSON.stringify({ ...JSON.parse(keyFileOf(EMAIL)), universe_domain: 'other.example' }), 'other_universe'],
])('what is no key file of a service account is refused before anything is sent: case %#', (text, code) => {
  expect(() => serviceAccountKey(text)).toThrow(expect.objectContaining({ kind: 'rejected', code }));
});

test('a project whose name is odd is no reason to refuse the key', () => {
  const odd = JSON.stringify({ ...JSON.parse(keyFileOf(EMAIL)), project_id: '../x' });
  expect(serviceAccountKey(odd)).toMatchObject({ email: EMAIL, project: null });
});
