import { eq, sql } from 'drizzle-orm';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { attempts, pins } from '@/lib/db/schema';
import { makeTarget } from '@/lib/db/testing/factories';
import * as engine from '@/lib/deployments/server';
import { HostedWorld } from '@/lib/deployments/testing/hosted-world';
import { clientOf } from '@/lib/sandbox/testing/client';
import { sandboxFetch } from '@/lib/sandbox/transport';
import { serverBuild } from '@/scripts/agent/testing/builds';
import { API, type Own, ownServer } from '@/scripts/agent/testing/own-server';
import { newToken } from '@/scripts/agent/tokens.mjs';

const token = newToken();
let own: Own;
let world: HostedWorld;
let staging: string;
let production: string;
const configOf = (app: string) => ({ app, repository: 'aetherstack/aetherstack', defaultRef: 'main' });

beforeAll(async () => {
  own = await ownServer(['production', 'staging'], token);
  const client = await clientOf({ pace: 1 });
  const vendors = sandboxFetch(client.sandbox.url);
  const fetch: typeof globalThis.fetch = (input, init) => {
    const url = input instanceof Request ? input.url : String(input);
    return url.startsWith(API) ? own.fetch(input, init) : vendors(input, init);
  };
  const control: typeof client.control = (path, body) => {
    if (path === 'advance') own.world.advance((body as { ms: number }).ms);
    return client.control(path, body);
  };
  world = await HostedWorld.open({ client: { sandbox: client.sandbox, control }, fetch });
  const connection = { id: await world.connect('self-host', token) };
  await world.connect('github');
  const place = await makeTarget(world.database.db, { connection, config: configOf('production') });
  production = place.id;
  const component = { id: place.componentId };
  staging = (await makeTarget(world.database.db, { connection, component, config: configOf('staging') })).id;
});
afterAll(async () => {
  await world.close();
  await own.close();
});

let serial = 0;
const built = async (targetId: string, app: string) => {
  const sha = await world.push();
  expect(await own.upload(serverBuild(`build ${++serial}`), sha, app)).toBe(201);
  const { deploymentId } = await world.deploy(targetId, sha);
  return world.until(deploymentId, 'succeeded');
};
const back = (toDeploymentId: string, targetId = production) =>
  engine.rollBack(world.ctx, {
    ...{ targetId, toDeploymentId, reason: 'Errors went up', idempotencyKey: world.key() },
    freezeOverrideReason: null,
  });

test('goes back to a release that is kept, with nothing fetched, unpacked or asked of its pipeline', async () => {
  const first = await built(production, 'production');
  await built(production, 'production');
  for (let n = 0; n < 21; n++) {
    const later = serverBuild(`later ${n}`);
    expect(await own.upload(later, String(n).padStart(40, 'd'), 'production')).toBe(201);
  }
  const plan = await engine.readRollBack(world.ctx, { targetId: production, toDeploymentId: first.id });
  expect(plan.chosen).toMatchObject({ how: 'repoint', allowed: { allowed: true } });
  expect(plan.chosen?.sideEffects.join()).toContain('starts it with the variables of now');
  const before = own.markers().length;
  const { deploymentId } = await back(first.id);
  expect(await world.until(deploymentId, 'succeeded')).toMatchObject({ remoteId: first.remoteId, sha: first.sha });
  expect(own.markers(), 'no deployment of the agent').toHaveLength(before);
  expect((await engine.readHosting(world.ctx, { targetId: production }))?.serving?.deployment).toMatchObject({
    sha: first.sha,
  });
  await world.database.db.delete(pins).where(eq(pins.targetId, production));
});

test('what is not kept any more is told so on the page, and its commit is deployed', async () => {
  const first = await built(production, 'production');
  for (let n = 0; n < 5; n++) await built(production, 'production');
  const plan = await engine.readRollBack(world.ctx, { targetId: production, toDeploymentId: first.id });
  expect(plan.chosen).toMatchObject({ how: 'redeploy', allowed: { allowed: true } });
  const { deploymentId } = await back(first.id);
  const row = await world.until(deploymentId, 'succeeded');
  expect(row.remoteId).not.toBe(first.remoteId);
  await world.database.db.delete(pins).where(eq(pins.targetId, production));
});

