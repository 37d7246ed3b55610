import { randomBytes } from 'node:crypto';
import { and, desc, eq } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { ServiceContext } from '@/lib/auth/context';
import { createConnection, createKeyRing, openConnection, verifyConnection } from '@/lib/connections/server';
import type { Database } from '@/lib/db/client';
import { audit, deployments, environments, targets } from '@/lib/db/schema';
import { openTestDatabase, personActor, testContext } from '@/lib/db/testing/context';
import { makeComponent, makeEnvironment, makeTarget } from '@/lib/db/testing/factories';
import * as engine from '@/lib/deployments/server';
import { systemClock } from '@/lib/kernel/clock';
import { runAction } from '@/lib/pipeline/run-action';
import type { Revision } from '@/lib/providers/port';
import { switchRenderingCommand } from '@/lib/rendering/commands';
import type { RenderingMode } from '@/lib/rendering/model/mode';
import { previewSwitch, readPreflight } from '@/lib/rendering/server/preflight';
import { type Client, clientOf } from '@/lib/sandbox/testing/client';
import { sandboxFetch } from '@/lib/sandbox/transport';

const settings = { keys: createKeyRing(randomBytes(32)), allowLoopbackHttp: true };
const repository = 'aetherstack/aetherstack';
const github = (environment: string) => ({
  ...{ repository, workflow: 'dashboard-deploy.yml', defaultRef: 'main', inputs: { environment } },
});
const SITE = 'https://services.aetherstack.example';

let client: Client;
let database: Database;
let ctx: ServiceContext;
let staging: string;
let production: string;
beforeAll(async () => {
  client = await clientOf({ pace: 1 });
  database = await openTestDatabase();
  const fetch = sandboxFetch(client.sandbox.url);
  const deps = { db: database.db, clock: systemClock, keys: settings.keys, fetch, writesPerMinute: Infinity };
  const actor = personActor([{ role: 'admin', environmentPattern: '*' }]);
  ctx = {
    ...testContext(database.db, { actor }),
    openConnection: (id) => openConnection(deps, id),
    fetchOutside: (url, init) => fetch(url, init),
  };
  const component = await makeComponent(database.db, {
    slug: 'dashboard',
    name: 'Dashboard',
    kind: 'dashboard',
    paths: ['dashboard'],
  });
  const connection = { id: await connect('github') };
  const at = async (slug: string) => {
    const environment = await makeEnvironment(database.db, { slug, name: slug, isProduction: slug === 'production' });
    const { id } = await makeTarget(database.db, { component, connection, environment, config: github(slug) });
    const probe = { url: `${SITE}/${slug}/dashboard/version`, field: 'sha', says: 'sha', withinMinutes: 10 } as const;
    await database.db.update(targets).set({ probe, rendering: 'ssr' }).where(eq(targets.id, id));
    return id;
  };
  [production, staging] = [await at('production'), await at('staging')];
});
afterAll(async () => {
  await client.sandbox.close();
  await database.close();
});

async function connect(providerId: string): Promise<string> {
  const credential = { kind: 'token', token: 'sandbox-token' } as const;
  const { id } = await createConnection(ctx, { name: providerId, providerId, credential }, settings);
  await verifyConnection(ctx, { id });
  return id;
}

const row = async (id: string) =>
  (await database.db.query.deployments.findFirst({ where: eq(deployments.id, id) })) ?? expect.fail('no deployment');
const target = async (id: string) =>
  (await database.db.query.targets.findFirst({ where: eq(targets.id, id) })) ?? expect.fail('no target');
const record = async (environment: string) =>
  (await ctx.fetchOutside(`${SITE}/${environment}/dashboard/.well-known/aetherstack.json`)).json();

/** Looks at it as a worker would, while the vendor's time goes on. */
async function until(id: string, wanted: string, ms = 20_000) {
  for (let look = 0; look < 12; look++) {
    await engine.advance(ctx, id);
    const now = await row(id);
    if (now.status === wanted) return now;
    await client.control('advance', { ms });
  }
  return expect.fail(`never ${wanted}: ${JSON.stringify(await row(id))}`);
}

let keys = 0;
const idempotencyKey = () => `key-of-a-click-${++keys}`;
async function newest(targetId: string, query: string) {
  const [found] = await engine.searchRevisions(ctx, { targetId, query });
  if (!found) return expect.fail(`no ${query}`);
  return { ref: found.ref, refKind: found.refKind, sha: found.sha };
}
async function deploy(targetId: string): Promise<string> {
  const revision = await newest(targetId, 'main');
  const input = { targetId, revision, inputs: {}, idempotencyKey: idempotencyKey() };
  return (await engine.triggerDeployment(ctx, input)).deploymentId;
}

