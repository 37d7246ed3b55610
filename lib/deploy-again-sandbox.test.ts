import { eq, sql } from 'drizzle-orm';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { attempts, deployments, targets } from '@/lib/db/schema';
import { personActor } from '@/lib/db/testing/context';
import { makeTarget } from '@/lib/db/testing/factories';
import * as engine from '@/lib/deployments/server';
import { HOSTS, HostedWorld } from '@/lib/deployments/testing/hosted-world';
import { HiddenValue, ProviderError } from '@/lib/providers/port';
import { clientOf } from '@/lib/sandbox/testing/client';
import { sandboxFetch } from '@/lib/sandbox/transport';

let world: HostedWorld;
let targetId: string;
let older: string;
let live: string;
/** Goes live past the target. */
let newest: string;
/** Of another target of the same project: what it puts live, it puts live past the first. */
let elsewhere: string;
beforeAll(async () => {
  const client = await clientOf({ pace: 1 });
  world = await HostedWorld.open({ client, fetch: sandboxFetch(client.sandbox.url) });
  const connection = { id: await world.connect('vercel') };
  await world.connect('github');
  ({ id: targetId } = await makeTarget(world.database.db, { connection, config: HOSTS.vercel }));
  older = await built(targetId);
  live = await built(targetId);
  const { componentId } = await world.row(live);
  const place = { connection, component: { id: componentId }, config: HOSTS.vercel };
  ({ id: elsewhere } = await makeTarget(world.database.db, place));
});
afterAll(() => world.close());

const built = async (target: string) => {
  const { deploymentId } = await world.deploy(target, await world.push());
  return (await world.until(deploymentId, 'succeeded')).id;
};
const press = (deploymentId: string, whileLive?: boolean) =>
  engine.redeploy(world.ctx, { deploymentId, whileLive, idempotencyKey: world.key() });
/** As its page shows it once a variable changed there, which makes the press be asked about. */
const hosting = async () => {
  const { provider, context } = await world.ctx.openConnection(world.connectionIds.get('vercel') ?? '');
  const { reads, write } = provider.methods.configuration ?? expect.fail('no variables');
  const { places = [] } = await reads(context, HOSTS.vercel, '');
  const place = places.find(({ scope }) => scope === 'production')?.id ?? expect.fail('no production');
  await write(context, place, { kind: 'variable', name: 'SITE_TITLE', value: new HiddenValue(world.key()) });
  return (await engine.readHosting(world.ctx, { targetId })) ?? expect.fail('no host');
};
const byHand = async (deploymentId: string) => {
  const { connectionId, config, remoteId } = await world.row(deploymentId);
  const { provider, context } = await world.ctx.openConnection(connectionId);
  await provider.methods.promote?.restore(context, config, { id: remoteId ?? '', attempt: 1, url: '' });
};

test('an older commit is not put over a newer one that went live at the host past this target', async () => {
  expect((await hosting()).changed?.again?.allowed).toEqual({ allowed: true, refusal: null });
  newest = await built(elsewhere);
  const { changed, changedThere } = await hosting();
  expect(changedThere).toMatchObject({ id: live, older: true });
  const refusal = {
    code: 'older_than_live',
    sentence: expect.stringContaining((await world.row(newest)).sha.slice(0, 7)),
  };
  expect(changed?.again?.allowed).toMatchObject({ allowed: false, refusal });
  await expect(press(live, true)).rejects.toMatchObject(refusal);
  await expect(press(live), 'on the page of the deployment too').rejects.toMatchObject(refusal);
  expect((await hosting()).serving?.deployment, 'nothing was sent').toMatchObject({ id: newest });
});

const count = () => world.database.db.$count(deployments, eq(deployments.targetId, targetId));

test('nor from the composer, which says so before the press; a newer one is deployed', async () => {
  const { sha } = await world.row(live);
  const before = await count();
  const plan = await engine.composerPlan(world.ctx, { targetId, ref: 'main', sha });
  expect(plan.gate).toMatchObject({ allowed: false, refusal: { code: 'older_than_live' } });
  await expect(world.deploy(targetId, sha)).rejects.toMatchObject({ code: 'older_than_live' });
  expect(await count()).toBe(before);
  const newer = await engine.composerPlan(world.ctx, { targetId, ref: 'main', sha: await world.push() });
  expect(newer.gate).toEqual({ allowed: true, refusal: null });
});

