import { sql } from 'drizzle-orm';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Actor } from '@/lib/auth/actor';
import type { ServiceContext } from '@/lib/auth/context';
import { audit, configurationReadings } from '@/lib/db/schema';
import { makeConnection } from '@/lib/db/testing/factories';
import { keyFileOf, tokenHost } from '@/lib/http/testing/service-account-tokens';
import { Secret } from '@/lib/kernel/secret';
import { createAppEngineSimulator } from '@/lib/providers/app-engine/simulator';
import { createCloudRunSimulator } from '@/lib/providers/cloud-run/simulator';
import { createEcsSimulator } from '@/lib/providers/ecs/simulator';
import { createHerokuSimulator } from '@/lib/providers/heroku/simulator';
import type { Credential, Simulator } from '@/lib/providers/port';
import { providers } from '@/lib/providers/registry.generated';
import { repositoryFiles } from '@/lib/sandbox/repository-files';
import { admin, type SettingsWorld, settingsWorld, stagingAdmin } from '../testing/settings-world';
import { planRemoval, planSetting, readConfiguration, setRuntime, setSetting } from '.';

const EMAIL = 'console@acme-prod.iam.gserviceaccount.com';
const key = (username: string, password: string) =>
  ({ kind: 'basic', username, password: new Secret(password), tokenOrigin: null }) as const;
const RUNTIMES = {
  con_run: { providerId: 'cloud-run', origin: 'https://run.googleapis.com' },
  con_app: { providerId: 'app-engine', origin: 'https://appengine.googleapis.com' },
  con_dynos: { providerId: 'heroku', origin: 'https://api.heroku.com' },
  con_tasks: { providerId: 'ecs', origin: 'https://ecs.us-east-1.amazonaws.com' },
} as const;

let world: SettingsWorld;
let vendors: typeof globalThis.fetch;
let keys: Record<keyof typeof RUNTIMES, Credential>;
/** What is waited for is not over. */
let slow = false;

beforeAll(async () => {
  world = await settingsWorld(await repositoryFiles());
  const tokens = tokenHost(world.vendor.now);
  const accountOf = tokens.accountOf;
  const tasks = createEcsSimulator(world.vendor, { seed: 7 });
  keys = {
    ...{ con_run: key('_json_key', keyFileOf(EMAIL)), con_app: key('_json_key', keyFileOf(EMAIL)) },
    con_dynos: { kind: 'token', token: new Secret('sandbox-token') },
    con_tasks: key(tasks.keys.good.id, tasks.keys.good.secret),
  };
  const hosts = new Map<string, Pick<Simulator, 'handle'>>([
    ['api.heroku.com', createHerokuSimulator(world.vendor, { seed: 7 })],
    ['ecs.us-east-1.amazonaws.com', tasks],
    ['oauth2.googleapis.com', tokens],
    ['run.googleapis.com', createCloudRunSimulator(world.vendor, { seed: 7, accountOf, developers: [EMAIL] })],
    ['appengine.googleapis.com', createAppEngineSimulator(world.vendor, { accountOf, viewers: [EMAIL] })],
  ]);
  vendors = async (input, init) => {
    const request = new Request(input, init);
    if (slow && request.url.endsWith(':wait')) return Response.json({ name: 'operations/x', done: false });
    return (await hosts.get(new URL(request.url).host)?.handle(request)) ?? new Response(null, { status: 404 });
  };
  for (const [id, { providerId, origin }] of Object.entries(RUNTIMES))
    await makeConnection(world.database.db, { id, name: providerId, providerId, origin });
});
afterAll(() => world.close());

/** Reaches each runtime through its own connection and GitHub through the others. */
function as(actor: Actor = admin): ServiceContext {
  const ctx = world.as(actor);
  const open: ServiceContext['openConnection'] = async (id, ...rest) => {
    const runtime = RUNTIMES[id as keyof typeof RUNTIMES];
    const provider = runtime && providers[runtime.providerId];
    if (!provider) return ctx.openConnection(id, ...rest);
    const { origin } = runtime;
    const credential = keys[id as keyof typeof RUNTIMES];
    return { provider, context: { connectionId: id, origin, credential, now: world.vendor.now, fetch: vendors } };
  };
  return { ...ctx, openConnection: open };
}

async function link(environment: string, connectionId: keyof typeof RUNTIMES, config: Record<string, string>) {
  const { rows } = await world.database.db.execute<{ id: string; version: number }>(sql`
    select t.id, t.version from targets t join environments e on e.id = t.environment_id
    join components c on c.id = t.component_id where e.slug = ${environment} and c.slug = 'dashboard'`);
  const { id: targetId, version } = rows[0] ?? expect.fail('no such target');
  return setRuntime(as(), { targetId, version, runtime: { connectionId, config } });
}

