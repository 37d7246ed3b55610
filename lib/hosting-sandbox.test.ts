import { eq } from 'drizzle-orm';
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import type { ServiceContext } from '@/lib/auth/context';
import { readConfiguration } from '@/lib/configuration/server';
import type { Database } from '@/lib/db/client';
import { attempts, deployments, pins } from '@/lib/db/schema';
import { makeComponent, makeTarget } from '@/lib/db/testing/factories';
import * as engine from '@/lib/deployments/server';
import { HOSTS, HostedWorld } from '@/lib/deployments/testing/hosted-world';
import { ENVIRONMENT } from '@/lib/pipeline/testing/attempt';
import { HiddenValue, ProviderError } from '@/lib/providers/port';
import { type Client, clientOf } from '@/lib/sandbox/testing/client';
import { sandboxFetch } from '@/lib/sandbox/transport';
import { checkTarget } from '@/lib/targets/server';

let world: HostedWorld;
let client: Client;
let database: Database;
let ctx: ServiceContext;
let connectionIds: ReadonlyMap<string, string>;
beforeAll(async () => {
  client = await clientOf({ pace: 1 });
  world = await HostedWorld.open({ client, fetch: sandboxFetch(client.sandbox.url) });
  ({ database, ctx, connectionIds } = world);
});
afterAll(() => world.close());

const row = (id: string) => world.row(id);
const until = (id: string, wanted: string, ms?: number) => world.until(id, wanted, ms);
const deploy = (targetId: string, sha: string) => world.deploy(targetId, sha);

test('a host without any connection that has repositories says which one is missing', async () => {
  const connectionId = await world.connect('vercel');
  const check = await checkTarget(ctx, { connectionId, config: HOSTS.vercel });
  expect(check.problem).toMatchObject({ code: 'no_source', sentence: expect.stringContaining('under Connections') });
  await world.connect('netlify');
  await world.connect('github');
});

describe.each(['vercel', 'netlify'] as const)('a target at %s', (id) => {
  let targetId: string;
  let head: string;
  beforeAll(async () => {
    const connection = { id: connectionIds.get(id) ?? '' };
    targetId = (await makeTarget(database.db, { connection, config: HOSTS[id] })).id;
  });
  beforeEach(async () => {
    await client.control('scenario', { name: 'happy', pace: 1 });
    head = String((await client.control('push', { branch: 'main' })).sha);
  });

  test('is checked and offered commits through the connection that has them', async () => {
    const config = HOSTS[id];
    const check = await checkTarget(ctx, { connectionId: connectionIds.get(id) ?? '', config });
    expect(check).toMatchObject({ problem: null, form: null, revision: { ref: 'main', sha: head } });
    const other = { ...config, ...(id === 'vercel' ? { project: 'another' } : { site: 'another.netlify.app' }) };
    const unknown = await checkTarget(ctx, { connectionId: connectionIds.get(id) ?? '', config: other });
    expect(unknown.problem).toMatchObject({ code: 'not_found' });
    const [first] = await engine.searchRevisions(ctx, { targetId, query: 'main' });
    expect(first).toMatchObject({ ref: 'main', sha: head });
    const plan = await engine.composerPlan(ctx, { targetId, ref: 'main' });
    expect(plan).toMatchObject({ form: null, formless: true, gate: { allowed: true }, revision: { sha: head } });
    await client.control('push', { branch: 'main' });
    const older = await engine.composerPlan(ctx, { targetId, ref: 'main', sha: head });
    expect(older.gate.allowed, 'an older commit').toBe(id === 'vercel');
  });

  test('is deployed, followed to its end and live', async () => {
    const { deploymentId } = await deploy(targetId, head);
    expect(await until(deploymentId, 'succeeded')).toMatchObject({ sha: head, remoteId: expect.any(String) });
    const { logs } = await engine.readDeployment(ctx, { deploymentId });
    expect(logs).toEqual(id === 'vercel' ? { mode: 'poll' } : null);
  });

  test('gets one run when the answer to its start is lost, and that one is followed', async () => {
    await client.control('scenario', { acceptThen502: 1, listLagMs: 4_000 });
    const { deploymentId } = await deploy(targetId, head);
    await engine.advance(ctx, deploymentId);
    expect(await row(deploymentId)).toMatchObject({ status: 'submitting', remoteId: null });
    await engine.advance(ctx, deploymentId);
    expect((await row(deploymentId)).status, 'not listed yet: nothing is sent again').toBe('submitting');
    await client.control('scenario', { acceptThen502: 0 });
    expect(await until(deploymentId, 'succeeded')).toMatchObject({ sha: head });
    expect(await database.db.$count(attempts, eq(attempts.deploymentId, deploymentId))).toBe(1);
  });

  test('is cancelled while it builds', async () => {
    const { deploymentId } = await deploy(targetId, head);
    await until(deploymentId, 'building', 3_000);
    await engine.cancelDeployment(ctx, { deploymentId });
    await until(deploymentId, 'cancelled', 1_000);
  });
});