test('a host that cannot be asked gets nothing and says so, at the press and before it is sent; it goes on when it answers', async () => {
  const serving = () =>
    Promise.reject(new ProviderError('unavailable', 'network', 'Vercel does not answer.', { ambiguous: true }));
  const silent = world.withHost(() => ({ serving }));
  const sha = await world.push();
  const refusal = { code: 'network', sentence: expect.stringContaining('does not answer') };
  const plan = await engine.composerPlan(silent, { targetId, ref: 'main', sha });
  expect(plan.gate).toMatchObject({ allowed: false, refusal });
  const revision = { ref: 'main', refKind: 'branch', sha } as const;
  const click = { targetId, revision, inputs: {}, idempotencyKey: world.key() };
  await expect(engine.triggerDeployment(silent, click)).rejects.toMatchObject({ code: 'network' });
  const { deploymentId } = await engine.triggerDeployment(world.ctx, click);
  // Whatever is the matter: a credential that is being replaced does not end what people approved.
  for (const kind of ['unavailable', 'auth', 'protocol', 'notFound', 'rejected'] as const) {
    const said = (): Promise<never> => Promise.reject(new ProviderError(kind, 'odd', 'Vercel does not answer.'));
    await engine.advance(
      world.withHost(() => ({ serving: said })),
      deploymentId,
    );
    const waits = 'Vercel could not be asked what it serves, so nothing was started: Vercel does not answer.';
    expect(await world.row(deploymentId), kind).toMatchObject({
      status: 'submitting',
      remoteId: null,
      waitingFor: waits,
    });
    const over = { leaseUntil: sql`now() - interval '1 second'` as unknown as Date };
    await world.database.db.update(attempts).set(over).where(eq(attempts.deploymentId, deploymentId));
  }
  await world.until(deploymentId, 'succeeded');
  live = deploymentId;
});

test('what goes live at the host after the press is not written over: asked again before the request', async () => {
  const { deploymentId } = await world.deploy(targetId, await world.push());
  newest = await built(elsewhere);
  expect(await world.until(deploymentId, 'superseded')).toMatchObject({
    ...{ failureCode: 'older_than_live', remoteId: null, supersededById: newest },
    failureSentence: expect.stringContaining((await world.row(newest)).sha.slice(0, 7)),
  });
  const states = await world.database.db.select().from(attempts).where(eq(attempts.deploymentId, deploymentId));
  expect(states.map(({ state }) => state)).toEqual(['refused']);
  const { supersededBy, failure, timeline } = await engine.readDeployment(world.ctx, { deploymentId });
  expect({ supersededBy, failure }).toMatchObject({
    supersededBy: { id: newest },
    failure: { code: 'older_than_live' },
  });
  const kinds = timeline.map(({ kind }) => kind);
  expect(kinds, 'claimed work is never superseded: it goes back first').toEqual([
    ...['requested', 'claim', 'requeue', 'supersede'],
  ]);
  expect((await hosting()).serving?.deployment, 'nothing was sent').toMatchObject({ id: newest });
});

test('who overtook it is named only to those who may see that, and to everybody by its commit', async () => {
  const [row] = await world.database.db.select().from(deployments).where(eq(deployments.supersededById, newest));
  const deploymentId = row?.id ?? expect.fail('nothing was superseded');
  const { environment } = await engine.readDeployment(world.ctx, { deploymentId });
  const actor = personActor([{ role: 'viewer', environmentPattern: environment.slug }]);
  const seen = await engine.readDeployment({ ...world.ctx, actor }, { deploymentId });
  const sentence = expect.stringContaining((await world.row(newest)).sha.slice(0, 7));
  expect(seen).toMatchObject({ status: 'superseded', supersededBy: null, failure: { sentence } });
});

