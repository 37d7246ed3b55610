import { randomBytes } from 'node:crypto';
import { desc, eq, sql } from 'drizzle-orm';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import {
  announcements,
  audit,
  deploymentNotes,
  deployments,
  environments,
  events,
  freezes,
  notifications,
  pins,
  targets,
  verdicts,
} from '@/lib/db/schema';
import { openTestDatabase, personActor } from '@/lib/db/testing/context';
import { makeComponent, makeEnvironment, makeTarget } from '@/lib/db/testing/factories';
import { cancelDeployment, readNow, triggerDeployment } from '@/lib/deployments/server';
import { createFreeze, lock, setPolicy } from '@/lib/gates/server';
import { PERIODIC } from '@/lib/jobs/periodic';
import { workOnce } from '@/lib/jobs/runner';
import { subscribe } from '@/lib/notifications/server';
import { HealthSettings } from '@/lib/observability/model/health-settings';
import { providers } from '@/lib/providers/registry.generated';
import { composeRuntime, type Runtime } from '@/lib/runtime';
import { createConnection } from './connections/server';
import { parseServerEnv } from './env/server';
import { type Client, clientOf } from './sandbox/testing/client';

const MINUTE = 60_000;
/** The vendors' clock begins an hour behind, and is brought on to now once what is judged has happened. */
const BEHIND = 60 * MINUTE;
const PLACES = ['production', 'staging'] as const;
type Place = (typeof PLACES)[number];

let database: Awaited<ReturnType<typeof openTestDatabase>>;
let client: Client;
let runtime: Runtime;
let shas: { good: string; bad: string };
const targetOf = {} as Record<Place, string>;
const liveOf = {} as Record<Place, { good: string; bad: string }>;
let key = 0;

const ctx = () => runtime.contextFor(personActor([{ role: 'admin', environmentPattern: '*' }]));

beforeAll(async () => {
  database = await openTestDatabase();
  client = await clientOf({ clock: () => Date.now() - BEHIND });
  const secret = (bytes: number) => randomBytes(bytes).toString('base64');
  vi.stubEnv('DATABASE_URL', database.url);
  vi.stubEnv('NEXTAUTH_URL', 'http://localhost:3000');
  vi.stubEnv('NEXTAUTH_SECRET', secret(48));
  vi.stubEnv('AETHERSTACK_KEK', secret(32));
  const env = { ...process.env, AETHERSTACK_MODE: 'sandbox', AETHERSTACK_SANDBOX_URL: client.sandbox.url };
  runtime = await composeRuntime(parseServerEnv(env));
  await estate();
  await history();
}, 60_000);
afterAll(async () => {
  vi.unstubAllEnvs();
  await runtime?.close();
  await client?.sandbox.close();
  await database?.close();
});

/** The backend in two places, measured by one server, told to another; each goes back by itself. */
async function estate(): Promise<void> {
  const { db } = database;
  const connect = async (providerId: string, token: string, origin?: string) =>
    (await createConnection(ctx(), { name: providerId, providerId, origin, credential: { kind: 'token', token } })).id;
  const connection = { id: await connect('github', 'sandbox-token') };
  const metrics = await connect('prometheus', 'sandbox-metrics-token', 'https://metrics.aetherstack.example');
  const panels = await connect('grafana', 'sandbox-dashboards-token', 'https://panels.aetherstack.example');
  await subscribe(ctx(), {
    ...{ name: 'Team', kind: 'webhook' as const, url: 'https://hooks.example.com/', environmentPattern: '*' },
    events: ['deployment.rolled_back'],
  });
  const component = await makeComponent(db, { slug: 'backend', name: 'Backend' });
  const preset = providers.prometheus?.manifest.capabilities.health?.presets.find(({ id }) => id === 'fastapi');
  for (const slug of PLACES) {
    const environment = await makeEnvironment(db, { slug, name: slug, isProduction: slug === 'production' });
    const config = { repository: 'aetherstack/aetherstack', workflow: 'backend-deploy.yml', defaultRef: 'main' };
    const target = await makeTarget(db, {
      ...{ component, environment, connection },
      config: { ...config, inputs: { environment: slug } },
    });
    const health = HealthSettings.parse({
      ...{ connectionId: metrics, queries: preset?.queries, values: { job: `backend-${slug}` } },
      notes: [{ connectionId: panels, scope: 'dashboard:backend {{environment}}' }],
    });
    const url = `https://services.aetherstack.example/${slug}/backend/version`;
    const probe = { url, field: 'sha', says: 'sha' as const, withinMinutes: 10 };
    await db.update(targets).set({ health, probe }).where(eq(targets.id, target.id));
    targetOf[slug] = target.id;
  }
}

async function asks(slug: Place): Promise<void> {
  const [row] = await database.db.select().from(environments).where(eq(environments.slug, slug));
  if (!row) return expect.fail('no environment');
  const policy = { rollBackWhenWorse: { confirmMinutes: 1 } };
  await setPolicy(ctx(), { environmentId: row.id, policyVersion: row.policyVersion, policy } as never);
}