const atHost = async (id: string) => {
  const [target] = await database.db.query.targets.findMany({
    where: (t, { eq: is }) => is(t.connectionId, connectionIds.get(id) ?? ''),
  });
  return { targetId: target?.id ?? expect.fail('no target'), old: target?.currentDeploymentId ?? expect.fail('none') };
};

describe('going back', () => {
  test.each(['vercel', 'netlify'] as const)(
    '%s serves the earlier build again, and the target is pinned',
    async (id) => {
      const { targetId, old } = await atHost(id);
      const sha = String((await client.control('push', { branch: 'main' })).sha);
      await until((await deploy(targetId, sha)).deploymentId, 'succeeded');
      const plan = await engine.readRollBack(ctx, { targetId, toDeploymentId: old });
      expect(plan.chosen).toMatchObject({ how: 'repoint', allowed: { allowed: true } });
      const { deploymentId } = await engine.rollBack(ctx, {
        ...{ targetId, toDeploymentId: old, reason: 'Errors went up', idempotencyKey: `key-of-the-way-back-${id}` },
        freezeOverrideReason: null,
      });
      const before = await row(old);
      expect(await until(deploymentId, 'succeeded')).toMatchObject({ sha: before.sha, remoteId: before.remoteId });
      expect(await database.db.$count(pins, eq(pins.targetId, targetId))).toBe(1);
      const hosting = await engine.readHosting(ctx, { targetId });
      expect(hosting?.serving?.deployment).toMatchObject({ sha: before.sha });
      expect(hosting?.held === null, 'whether later builds wait there').toBe(id === 'netlify');
    },
  );

  test('a lost answer to it is looked up by what the host serves, also on production', async () => {
    const { targetId } = await atHost('netlify');
    await database.db.delete(pins);
    const newest = (await engine.readPromotion(ctx, { targetId })).candidates[0] ?? expect.fail('nothing newer');
    await client.control('scenario', { acceptThen502: 1 });
    const fromDeploymentId = newest.id;
    const { deploymentId } = await engine.promoteDeployment(ctx, {
      ...{ targetId, fromDeploymentId, reason: '', idempotencyKey: 'key-of-a-lost-answer' },
    });
    await engine.advance(ctx, deploymentId);
    await client.control('scenario', { acceptThen502: 0 });
    expect(await until(deploymentId, 'succeeded')).toMatchObject({ kind: 'promote', remoteId: expect.any(String) });
    expect(await database.db.$count(attempts, eq(attempts.deploymentId, deploymentId))).toBe(1);
  });
});

test('a way back whose answer got lost is not sent over what was put live at the host by hand', async () => {
  const { targetId } = await atHost('netlify');
  await database.db.delete(pins);
  const sha = String((await client.control('push', { branch: 'main' })).sha);
  const live = await until((await deploy(targetId, sha)).deploymentId, 'succeeded');
  const builds = await database.db.select().from(deployments).where(eq(deployments.targetId, targetId));
  const past = builds.filter((each) => each.status === 'succeeded' && each.remoteId !== live.remoteId);
  const byHand = past.find(({ remoteId }) => remoteId !== past[0]?.remoteId)?.remoteId ?? expect.fail('no other build');
  const { deploymentId } = await engine.rollBack(ctx, {
    ...{ targetId, toDeploymentId: past[0]?.id ?? '', reason: 'Errors', idempotencyKey: 'key-of-one-by-hand' },
    freezeOverrideReason: null,
  });
  const elsewhere = world.withHost((hosting) => ({
    async restore(context, config, ref) {
      await hosting.restore(context, config, ref);
      await hosting.restore(context, config, { ...ref, id: byHand });
      throw new ProviderError('unavailable', 'network', 'The answer got lost.', { ambiguous: true });
    },
  }));
  await engine.advance(elsewhere, deploymentId);
  expect(await row(deploymentId)).toMatchObject({ status: 'submitting', attention: 'unknown_outcome' });
  expect(await database.db.$count(attempts, eq(attempts.deploymentId, deploymentId))).toBe(1);
  await engine.resolveUnknown(ctx, { deploymentId, decision: 'give_up', reason: 'Put back by hand' });
});