const placeOf = async (label: string) =>
  (await readConfiguration(as(), { environment: 'staging' })).places.find((each) => each.label === label)?.key ??
  expect.fail(`no place ${label}`);

test('a service that a target runs as is written at the same press, by name and digest, and a secret is sent elsewhere', async () => {
  const { problem } = await link('staging', 'con_run', {
    ...{ project: 'acme-prod', region: 'europe-west3', service: 'backend' },
  });
  expect(problem).toBeNull();
  const places = [await placeOf('backend (europe-west3)')];
  const value = 'a-value-for-the-runtime';
  const wanted = { environment: 'staging', kind: 'variable', name: 'RUNTIME_LEVEL', value } as const;
  const secret = await planSetting(as(), { ...wanted, kind: 'secret', places: [...places] });
  expect(secret.steps).toMatchObject([{ step: 'refused', because: expect.stringContaining('Secret Manager') }]);
  const { shown, steps } = await planSetting(as(), { ...wanted, places: [...places] });
  expect(steps).toMatchObject([{ step: 'create', before: null, after: expect.any(String) }]);
  const done = await setSetting(as(), { ...wanted, places: [...places], shown });
  expect(done).toMatchObject({ complete: true, places: [{ outcome: 'created' }] });
  const { rows } = await readConfiguration(as(), { environment: 'staging' });
  const row = rows.find(({ name }) => name === 'RUNTIME_LEVEL');
  expect(row).toMatchObject({ at: [{ digest: steps[0]?.after }], notLiveFor: [] });
  const kept = [
    await world.database.db.select().from(audit),
    await world.database.db.select().from(configurationReadings),
  ];
  expect(JSON.stringify(kept)).not.toContain(value);
});

test('what is shown only says where it is written', async () => {
  await link('staging', 'con_app', { project: 'acme-prod', service: 'default' });
  const places = [await placeOf('default (acme-prod)')];
  const wanted = { environment: 'staging', kind: 'variable', name: 'LOG_LEVEL', value: 'debug', places } as const;
  const { steps } = await planSetting(as(), { ...wanted, places: [...places] });
  expect(steps).toMatchObject([{ step: 'refused', because: expect.stringContaining('app.yaml') }]);
});

test('secrets that are given back are compared by digest and shown to nobody, and what counts at once says so', async () => {
  await link('staging', 'con_dynos', { app: 'aetherstack-backend-staging' });
  await link('production', 'con_dynos', { app: 'aetherstack-backend' });
  const places = [await placeOf('aetherstack-backend-staging')];
  const { rows } = await readConfiguration(as(), { environment: 'staging' });
  const parity = (name: string) => rows.find((each) => each.name === name)?.elsewhere[0]?.parity;
  expect([parity('LOG_LEVEL'), parity('MAIL_API_KEY')]).toEqual(['different', 'there']);
  const value = 'sandbox-mail-key';
  const wanted = { environment: 'staging', kind: 'secret', name: 'MAIL_API_KEY', value } as const;
  const { shown, steps } = await planSetting(as(), { ...wanted, places: [...places] });
  expect(steps).toMatchObject([{ step: 'create', atOnce: true, alsoDoes: expect.stringContaining('release phase') }]);
  expect(await setSetting(as(), { ...wanted, places: [...places], shown })).toMatchObject({ complete: true });
  const after = await readConfiguration(as(), { environment: 'staging' });
  const row = after.rows.find(({ name }) => name === 'MAIL_API_KEY');
  expect(row).toMatchObject({ elsewhere: [{ parity: 'same' }], notLiveFor: [], missingFor: [] });
  const kept = [after, steps, await world.database.db.select().from(audit)];
  expect(JSON.stringify(kept)).not.toMatch(/sandbox-(mail|signing)-key|postgres:/);
});

