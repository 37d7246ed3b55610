import { eq, sql } from 'drizzle-orm';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { ServiceContext } from '@/lib/auth/context';
import { attempts, targets } from '@/lib/db/schema';
import { makeDeployment } from '@/lib/db/testing/factories';
import { lock } from '@/lib/gates/server';
import { ProviderError } from '@/lib/providers/port';
import { type EngineWorld, engineWorld } from '../testing/engine-world';
import { advance, cancelDeployment } from '.';

const SILENCE = new ProviderError('unavailable', 'not_answering', 'It does not answer, so this was not sent.');

let world: EngineWorld;
let silent: boolean;
beforeEach(async () => {
  world = await engineWorld();
  silent = true;
});
afterEach(() => world.close());

const engine = (): ServiceContext => ({
  ...world.engine,
  openConnection: async (...how) => ({
    ...(await world.engine.openConnection(...how)),
    requireAnswering: () => {
      if (silent) throw SILENCE;
    },
  }),
});
const look = async (id: string) => {
  await advance(engine(), id);
  return world.row(id);
};

test('nothing is claimed while nobody answers there: it keeps its place, says so, and goes when somebody does', async () => {
  const { deploymentId } = await world.click();
  expect(await look(deploymentId)).toMatchObject({
    ...{ status: 'queued', troubleCount: 1, troubleSentence: SILENCE.message },
  });
  await look(deploymentId);
  expect([await world.attemptsOf(deploymentId), world.vendor.requests]).toEqual([[], 0]);
  silent = false;
  expect(await look(deploymentId)).toMatchObject({ status: 'building', troubleCount: 0 });
  expect(await world.attemptsOf(deploymentId)).toHaveLength(1);
});

test('nor is a further attempt made of what was refused', async () => {
  silent = false;
  world.vendor.answers = ['unavailable'];
  const { deploymentId } = await world.click();
  expect((await look(deploymentId)).status).toBe('submitting');
  silent = true;
  for (let times = 0; times < 3; times += 1) {
    await world.passTime(60);
    await look(deploymentId);
  }
  const states = async () => (await world.attemptsOf(deploymentId)).map(({ state }) => state);
  expect(await states()).toEqual(['refused']);
  silent = false;
  await world.passTime(60);
  expect((await look(deploymentId)).status).toBe('building');
  expect(await states()).toEqual(['refused', 'accepted']);
});

test('what a gate holds says that, and not that nobody answers', async () => {
  const { deploymentId } = await world.click();
  await lock(world.as('admin'), { targetId: 'tgt_staging', reason: 'Migration' });
  expect(await look(deploymentId)).toMatchObject({ troubleCount: 0, waitingFor: expect.stringContaining('Migration') });
});

test('hundreds wait in turns, and a roll-back does not wait for its turn among them', async () => {
  const { db } = world.database;
  const [target] = await db.select().from(targets).where(eq(targets.id, 'tgt_staging'));
  if (!target) throw new Error('No target.');
  const waits = (id: string, kind: 'deploy' | 'rollback') =>
    db
      .insert(targets)
      .values({ ...target, id, label: id })
      .then(async () => {
        const more = { kind, troubleCount: 1, nextCheckAt: new Date(0), sha: 'a'.repeat(40) };
        return (await makeDeployment(db, { ...target, id }, 'queued', more)).id;
      });
  for (let n = 0; n < 400; n += 1) await waits(`tgt_${n}`, 'deploy');
  const inSeconds = async (id: string) => ((await look(id)).nextCheckAt?.getTime() ?? 0) / 1000 - Date.now() / 1000;
  expect(await inSeconds(await waits('tgt_one', 'deploy'))).toBeGreaterThan(25);
  expect(await inSeconds(await waits('tgt_back', 'rollback'))).toBeLessThan(7);
});

/** Claimed, and its one request was refused; then somebody wants no more of it. */
async function cancelledUnsent() {
  silent = false;
  world.vendor.answers = ['unavailable'];
  const { deploymentId } = await world.click();
  expect((await look(deploymentId)).status).toBe('submitting');
  silent = true;
  await cancelDeployment(world.as('operator'), { deploymentId });
  return deploymentId;
}

test('what was never taken is called off at once, whether anybody answers or not, and however long a pause lasts', async () => {
  const id = await cancelledUnsent();
  const { db } = world.database;
  await db.update(attempts).set({ leaseUntil: sql`now() + interval '6 hours'` });
  expect(await look(id)).toMatchObject({ status: 'cancelled' });
  expect(world.vendor.runs).toEqual([]);
});

test('also where the provider could stop no run', async () => {
  const { manifest } = world.vendor.provider as unknown as { manifest: { capabilities: { cancel?: unknown } } };
  delete manifest.capabilities.cancel;
  expect((await look(await cancelledUnsent())).status).toBe('cancelled');
});

test('but not where its answer was lost, at a provider that could stop no run: it may be there', async () => {
  const { manifest } = world.vendor.provider as unknown as { manifest: { capabilities: { cancel?: unknown } } };
  delete manifest.capabilities.cancel;
  silent = false;
  world.vendor.answers = ['accepted-then-lost'];
  world.vendor.listable = false;
  const { deploymentId } = await world.click();
  expect((await look(deploymentId)).status).toBe('submitting');
  await expect(cancelDeployment(world.as('operator'), { deploymentId })).rejects.toMatchObject({ code: 'unsupported' });
  expect((await world.row(deploymentId)).status).toBe('submitting');
});

test('nor where an earlier request may have been taken, though the newest was refused', async () => {
  const { manifest } = world.vendor.provider as unknown as { manifest: { capabilities: { cancel?: unknown } } };
  delete manifest.capabilities.cancel;
  silent = false;
  world.vendor.answers = ['unavailable'];
  const { deploymentId } = await world.click();
  await look(deploymentId);
  const [refused] = await world.attemptsOf(deploymentId);
  if (!refused) throw new Error('No attempt.');
  await world.database.db
    .insert(attempts)
    .values({ ...refused, id: 'att_before', number: refused.number - 1, marker: 'before', state: 'absent' });
  await expect(cancelDeployment(world.as('operator'), { deploymentId })).rejects.toMatchObject({ code: 'unsupported' });
});

test('what it waited for before is not said any more once it has its turn and nobody answers', async () => {
  silent = false;
  const first = await world.click();
  await look(first.deploymentId);
  const { deploymentId } = await world.click({ sha: 'b'.repeat(40) });
  expect((await look(deploymentId)).waitingFor).toMatch(/it goes first/);
  for (const run of world.vendor.runs) run.phase = 'failed';
  await look(first.deploymentId);
  silent = true;
  expect(await look(deploymentId)).toMatchObject({ waitingFor: null, troubleSentence: SILENCE.message });
});