/** As the page's button does: through the pipeline, with the digest of what was shown. */
async function press(
  targetId: string,
  mode: RenderingMode,
  more: { shown?: string; revision?: Revision; checklist?: string[] } = {},
) {
  const { shown, revision = null, checklist = [] } = more;
  const asked = { targetId, mode, sha: revision?.sha ?? null, ref: revision?.ref };
  const preflight = shown ?? (await readPreflight(ctx, asked)).digest;
  const facts = { requestId: 'req_switch', ip: null, origin: 'https://own.example', secFetchSite: 'same-origin' };
  const host = { facts, ownOrigin: 'https://own.example', resolveActor: async () => ctx.actor };
  const input = { targetId, mode, revision, preflight, checklist, idempotencyKey: idempotencyKey() };
  return runAction(switchRenderingCommand, input, { ...host, contextFor: async () => ctx });
}
const refusals = () =>
  database.db
    .select()
    .from(audit)
    .where(and(eq(audit.action, 'rendering.switch'), eq(audit.outcome, 'refused')))
    .orderBy(desc(audit.id));

describe('a dashboard on staging', () => {
  let first: string;
  let live: { production: unknown; row: unknown };

  test('a plain deployment builds the mode of its target, and the world outside shows it', async () => {
    await until(await deploy(production), 'succeeded');
    first = await deploy(staging);
    const done = await until(first, 'succeeded');
    expect(done).toMatchObject({ rendering: 'ssr', inputs: { rendering: 'ssr' } });
    expect(done.evidence).toMatchObject({ rendering: { asked: 'ssr', shown: 'ssr', by: 'record' } });
    live = { production: await record('production'), row: await target(production) };
  });

  test('moves from SSR to SSG by a deployment, proved from outside; production is left alone', async () => {
    // What was ticked for that one press is not taken over: this workflow has no such input, so it would be refused.
    const ticked = { inputs: { rendering: 'ssr', kept: true } };
    await database.db.update(deployments).set(ticked).where(eq(deployments.id, first));
    const pressed = await press(staging, 'ssg');
    if (!pressed.ok) return expect.fail(JSON.stringify(pressed));
    const { deploymentId } = pressed.value as { deploymentId: string };
    expect((await target(staging)).rendering, 'not before it is live').toBe('ssr');
    const done = await until(deploymentId, 'succeeded');
    expect(done).toMatchObject({ rendering: 'ssg', inputs: { rendering: 'ssg' } });
    expect(done.evidence).toMatchObject({ rendering: { asked: 'ssg', shown: 'ssg', by: 'record' } });
    expect(await record('staging')).toMatchObject({ mode: 'ssg', sha: done.sha, features: [] });
    expect(await target(staging)).toMatchObject({ rendering: 'ssg', currentDeploymentId: deploymentId });
    expect({ production: await record('production'), row: await target(production) }).toEqual(live);
    const { mode } = await engine.readDeployment(ctx, { deploymentId });
    expect(mode).toMatchObject({ asked: 'ssg', before: 'ssr', shown: 'ssg' });
  });

  test('is not moved where it is already, and by nobody who saw something else', async () => {
    expect(await press(staging, 'ssg')).toMatchObject({ ok: false, refusal: { code: 'mode_is_set' } });
    expect(await press(production, 'ssg', { shown: 'f'.repeat(64) })).toMatchObject({
      ok: false,
      refusal: { code: 'preflight_changed' },
    });
    const [newest, before] = await refusals();
    expect(newest).toMatchObject({ code: 'preflight_changed', environment: 'production', resourceId: production });
    expect(before).toMatchObject({ code: 'mode_is_set', environment: 'staging' });
    expect((await row((await target(staging)).currentDeploymentId ?? '')).rendering).toBe('ssg');
  });

  test('with a page that has a server action is not exported: refused with its place, audited, and nothing is started', async () => {
    const revision = await newest(production, 'feature/contact-form');
    const pressed = await press(production, 'ssg', { revision });
    expect(pressed).toMatchObject({ ok: false, refusal: { code: 'preflight_blocked' } });
    const [refused] = await refusals();
    expect(refused).toMatchObject({
      ...{ code: 'preflight_blocked', resourceId: production, environment: 'production' },
      sentence: expect.stringMatching(/cannot be built as SSG: .*server action.*dashboard\/app\/[^ ]+:\d+/i),
    });
    expect({ production: await record('production'), row: await target(production) }).toEqual(live);
  });

  test('goes through the checklist of its environment: what has to be ticked is said beforehand, and goes with the press', async () => {
    const of = eq(environments.slug, 'production');
    await database.db
      .update(environments)
      .set({ policy: { checklist: ['Backup taken'] } })
      .where(of);
    try {
      const { revision } = await previewSwitch(ctx, { targetId: production, mode: 'ssg' });
      const plan = await engine.composerPlan(ctx, { targetId: production, ...(revision ?? expect.fail('no commit')) });
      expect(plan).toMatchObject({ gate: { allowed: true }, policy: { checklist: ['Backup taken'] } });
      const refusal = { code: 'checklist_open', sentence: expect.stringContaining('switched') };
      expect(await press(production, 'ssg')).toMatchObject({ ok: false, refusal });
      const pressed = await press(production, 'ssg', { checklist: plan.policy.checklist });
      if (!pressed.ok) return expect.fail(JSON.stringify(pressed));
      const { deploymentId } = pressed.value as { deploymentId: string };
      expect(await row(deploymentId)).toMatchObject({ status: 'queued', rendering: 'ssg' });
      await engine.cancelDeployment(ctx, { deploymentId });
      expect(await row(deploymentId)).toMatchObject({ status: 'cancelled' });
    } finally {
      await database.db.update(environments).set({ policy: {} }).where(of);
    }
    expect({ production: await record('production'), row: await target(production) }).toEqual(live);
  });

  test('goes back by a roll-back, which restores the mode and says so beforehand', async () => {
    const plan = await engine.readRollBack(ctx, { targetId: staging, toDeploymentId: first });
    expect(plan.chosen?.sideEffects.join(' ')).toContain('built as SSR again');
    const { deploymentId } = await engine.rollBack(ctx, {
      ...{ targetId: staging, toDeploymentId: first, reason: 'Search broke', idempotencyKey: idempotencyKey() },
    });
    const done = await until(deploymentId, 'succeeded');
    expect(done).toMatchObject({ kind: 'rollback', rendering: 'ssr' });
    expect(done.evidence).toMatchObject({ rendering: { shown: 'ssr', by: 'record' } });
    expect(await target(staging)).toMatchObject({ rendering: 'ssr', currentDeploymentId: deploymentId });
    expect(await record('staging')).toMatchObject({ mode: 'ssr' });
    expect({ production: await record('production'), row: await target(production) }).toEqual(live);
  });
});