test('what is called off while its host is asked is cancelled, and a Git push that nobody here made overtakes as well', async () => {
  const { deploymentId } = await world.deploy(targetId, await world.push());
  newest = await built(elsewhere);
  const calledOff = world.withHost((host) => ({
    serving: async (...asked) => {
      await engine.cancelDeployment(world.ctx, { deploymentId });
      return host.serving(...asked);
    },
  }));
  await engine.advance(calledOff, deploymentId);
  expect(await world.row(deploymentId)).toMatchObject({ status: 'cancelled', supersededById: null, remoteId: null });
  const { deploymentId: other } = await world.deploy(targetId, await world.push());
  newest = await built(elsewhere);
  // As a push past the console leaves it: no row of ours knows that build.
  const { remoteId } = await world.row(newest);
  await world.database.db.update(deployments).set({ remoteId: null }).where(eq(deployments.id, newest));
  expect(await world.until(other, 'superseded')).toMatchObject({
    ...{ failureCode: 'older_than_live', supersededById: null },
    failureSentence: expect.stringContaining((await world.row(newest)).sha.slice(0, 7)),
  });
  await world.database.db.update(deployments).set({ remoteId }).where(eq(deployments.id, newest));
});

const setLive = (currentDeploymentId: string) =>
  world.database.db.update(targets).set({ currentDeploymentId }).where(eq(targets.id, targetId));
/** Something else goes live here while the provider is read. */
const overtaken = () =>
  world.with(({ methods: { source } }) => {
    if (!source) return {};
    const commit: typeof source.commit = async (...asked) => {
      await setLive(older);
      return source.commit(...asked);
    };
    return { source: { ...source, commit } };
  });

test('what goes live here between the question and the lock refuses the press under the lock', async () => {
  const before = await count();
  const revision = { ref: 'main', refKind: 'branch', sha: await world.push() } as const;
  const deploy = engine.triggerDeployment(overtaken(), { targetId, revision, inputs: {}, idempotencyKey: world.key() });
  await expect(deploy).rejects.toMatchObject({ code: 'moved_on' });
  expect(await count()).toBe(before);
  await setLive(live);
});

// Last: going back by hand makes Vercel keep back what is built later.
test('what counts as live is not deployed again while the host serves another build, whichever', async () => {
  await byHand(older);
  const { changed, changedThere } = await hosting();
  expect(changedThere).toMatchObject({ id: live, older: false });
  expect(changed?.again?.allowed).toMatchObject({ allowed: false, refusal: { code: 'changed_there' } });
  await expect(press(live, true)).rejects.toMatchObject({ code: 'changed_there' });
  await byHand(live);
  expect((await hosting()).changed?.again?.allowed.allowed).toBe(true);
  const again = { deploymentId: live, whileLive: true, idempotencyKey: world.key() };
  await expect(engine.redeploy(overtaken(), again)).rejects.toMatchObject({ code: 'moved_on' });
});

const rollBack = (toDeploymentId: string, ctx = world.ctx) => {
  const back = { targetId, toDeploymentId, reason: 'Errors went up', idempotencyKey: world.key() };
  return engine.rollBack(ctx, { ...back, freezeOverrideReason: null });
};
const planOf = (toDeploymentId: string) => engine.readRollBack(world.ctx, { targetId, toDeploymentId });

test('what counts as live is gone back to where a newer build went live at the host, and only there', async () => {
  await setLive(live);
  await byHand(live);
  expect((await planOf(live)).chosen?.allowed).toMatchObject({ refusal: { code: 'is_current' } });
  await expect(rollBack(live)).rejects.toMatchObject({ code: 'is_current' });
  const mute = world.withHost(() => ({
    serving: () => Promise.reject(new ProviderError('unavailable', 'network', 'Vercel does not answer.')),
  }));
  await expect(rollBack(live, mute)).rejects.toMatchObject({ code: 'network' });
  await byHand(newest);
  const { chosen, candidates } = await planOf(live);
  expect(candidates.map(({ id }) => id)).toEqual([live, ...candidates.map(({ id }) => id).filter((id) => id !== live)]);
  const served = (await world.row(newest)).sha;
  expect(chosen).toMatchObject({ how: 'repoint', allowed: { allowed: true }, leavingProblem: null });
  expect(chosen?.sideEffects[0]).toContain(`a build of ${served.slice(0, 7)} and not #`);
  expect(
    chosen?.leaving.map(({ sha }) => sha),
    'of what the host serves',
  ).toContain(served);
  const { deploymentId } = await rollBack(live);
  const { sha, remoteId } = await world.row(live);
  expect(await world.until(deploymentId, 'succeeded')).toMatchObject({ kind: 'rollback', sha, remoteId });
  expect((await hosting()).serving?.deployment).toMatchObject({ sha });
});

test('a roll-back is meant to go back: it asks nobody what is newer', async () => {
  await byHand(newest);
  await world.until((await rollBack(older)).deploymentId, 'succeeded');
});