test('nobody learns by guesses in their own place what the secret of another is', async () => {
  await link('staging', 'con_dynos', { app: 'aetherstack-backend-staging' });
  await link('production', 'con_dynos', { app: 'aetherstack-backend' });
  const look = async (actor: Actor, environment: string) =>
    (await readConfiguration(as(actor), { environment })).rows.filter(({ at }) =>
      at.some(({ place }) => place.startsWith('con_dynos')),
    );
  const digests = (rows: Awaited<ReturnType<typeof look>>) =>
    rows.flatMap(({ at }) => at.flatMap((each) => each.digest ?? []));
  const all = digests(await look(admin, 'production'));
  expect(all.length).toBeGreaterThan(0);
  expect(digests(await look(stagingAdmin, 'production'))).toEqual([]);
  expect(digests(await look(stagingAdmin, 'staging')).length, 'their own').toBeGreaterThan(0);
  const parities = (await look(stagingAdmin, 'staging')).flatMap(({ elsewhere }) =>
    elsewhere.map(({ parity }) => parity),
  );
  expect(parities).toContain('there');
  expect(parities).not.toContain('same');
  expect(parities).not.toContain('different');
  const places = [await placeOf('aetherstack-backend-staging')];
  const guess = { environment: 'staging', kind: 'secret', name: 'GUESSED', value: 'sandbox-guess' } as const;
  const { shown, steps } = await planSetting(as(stagingAdmin), { ...guess, places: [...places] });
  expect(steps).toMatchObject([{ step: 'create', before: null, after: null }]);
  const other = await planSetting(as(stagingAdmin), { ...guess, value: 'another', places: [...places] });
  expect(other.shown, 'another value is another plan').not.toBe(shown);
  await setSetting(as(stagingAdmin), { ...guess, places: [...places], shown });
  const lines = await world.database.db.select().from(audit);
  const line = lines.findLast(({ sentence }) => sentence.includes('GUESSED in'));
  expect(line).toMatchObject({ outcome: 'done', data: { before: null, after: null } });
});

test('a change that was taken and not seen to serve is called so, in the audit log too', async () => {
  await link('staging', 'con_run', { project: 'acme-prod', region: 'europe-west3', service: 'backend' });
  const places = [await placeOf('backend (europe-west3)')];
  const wanted = { environment: 'staging', kind: 'variable', name: 'SLOW_ONE', value: 'on-its-way' } as const;
  const { shown } = await planSetting(as(), { ...wanted, places: [...places] });
  slow = true;
  const done = await setSetting(as(), { ...wanted, places: [...places], shown });
  slow = false;
  const taken = expect.stringMatching(/Taken, not serving yet/);
  expect(done).toMatchObject({
    places: [{ outcome: 'taken', sentence: taken }],
    sentence: expect.stringContaining('not live everywhere'),
  });
  const lines = await world.database.db.select().from(audit);
  const line = lines.findLast(({ sentence }) => sentence.includes('SLOW_ONE in'));
  expect(line).toMatchObject({ outcome: 'done', sentence: taken });
  expect(line?.sentence).not.toMatch(/Created|Replaced/);
  const { targets } = await readConfiguration(as(), { environment: 'staging' });
  expect(targets.map(({ problem }) => problem)).toContainEqual(expect.stringContaining('on its way'));
  const next = await planSetting(as(), { ...wanted, value: 'too-early', places: [...places] });
  expect(next.steps).toMatchObject([{ step: 'refused', because: expect.stringContaining('on its way'), after: null }]);
  const absent = await planRemoval(as(), {
    environment: 'staging',
    kind: 'variable',
    name: 'NOT_THERE',
    places: [...places],
  });
  expect(absent.steps).toMatchObject([{ step: 'leave' }]);
  const offered = (await readConfiguration(as(), { environment: 'staging' })).places.find(
    ({ key }) => key === places[0],
  );
  expect(offered?.refusal).toContain('on its way');
});

test('a reference that is not taken out from here is refused before anything is confirmed', async () => {
  await link('staging', 'con_tasks', { cluster: 'aetherstack', service: 'backend-staging' });
  const places = [await placeOf('backend-staging in aetherstack')];
  const wanted = { environment: 'staging', kind: 'secret', name: 'SIGNING_KEY', places } as const;
  const { steps } = await planRemoval(as(), { ...wanted, places: [...places] });
  expect(steps).toMatchObject([{ step: 'refused', because: expect.stringContaining('task definition') }]);
});

test('a service of tasks takes a variable at once, and says where a secret is written', async () => {
  await link('staging', 'con_tasks', { cluster: 'aetherstack', service: 'backend-staging' });
  const places = [await placeOf('backend-staging in aetherstack')];
  const wanted = { environment: 'staging', kind: 'variable', name: 'LOG_LEVEL', value: 'info' } as const;
  const secret = await planSetting(as(), { ...wanted, kind: 'secret', places: [...places] });
  expect(secret.steps).toMatchObject([{ step: 'refused', because: expect.stringContaining('Secrets Manager') }]);
  const { shown, steps } = await planSetting(as(), { ...wanted, places: [...places] });
  expect(steps).toMatchObject([{ step: 'replace', atOnce: true, changedAt: expect.any(String) }]);
  const done = await setSetting(as(), { ...wanted, places: [...places], shown });
  expect(done).toMatchObject({ complete: true, places: [{ outcome: 'replaced' }] });
  const again = await planSetting(as(), { ...wanted, places: [...places] });
  expect(again.steps).toMatchObject([{ step: 'leave' }]);
});
