import { eq } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { deployments, events, pins, targets } from '@/lib/db/schema';
import { makeTarget } from '@/lib/db/testing/factories';
import * as engine from '@/lib/deployments/server';
import { HOSTS, HostedWorld } from '@/lib/deployments/testing/hosted-world';
import { clientOf } from '@/lib/sandbox/testing/client';
import { sandboxFetch } from '@/lib/sandbox/transport';
import { findLive } from '@/lib/sightings/server/find-live';

let world: HostedWorld;
beforeAll(async () => {
  const client = await clientOf({ pace: 1 });
  world = await HostedWorld.open({ client, fetch: sandboxFetch(client.sandbox.url) });
  for (const id of ['vercel', 'netlify', 'github']) await world.connect(id);
});
afterAll(() => world.close());

const open = (id: 'vercel' | 'netlify') => world.ctx.openConnection(world.connectionIds.get(id) ?? '');
const makeAt = async (id: 'vercel' | 'netlify', config = HOSTS[id] as Record<string, string | boolean>) =>
  (await makeTarget(world.database.db, { connection: { id: world.connectionIds.get(id) ?? '' }, config })).id;
const built = async (targetId: string) => {
  const { deploymentId } = await world.deploy(targetId, await world.push());
  return world.until(deploymentId, 'succeeded');
};
/** A deploy's own address at Netlify: `lock`, `unlock`. */
const netlify = async (deployId: string | null, verb: string) => {
  const { context } = await open('netlify');
  const headers = { authorization: 'Bearer sandbox-token' };
  const url = `https://api.netlify.com/api/v1/deploys/${deployId}/${verb}`;
  expect((await context.fetch(url, { method: 'POST', headers })).status).toBe(200);
};
const serving = async (id: 'vercel' | 'netlify') => {
  const { provider, context } = await open(id);
  return (await provider.methods.promote?.serving(context, HOSTS[id])) ?? expect.fail('no host');
};
const heldAtNetlify = async (targetId: string) => {
  const first = await built(targetId);
  await netlify(first.remoteId, 'lock');
  const sha = await world.push();
  const held = (await world.deploy(targetId, sha)).deploymentId;
  await world.until(held, 'unlock');
  return { first, held, sha };
};

test('what is kept back is not put live over a newer build that somebody put live there: page and press say so', async () => {
  const targetId = await makeAt('netlify');
  const { first, held } = await heldAtNetlify(targetId);
  const kept = async () => (await engine.readHosting(world.ctx, { targetId }))?.kept;
  expect(await kept()).toEqual({ id: held, allowed: { allowed: true, refusal: null } });
  const { provider, context } = await open('netlify');
  const revision = { ref: 'main', refKind: 'branch', sha: await world.push() } as const;
  const byHand = { marker: 'aether-byhand-1', revision, inputs: {} };
  const newer = (await provider.methods.deploy?.trigger(context, HOSTS.netlify, byHand)) ?? expect.fail('no deploy');
  await world.client.control('advance', { ms: 120_000 });
  await provider.methods.promote?.restore(context, HOSTS.netlify, newer);
  const refusal = { code: 'older_than_live', sentence: expect.stringContaining(revision.sha.slice(0, 7)) };
  expect(await kept()).toMatchObject({ id: held, allowed: { allowed: false, refusal } });
  await expect(engine.serveHeld(world.ctx, { deploymentId: held })).rejects.toMatchObject(refusal);
  expect((await serving('netlify')).ref?.id).toBe(newer.id);
  const goesBack = { kind: 'rollback' as const };
  await world.database.db.update(deployments).set(goesBack).where(eq(deployments.id, held));
  expect((await kept())?.allowed.allowed, 'what is meant to go back').toBe(true);
  await world.database.db.update(deployments).set({ kind: 'deploy' }).where(eq(deployments.id, held));
  await engine.cancelDeployment(world.ctx, { deploymentId: held });
  await world.until(held, 'cancelled');
  await netlify(newer.id, 'unlock').catch(() => netlify(first.remoteId, 'unlock'));
});

describe('what its host keeps back is cancelled at once, and makes way', () => {
  const ended = async (held: string, label: string) => {
    await engine.cancelDeployment(world.ctx, { deploymentId: held });
    await engine.advance(world.ctx, held);
    await engine.advance(world.ctx, held);
    expect(await world.row(held)).toMatchObject({ status: 'cancelled', failureCode: null });
    const lines = await world.database.db.select().from(events).where(eq(events.deploymentId, held)).orderBy(events.id);
    expect(lines.map(({ data }) => data?.sentence)).toContain(
      `It is built at ${label}, which keeps it back, and stays there: it is not put live from here.`,
    );
  };

  test('at Netlify, while publishing is locked', async () => {
    const targetId = await makeAt('netlify');
    const { first, held } = await heldAtNetlify(targetId);
    await ended(held, 'Netlify');
    expect((await serving('netlify')).ref?.id).toBe(first.remoteId);
    await netlify(first.remoteId, 'unlock');
    await built(targetId);
  });

  test('at Vercel, after a roll-back; not while a request to put it live may be on its way, or Vercel is at it', async () => {
    const targetId = await makeAt('vercel');
    const [older] = [await built(targetId), await built(targetId)];
    const back = { targetId, toDeploymentId: older.id, reason: 'Errors', idempotencyKey: world.key() };
    await world.until((await engine.rollBack(world.ctx, back)).deploymentId, 'succeeded');
    await world.database.db.delete(pins);
    const held = (await world.deploy(targetId, await world.push())).deploymentId;
    await world.until(held, 'promotion');
    const slow = world.withHost(() => ({ promote: async () => undefined }));
    await engine.serveHeld(slow, { deploymentId: held });
    await engine.cancelDeployment(world.ctx, { deploymentId: held });
    for (let look = 0; look < 3; look++) await engine.advance(world.ctx, held);
    expect(await world.row(held)).toMatchObject({ status: 'cancelling' });
    await world.database.db.delete(events).where(eq(events.kind, 'serve_asked'));
    const change = { to: (await world.row(held)).remoteId ?? '', kind: 'promote', state: 'going-on' } as const;
    const atIt = world.withHost((host) => ({
      serving: async (...asked) => ({ ...(await host.serving(...asked)), change }),
    }));
    await engine.advance(atIt, held);
    expect(await world.row(held), 'asked for longer ago, or by somebody there').toMatchObject({ status: 'cancelling' });
    await ended(held, 'Vercel');
    expect((await serving('vercel')).ref?.id).toBe(older.remoteId);
  });
});