/** A sound commit that was judged healthy long ago, and one that a run of the scenario `regression` put live five minutes ago. */
async function history(): Promise<void> {
  const push = async () => String((await client.control('push', { branch: 'main' })).sha);
  const both = async (sha: string) =>
    Promise.all(PLACES.map(async (place) => ({ place, id: await deploy(place, sha) })));
  shas = { good: await push(), bad: '' };
  const good = await both(shas.good);
  for (const { id } of good) await until(id, 'succeeded');
  await client.control('advance', { ms: 50 * MINUTE });
  await ago(
    good.map(({ id }) => id),
    60,
  );
  shas.bad = await push();
  await client.control('scenario', { name: 'regression' });
  const bad = await both(shas.bad);
  for (const { id } of bad) await until(id, 'succeeded');
  await client.control('scenario', { name: 'happy' });
  const now = Date.parse(String((await client.control('state')).now));
  await client.control('advance', { ms: Math.max(0, Date.now() - now) });
  await ago(
    bad.map(({ id }) => id),
    5,
  );
  for (const [at, place] of PLACES.entries()) liveOf[place] = { good: good[at]?.id ?? '', bad: bad[at]?.id ?? '' };
}

async function deploy(place: Place, sha: string): Promise<string> {
  const input = { revision: { ref: 'main', refKind: 'branch' as const, sha }, inputs: {}, checklist: [], reason: '' };
  const more = { idempotencyKey: `key-of-a-click-${++key}`, freezeOverrideReason: null };
  return (await triggerDeployment(ctx(), { targetId: targetOf[place], ...input, ...more })).deploymentId;
}

const row = async (id: string) =>
  (await database.db.select().from(deployments).where(eq(deployments.id, id)))[0] ?? expect.fail('no deployment');

const TASKS = [
  ...['deployments', 'sightings', 'verdicts', 'roll-backs that a policy asks for'],
  ...['what providers are told', 'what is written where things are measured', 'notifications'],
].map((name) => PERIODIC.find((task) => task.name === name) ?? expect.fail(`There is no task “${name}”.`));

/** The worker: those of its tasks that have a part in it, and its queues, once; everything is due. */
async function work(): Promise<void> {
  await database.db.execute(sql`update deployments set next_check_at = now() where finished_at is null`);
  await database.db.execute(sql`update verdicts set next_look_at = now(), roll_back_next_at = null where not closed`);
  // Its own turn comes every few minutes only.
  await database.db.execute(sql`update sightings set next_look_at = now() + interval '1 hour'`);
  await workOnce(runtime, TASKS);
}

async function until(id: string, status: string) {
  for (let round = 0; round < 20; round++) {
    await work();
    const now = await row(id);
    if (now.status === status) return now;
    await client.control('advance', { ms: 30_000 });
  }
  return expect.fail(`never ${status}: ${JSON.stringify(await row(id))}`);
}

/** As if it had gone live so many minutes ago. */
async function ago(ids: string[], minutes: number): Promise<void> {
  for (const id of ids)
    await database.db.execute(sql`update deployments set provider_done_at = now() - make_interval(mins => ${minutes}),
      finished_at = now() - make_interval(mins => ${minutes}) where id = ${id}`);
  await database.db.delete(verdicts);
}

/** Forty seconds, in which nobody looked. */
const pass = () =>
  database.db.execute(sql`update verdicts set found_since = found_since - interval '40 seconds',
    judged_at = judged_at - interval '40 seconds' where not closed`);

const verdictOf = async (id: string) =>
  (await database.db.select().from(verdicts).where(eq(verdicts.deploymentId, id)))[0] ?? expect.fail('no verdict');
const backs = async (place: Place) =>
  (
    await database.db
      .select()
      .from(deployments)
      .where(eq(deployments.targetId, targetOf[place]))
      .orderBy(desc(deployments.number))
  ).filter(({ kind }) => kind === 'rollback');
const told = async (place: Place) =>
  (
    await database.db
      .select()
      .from(audit)
      .where(eq(audit.action, 'deployment.roll-back-by-policy'))
      .orderBy(audit.at, audit.id)
  )
    .filter(({ resourceId }) => resourceId === liveOf[place].bad)
    .map(({ code, outcome }) => code ?? outcome);

test('a regression is found worse, and its first look alone is not acted on', async () => {
  await asks('staging');
  await work();
  for (const place of PLACES) {
    expect(await verdictOf(liveOf[place].good)).toMatchObject({ verdict: 'healthy', closed: true });
    expect(await verdictOf(liveOf[place].bad)).toMatchObject({ verdict: 'worse', closed: false });
    expect(await backs(place)).toEqual([]);
  }
  const { headline } = await readNow(ctx());
  expect(headline).toMatchObject({ tone: 'bad', href: `/deployments/${liveOf.production.bad}` });
  expect(headline.sentence).toMatch(
    /^Backend in production is worse since deployment #\d+, seen .* Error rate: 0\.\d+ % before, [34](?:\.\d+)? % since\./,
  );
});