test('a build of another app is not offered for promotion, and the press says what to do instead', async () => {
  const staged = await built(staging, 'staging');
  const plan = await engine.readPromotion(world.ctx, { targetId: production, fromDeploymentId: staged.id });
  expect(plan.chosen).toMatchObject({ how: 'rebuild', allowed: { refusal: { code: 'needs_rebuild' } } });
  expect(plan.chosen?.says).toContain('no release of the app production');
  const press = engine.promoteDeployment(world.ctx, {
    ...{ targetId: production, fromDeploymentId: staged.id, idempotencyKey: world.key() },
  });
  await expect(press).rejects.toMatchObject({
    code: 'needs_rebuild',
    sentence: expect.stringContaining('Deploy its commit'),
  });
});

describe('while a pipeline’s own deployment goes on, the agent refuses what would serve a release again', () => {
  let targetId: string;
  beforeEach(async () => {
    const connection = { id: world.connectionIds.get('self-host') ?? '' };
    ({ id: targetId } = await makeTarget(world.database.db, { connection, config: configOf('production') }));
  });
  const deploys = async () => {
    const sha = await world.push();
    expect(await own.upload(serverBuild(`build ${++serial}`), sha, 'production')).toBe(201);
    const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
    const answer = await own.fetch(`${API}/v1/apps/production/deployments`, {
      ...{ method: 'POST', headers: { ...headers, 'idempotency-key': `by-a-pipeline-${serial}` } },
      body: JSON.stringify({ artifact: { commit: sha }, commit: sha }),
    });
    expect(answer.status).toBe(201);
  };
  const serving = async () => {
    const { provider, context } = await world.ctx.openConnection(world.connectionIds.get('self-host') ?? '');
    return (await provider.methods.promote?.serving(context, configOf('production')))?.ref?.id;
  };
  /** It was refused, what went on has gone live since, and its time to be sent again has come. */
  const refused = async (deploymentId: string) => {
    const before = await serving();
    await engine.advance(world.ctx, deploymentId);
    const said = { status: 'submitting', attention: null, waitingFor: expect.stringContaining('goes on') };
    expect(await world.row(deploymentId)).toMatchObject(said);
    await world.client.control('advance', { ms: 60_000 });
    expect(await serving(), 'the pipeline’s is live').not.toBe(before);
    const over = { leaseUntil: sql`now() - interval '1 second'` as unknown as Date };
    await world.database.db.update(attempts).set(over).where(eq(attempts.deploymentId, deploymentId));
  };

  test('a roll-back waits for its end and goes over it', async () => {
    const [first] = [await built(targetId, 'production'), await built(targetId, 'production')];
    await deploys();
    const { deploymentId } = await back(first.id, targetId);
    await refused(deploymentId);
    expect(await world.until(deploymentId, 'succeeded')).toMatchObject({ attention: null, remoteId: first.remoteId });
    expect(await serving()).toBe(first.remoteId);
  });

  test('one that is called off ends as cancelled, with nobody asked and nothing sent', async () => {
    const [first] = [await built(targetId, 'production'), await built(targetId, 'production')];
    await deploys();
    const { deploymentId } = await back(first.id, targetId);
    await refused(deploymentId);
    const live = await serving();
    await engine.cancelDeployment(world.ctx, { deploymentId });
    await engine.advance(world.ctx, deploymentId);
    expect(await world.row(deploymentId)).toMatchObject({ status: 'cancelled', attention: null });
    expect(await serving()).toBe(live);
  });

  test('a promotion is older than what went live meanwhile, and makes way', async () => {
    const [first, second] = [await built(targetId, 'production'), await built(targetId, 'production')];
    const { provider, context } = await world.ctx.openConnection(world.connectionIds.get('self-host') ?? '');
    const byHand = { id: first.remoteId ?? '', attempt: 1, url: '' };
    await provider.methods.promote?.restore(context, configOf('production'), byHand);
    await world.client.control('advance', { ms: 60_000 });
    const press = { targetId, fromDeploymentId: second.id, idempotencyKey: world.key() };
    const { deploymentId } = await engine.promoteDeployment(world.ctx, press);
    await deploys();
    await refused(deploymentId);
    await engine.advance(world.ctx, deploymentId);
    expect(await world.row(deploymentId)).toMatchObject({ status: 'superseded', failureCode: 'older_than_live' });
  });
});
