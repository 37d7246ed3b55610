import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { serviceAccountKey, serviceAccountToken } from '@/lib/http/service-account';
import { google, keyFileOf } from '@/lib/http/testing/service-account-tokens';
import { Secret } from '@/lib/kernel/secret';
import { ProviderError, type Scenario } from '@/lib/providers/port';
import { scenario } from './scenarios';
import { createServiceAccounts } from './service-accounts';
import { openWorld, type SandboxWorld } from './world';

const EMAIL = 'aetherstack-console@acme-prod.iam.gserviceaccount.com';
const WANTED = { url: 'https://oauth2.googleapis.com/token', scope: 'https://www.googleapis.com/auth/run' };

let folder: string;
let world: SandboxWorld;
const open = async () => {
  world = await openWorld({ file: path.join(folder, 'journal.jsonl'), seed: 1, scenario: scenario('happy') });
};
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'accounts-'));
  await open();
});
afterEach(async () => {
  await world.close();
  await rm(folder, { recursive: true, force: true });
});

const keyFile = () => createServiceAccounts(world).keyFor({ email: EMAIL, project: 'acme-prod' });

/** As the adapters ask for it, with what is asked and answered held to what is published of that host. */
async function tokenFor(file: string, wanted = WANTED, now = Date.now): Promise<string> {
  const accounts = createServiceAccounts(world);
  const context = {
    ...{ connectionId: 'con_1', origin: 'https://run.googleapis.com', now },
    credential: { kind: 'token', token: new Secret('of no matter here') } as const,
    fetch: async (input: RequestInfo | URL, init?: RequestInit) => {
      const request = new Request(input, init);
      const form = Object.fromEntries(new URLSearchParams(await request.clone().text()));
      const type = request.headers.get('content-type');
      google.request.parse({ method: request.method, path: new URL(request.url).pathname, type, form });
      const answer = await accounts.handle(request);
      const body: unknown = await answer.clone().json();
      if (answer.status < 500) (answer.ok ? google.answer : google.refusal).parse(body);
      return answer;
    },
  };
  return (await serviceAccountToken(context, serviceAccountKey(file), wanted)).token.reveal();
}

const refusal = (work: Promise<unknown>) =>
  work.then(
    () => expect.fail('this should have been refused'),
    (error: unknown) => (error instanceof ProviderError ? error : expect.fail(String(error))),
  );

test('a key is good for tokens of its account and scope, over a restart as well, and nobody else’s is', async () => {
  const file = await keyFile();
  const token = await tokenFor(file);
  await world.close();
  await open();
  const accounts = createServiceAccounts(world);
  expect(accounts.accountOf(token)).toEqual({ email: EMAIL, scope: WANTED.scope });
  expect(accounts.accountOf(`${token}x`)).toBeNull();
  expect(accounts.accountOf(await tokenFor(file))).not.toBeNull();
  const { private_key } = JSON.parse(keyFileOf(EMAIL)) as { private_key: string };
  const forged = JSON.stringify({ ...JSON.parse(file), private_key });
  expect(await refusal(tokenFor(forged))).toMatchObject({ kind: 'auth', code: 'credential_refused' });
  const stranger = JSON.stringify({ ...JSON.parse(file), client_email: 'someone@acme-prod.iam.gserviceaccount.com' });
  expect(await refusal(tokenFor(stranger))).toMatchObject({ kind: 'auth', code: 'credential_refused' });
});

test('the sandbox’s time moves on and leaves tokens and claims alone: only clocks that are wrong are told so', async () => {
  const file = await keyFile();
  const token = await tokenFor(file);
  await world.advance(30 * 86_400_000);
  expect(createServiceAccounts(world).accountOf(token)).not.toBeNull();
  expect(createServiceAccounts(world).accountOf(await tokenFor(file))).not.toBeNull();
  const late = tokenFor(file, WANTED, () => Date.now() - 3_600_000);
  expect(await refusal(late)).toMatchObject({ code: 'clock_wrong' });
});

test('what the host does not know it refuses, and in trouble it says nothing of the key', async () => {
  const file = await keyFile();
  const accounts = createServiceAccounts(world);
  const url = 'https://oauth2.googleapis.com/token';
  expect((await accounts.handle(new Request('https://oauth2.googleapis.com/tokeninfo'))).status).toBe(404);
  for (const body of ['', 'grant_type=password', new URLSearchParams({ ...jwt, assertion: 'a.b.c' }).toString()]) {
    const answer = await accounts.handle(new Request(url, { method: 'POST', body }));
    expect([answer.status, google.refusal.safeParse(await answer.json()).success]).toEqual([400, true]);
  }
  const down: Scenario = { ...world.scenario(), down: true };
  await world.setScenario(down);
  expect(await refusal(tokenFor(file))).toMatchObject({ kind: 'unavailable' });
});

const jwt = { grant_type: 'urn:ietf:params:oauth:grant-type:jwt-bearer' };