describe('a build that Vercel keeps back after a roll-back', () => {
  test('is put live by the press on its page, through the gates, and ends the hold', async () => {
    const { targetId } = await atHost('vercel');
    await database.db.delete(pins);
    const sha = String((await client.control('push', { branch: 'main' })).sha);
    const { deploymentId } = await deploy(targetId, sha);
    await until(deploymentId, 'promotion');
    await engine.serveHeld(ctx, { deploymentId });
    await until(deploymentId, 'succeeded');
    expect((await engine.readHosting(ctx, { targetId }))?.held).toBeNull();
    await expect(engine.serveHeld(ctx, { deploymentId })).rejects.toMatchObject({ code: 'not_held' });
  });
});

describe('built once, promoted', () => {
  const EDITION = 'NEXT_PUBLIC_EDITION';
  let staging: string;
  let production: string;
  let connectionId: string;
  const promote = (fromDeploymentId: string, key: string) =>
    engine.promoteDeployment(ctx, { targetId: production, fromDeploymentId, idempotencyKey: key });
  const setSetting = async (place: string, name: string, value: string) => {
    const { provider, context } = await ctx.openConnection(connectionId);
    const { places = [] } = (await provider.methods.configuration?.reads(context, configOf(place), '')) ?? {};
    const [nearest] = places.filter(({ scope }) => scope === (place === 'main' ? 'production' : 'branch-deploy'));
    const setting = { kind: 'variable', name, value: new HiddenValue(value) } as const;
    await provider.methods.configuration?.write(context, nearest?.id ?? '', setting);
  };
  const configOf = (branch: string) => ({ ...HOSTS.netlify, production: branch === 'main', defaultRef: branch });
  const built = async (targetId: string, branch: string) => {
    const sha = String((await client.control('push', { branch })).sha);
    const revision = { ref: branch, refKind: 'branch', sha } as const;
    const { deploymentId } = await engine.triggerDeployment(ctx, {
      ...{ targetId, revision, inputs: {}, idempotencyKey: world.key() },
    });
    await until(deploymentId, 'succeeded');
    return deploymentId;
  };

  beforeAll(async () => {
    await client.control('scenario', { name: 'happy', pace: 1 });
    connectionId = connectionIds.get('netlify') ?? '';
    const component = await makeComponent(database.db, { kind: 'dashboard' });
    const connection = { id: connectionId };
    const place = async (branch: string) =>
      (await makeTarget(database.db, { component, connection, config: configOf(branch) })).id;
    [staging, production] = [await place('next'), await place('main')];
    await built(production, 'main');
  });

  test('what carries staging’s public values is refused by name, in the plan and by the verb', async () => {
    const from = await built(staging, 'next');
    expect((await row(from)).evidence).toMatchObject({ baked: [{ name: EDITION, hash: expect.any(String) }] });
    const plan = await engine.readPromotion(ctx, { targetId: production, fromDeploymentId: from });
    expect(plan.chosen).toMatchObject({ how: 'build', baked: { state: 'differs', names: [EDITION] } });
    expect(plan.chosen?.allowed.refusal).toMatchObject({ code: 'baked_differs' });
    await expect(promote(from, 'key-of-a-refused-one')).rejects.toMatchObject({
      code: 'baked_differs',
      sentence: expect.stringContaining(EDITION),
    });
  });

  test('the same build goes live on production when its values are production’s, and nothing is built', async () => {
    await setSetting('next', EDITION, 'stable');
    const from = await built(staging, 'next');
    const before = (await client.control('requests')).requests as { path: string; method: string }[];
    const { deploymentId } = await promote(from, 'key-of-a-promotion');
    const done = await until(deploymentId, 'succeeded');
    expect(done).toMatchObject({ kind: 'promote', sourceDeploymentId: from, remoteId: (await row(from)).remoteId });
    const after = (await client.control('requests')).requests as { path: string; method: string }[];
    const sent = after.slice(before.length).filter(({ method }) => method !== 'GET');
    expect(sent.map(({ path }) => path)).toEqual([expect.stringContaining('/restore')]);
    const hosting = await engine.readHosting(ctx, { targetId: production });
    expect(hosting?.addresses[0]?.deployment).toMatchObject({ number: done.number });
    expect(hosting?.preview).toMatchObject({ screenshot: true });
    await expect(promote(from, 'key-of-a-second-one')).rejects.toMatchObject({ code: 'is_live' });
    const preview = await engine.readPreview(ctx, { deploymentId });
    expect(preview).toMatchObject({
      deploymentId,
      address: hosting?.preview?.address,
      screenshot: true,
      problem: null,
    });
    const shot = await engine.readScreenshot(ctx, { deploymentId });
    expect(shot.type).toBe('image/png');
  });

  test('what changed at the host after the build is told by name', async () => {
    const changed = async () => (await engine.readHosting(ctx, { targetId: production }))?.changed;
    expect((await changed())?.names).not.toContain('SITE_TITLE');
    await setSetting('main', 'SITE_TITLE', 'AetherStack at work');
    const { names, again } = (await changed()) ?? expect.fail('nothing changed');
    expect(names).toContain('SITE_TITLE');
    const wayOn = {
      code: 'other_branch',
      sentence: expect.stringContaining('deploy next once more where it was built'),
    };
    expect(again?.allowed, 'Netlify builds no branch for production but its own').toMatchObject({ refusal: wayOn });
    const press = { deploymentId: again?.live.id ?? '', whileLive: true, idempotencyKey: world.key() };
    await expect(engine.redeploy(ctx, press)).rejects.toMatchObject(wayOn);
  });

  test('what changed stands on the matrix without asking, and one press deploys what is live once more', async () => {
    const { environmentId } = await row(await built(production, 'main'));
    const onMatrix = async () => {
      const mute = { ...ctx, openConnection: () => expect.fail('the host was asked') };
      const cells = (await engine.readMatrix(mute)).rows.flatMap(({ cells }) => Object.values(cells).flat());
      return cells.find(({ targetId }) => targetId === production)?.changed?.names ?? [];
    };
    await setSetting('main', 'SITE_TITLE', 'AetherStack at home');
    for (const [name, value] of Object.entries(ENVIRONMENT)) vi.stubEnv(name, value);
    await readConfiguration(ctx, { environment: environmentId });
    vi.unstubAllEnvs();
    expect(await onMatrix()).toContain('SITE_TITLE');
    const hosting = await engine.readHosting(ctx, { targetId: production });
    const { live, allowed } = hosting?.changed?.again ?? expect.fail('nothing changed');
    expect(allowed).toEqual({ allowed: true, refusal: null });
    const press = (deploymentId: string) =>
      engine.redeploy(ctx, { deploymentId, whileLive: true, idempotencyKey: world.key() });
    const { deploymentId } = await press(live.id);
    const going = await engine.readHosting(ctx, { targetId: production });
    expect(going?.changed?.again?.next, 'what may bring it').toMatchObject({ id: deploymentId });
    const done = await until(deploymentId, 'succeeded');
    expect(done).toMatchObject({ kind: 'deploy', sha: live.sha });
    // The vendor's clock was put forward while it built.
    const submittedAt = new Date(Date.now() + 86_400_000);
    await database.db.update(deployments).set({ submittedAt }).where(eq(deployments.id, deploymentId));
    expect(await onMatrix()).toEqual([]);
    const after = await engine.readHosting(ctx, { targetId: production });
    expect(after?.changed, 'nothing to press for, so its host is not asked about that').toMatchObject({
      ...{ names: [], again: null },
    });
    await expect(press(live.id)).rejects.toMatchObject({ code: 'moved_on' });
  });
});