test('a switch keeps what the settings of the live deployment fixed, and leave open by now', async () => {
  const { componentId, connectionId } = await target(staging);
  const of = { component: { id: componentId }, connection: { id: connectionId } };
  const environment = await makeEnvironment(database.db, { slug: 'preview', name: 'preview' });
  const config = github('preview');
  const fixing = { ...config, inputs: { ...config.inputs, purge_cache: false } };
  const { id } = await makeTarget(database.db, { ...of, environment, config: fixing });
  await database.db.update(targets).set({ rendering: 'ssr' }).where(eq(targets.id, id));
  await until(await deploy(id), 'succeeded');
  await database.db.update(targets).set({ config }).where(eq(targets.id, id));
  const pressed = await press(id, 'ssg');
  if (!pressed.ok) return expect.fail(JSON.stringify(pressed));
  const { inputs } = await row((pressed.value as { deploymentId: string }).deploymentId);
  expect(inputs).toEqual({ rendering: 'ssg', purge_cache: false });
});

describe('a dashboard at a host that reads a variable', () => {
  const vercel = {
    project: 'aetherstack-dashboard',
    team: 'aetherstack',
    production: true,
    repository,
    defaultRef: 'main',
  };
  const modeOf = async (connectionId: string, config: object) => {
    const { provider, context } = await ctx.openConnection(connectionId);
    return (await provider.methods.rendering?.read(context, { ...config }, 'main'))?.mode;
  };

  test('is moved by it, for its own environment alone, and proved at an address of the host', async () => {
    const connection = { id: await connect('vercel') };
    const component = await makeComponent(database.db, { slug: 'web', kind: 'dashboard', paths: ['dashboard'] });
    const { id } = await makeTarget(database.db, { connection, component, config: vercel });
    const first = await until(await deploy(id), 'succeeded');
    expect([first.rendering, await modeOf(connection.id, vercel)], 'nobody has said a mode').toEqual([null, null]);
    const pressed = await press(id, 'ssg');
    if (!pressed.ok) return expect.fail(JSON.stringify(pressed));
    const done = await until((pressed.value as { deploymentId: string }).deploymentId, 'succeeded');
    expect(done.evidence).toMatchObject({ rendering: { shown: 'ssg', by: 'record' } });
    expect(await modeOf(connection.id, vercel)).toBe('ssg');
    expect(await modeOf(connection.id, { ...vercel, production: false }), 'previews are as they were').toBeNull();
    expect(await target(id)).toMatchObject({ rendering: 'ssg', probe: null });
  });
});