test('what somebody put there since the last look is seen just before it acts, and is left alone', async () => {
  await client.control('live', { environment: 'staging', component: 'backend', sha: 'd'.repeat(40) });
  for (let look = 0; look < 3; look++) await pass().then(work);
  expect([await backs('staging'), await told('staging')]).toEqual([[], ['something_else_there']]);
});

test('frozen, locked, or with a newer one on its way, it waits; then it goes back, is verified, pinned, audited and told', async () => {
  const environmentId = (await row(liveOf.production.bad)).environmentId;
  const startsAt = new Date(Date.now() - 60 * MINUTE).toISOString().slice(0, 16);
  await asks('production');
  await createFreeze(ctx(), {
    ...{ name: 'Quarter end', reason: 'Closed books', environmentId, timeZone: 'UTC', startsAt, durationMinutes: 600 },
  });
  await pass().then(work);
  await database.db.update(freezes).set({ endedAt: sql`now()` });
  const { pinId } = await lock(ctx(), {
    ...{ environmentId, componentId: null, targetId: null, reason: 'Audit week', expiresAt: null },
  });
  await work();
  expect([await backs('production'), await told('production')]).toEqual([[], ['pinned_freeze', 'pinned_lock']]);
  await database.db.update(pins).set({ liftedAt: sql`now()` }).where(eq(pins.id, pinId));
  await newerOnItsWay();
  await work();
  const [back, ...more] = await backs('production');
  expect(more).toEqual([]);
  const { id } = back ?? expect.fail('nothing goes back');
  expect(await until(id, 'succeeded')).toMatchObject({
    ...{ sha: shas.good, sourceDeploymentId: liveOf.production.good, requestedByName: 'AetherStack' },
  });
  expect((await client.control('state')).services).toContainEqual(
    expect.objectContaining({ environment: 'production', component: 'backend', sha: shas.good }),
  );
  const [place] = await database.db.select().from(targets).where(eq(targets.id, targetOf.production));
  expect(place?.currentDeploymentId).toBe(id);
  expect(await told('production')).toEqual(['pinned_freeze', 'pinned_lock', 'done']);
  await heardOf(id);
  // It is live and no roll-back of its own: nothing goes back from it.
  for (let look = 0; look < 3; look++) await pass().then(work);
  expect((await backs('production')).map((each) => each.id)).toEqual([id]);
});

/** While its run goes on nothing else begins there; it is called off. */
async function newerOnItsWay(): Promise<void> {
  // A run that ends before it is called off would be live.
  await client.control('scenario', { name: 'happy', pace: 20 });
  const id = await deploy('production', String((await client.control('push', { branch: 'main' })).sha));
  // Sent, before it is the roll-back's turn: what only waits would stay behind its pin.
  await workOnce(runtime, []);
  await pass().then(work);
  expect([(await row(id)).finishedAt, await backs('production')]).toEqual([null, []]);
  await client.control('scenario', { name: 'happy' });
  await cancelDeployment(ctx(), { deploymentId: id });
  await until(id, 'cancelled');
}

/** The pin, the timelines, the vendor of the deployment and the one that measures. */
async function heardOf(id: string): Promise<void> {
  const { db } = database;
  const kindsOf = async (deploymentId: string) =>
    (await db.select().from(events).where(eq(events.deploymentId, deploymentId))).map(({ kind }) => kind);
  expect(await db.select().from(pins).where(eq(pins.deploymentId, id))).toMatchObject([
    { kind: 'rollback', targetId: targetOf.production, liftedAt: null },
  ]);
  expect(await kindsOf(liveOf.production.bad)).toContain('roll_back_by_policy');
  const [verified] = await db
    .select()
    .from(events)
    .where(sql`${events.deploymentId} = ${id} and ${events.toStatus} = 'succeeded'`);
  expect(verified?.data.sentence).toContain(shas.good.slice(0, 7));
  for (let round = 0; round < 3; round++) {
    await db.update(announcements).set({ nextTryAt: sql`now()` }).where(eq(announcements.deploymentId, id));
    await work();
  }
  const [note] = await db.select().from(deploymentNotes).where(eq(deploymentNotes.deploymentId, id));
  const [record] = await db.select().from(announcements).where(eq(announcements.deploymentId, id));
  expect(note?.state, 'the annotation').toBe('done');
  expect(record?.sentence, 'the workflow names an environment').toMatch(/^GitHub makes its own record of this run/);
  const messages = await db.select().from(notifications);
  const ofIt = messages.filter(({ body }) => JSON.stringify(body).includes(id)).map(({ event }) => event);
  expect(ofIt, 'the team').toContain('deployment.rolled_back');
}