test('where Netlify built another commit than was chosen, that one is what is live, on every page', async () => {
  const targetId = await makeAt('netlify');
  const before = await built(targetId);
  const chosen = await world.push();
  const { deploymentId } = await world.deploy(targetId, chosen);
  const moved = await world.push();
  const { remoteId } = await world.until(deploymentId, 'failed');
  expect((await serving('netlify')).ref?.id).toBe(remoteId);
  const [target] = await world.database.db.select().from(targets).where(eq(targets.id, targetId));
  const live = await findLive(world.ctx, target ?? expect.fail('no target'));
  expect(live).toMatchObject({ kind: 'seen', sight: { sha: moved, remoteId } });
  const plan = await engine.readRollBack(world.ctx, { targetId, toDeploymentId: before.id });
  expect(plan.chosen?.leaving.map(({ sha }) => sha)).toContain(moved);
  await expect(world.deploy(targetId, chosen), 'older than what is live').rejects.toMatchObject({
    code: 'older_than_live',
    sentence: expect.stringContaining(moved.slice(0, 7)),
  });
});

test('what is live on a preview at Vercel is of the target’s own branch, whatever else Vercel builds', async () => {
  const config = { ...HOSTS.vercel, production: false };
  const targetId = await makeAt('vercel', config);
  const own = await built(targetId);
  const { provider, context } = await open('vercel');
  const revision = { ref: 'pull-7', refKind: 'branch', sha: await world.push('pull-7') } as const;
  await provider.methods.deploy?.trigger(context, config, { marker: 'aether-pull-1', revision, inputs: {} });
  await world.client.control('advance', { ms: 120_000 });
  const [target] = await world.database.db.select().from(targets).where(eq(targets.id, targetId));
  const live = await findLive(world.ctx, target ?? expect.fail('no target'));
  expect(live).toMatchObject({ kind: 'seen', sight: { sha: own.sha, remoteId: own.remoteId } });
});

test('a branch’s build of a server brings that branch’s variables to production, and the page says so first', async () => {
  const production = await makeAt('netlify');
  const { componentId } = await built(production);
  const connection = { id: world.connectionIds.get('netlify') ?? '' };
  const config = { ...HOSTS.netlify, production: false, defaultRef: 'next' };
  const staging = await makeTarget(world.database.db, { connection, component: { id: componentId }, config });
  const revision = { ref: 'next', refKind: 'branch', sha: await world.push('next') } as const;
  const { deploymentId } = await engine.triggerDeployment(world.ctx, {
    ...{ targetId: staging.id, revision, inputs: {}, checklist: [], reason: '', freezeOverrideReason: null },
    idempotencyKey: world.key(),
  });
  await world.until(deploymentId, 'succeeded');
  const effects = async () =>
    (await engine.readPromotion(world.ctx, { targetId: production, fromDeploymentId: deploymentId })).chosen
      ?.sideEffects;
  expect((await effects())?.[0]).toMatch(
    /^Its server code goes on with the variables of .*branch-deploy.*databases and keys/,
  );
  await world.database.db.update(deployments).set({ rendering: 'ssg' }).where(eq(deployments.id, deploymentId));
  expect((await effects())?.join(), 'files have no variables').not.toContain('server code');
});

describe('what is live is deployed once more', () => {
  test('not over what somebody went back to at the host, or here, while it waited', async () => {
    const targetId = await makeAt('vercel');
    await world.database.db.delete(pins);
    const { provider, context } = await open('vercel');
    const restore = (ref: string | null) =>
      provider.methods.promote?.promote(context, HOSTS.vercel, { id: ref ?? '', attempt: 1, url: '' });
    // What the test before went back to: a promotion ends that hold.
    await restore((await serving('vercel')).ref?.id ?? null);
    await world.client.control('advance', { ms: 120_000 });
    const [older, live] = [await built(targetId), await built(targetId)];
    const again = async () =>
      (await engine.redeploy(world.ctx, { deploymentId: live.id, whileLive: true, idempotencyKey: world.key() }))
        .deploymentId;
    const waiting = await again();
    await restore(older.remoteId);
    await world.client.control('advance', { ms: 120_000 });
    await engine.advance(world.ctx, waiting);
    expect(await world.row(waiting)).toMatchObject({
      status: 'superseded',
      failureCode: 'changed_there',
      remoteId: null,
    });
    expect((await serving('vercel')).ref?.id).toBe(older.remoteId);
    await restore(live.remoteId);
    await world.client.control('advance', { ms: 120_000 });
    const late = await again();
    await world.database.db.update(targets).set({ currentDeploymentId: older.id }).where(eq(targets.id, targetId));
    await engine.advance(world.ctx, late);
    expect(await world.row(late)).toMatchObject({ status: 'superseded', failureCode: 'moved_on', remoteId: null });
  });
});
