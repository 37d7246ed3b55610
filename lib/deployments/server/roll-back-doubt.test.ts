import { eq, sql } from 'drizzle-orm';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { deployments, pins, sightings, targets } from '@/lib/db/schema';
import { Probe } from '@/lib/targets/model/probe';
import { type EngineWorld, engineWorld } from '../testing/engine-world';
import { cancelDeployment, readDeployment, readRollBack, rollBack, stopWaiting } from './index';

const [ONE, TWO, THREE, FOUR] = ['1', '2', '3', '4'].map((digit) => digit.repeat(40)) as [
  ...[string, string, string, string],
];
const targetId = 'tgt_staging';

let world: EngineWorld;
let first: string;
let good: string;
beforeEach(async () => {
  world = await engineWorld();
  world.vendor.history = [ONE, TWO, THREE, FOUR];
  first = await world.deployed('done', { sha: ONE });
  good = await world.deployed('done', { sha: TWO });
});
afterEach(() => world.close());

const plan = (toDeploymentId?: string) => readRollBack(world.as('operator'), { targetId, toDeploymentId });
const offered = async () => (await plan()).candidates.map(({ id }) => id);
const back = (toDeploymentId = good, idempotencyKey = 'key-back-1') =>
  rollBack(world.as('operator', 'ada'), {
    ...{ targetId, toDeploymentId, reason: 'It answers 500', idempotencyKey, checklist: [] },
    freezeOverrideReason: null,
  });

/** The provider calls it done, and its address answers nothing that can be used. */
async function bad(): Promise<string> {
  await world.database.db
    .update(targets)
    .set({ probe: Probe.parse({ url: 'https://api.test/version', field: 'sha' }) });
  world.outside.answer = async () => new Response('oops', { status: 500 });
  const id = await world.deployed('done', { sha: THREE });
  expect((await world.row(id)).status).toBe('verifying');
  return id;
}

const answersAgain = () => {
  world.outside.answer = async () => Response.json({ sha: TWO });
};

/** Its run ends before the provider was done. */
async function endsHalfWay(sha: string, phase: 'failed' | 'cancelled' | 'timed_out' = 'failed'): Promise<void> {
  const { deploymentId } = await world.click({ sha });
  await world.look(deploymentId);
  Object.assign(world.vendor.runs.at(-1) ?? {}, { phase });
  expect((await world.look(deploymentId)).status).toBe(phase);
}

/** A look finds something else on the target. */
async function drifts(sha: string): Promise<void> {
  const found = { driftSince: sql`now()`, driftSentence: `It says ${sha.slice(0, 7)}.`, sha };
  await world.database.db
    .insert(sightings)
    .values({ targetId, ...found })
    .onConflictDoUpdate({ target: sightings.targetId, set: found });
}

describe('what counts as live and may not be there', () => {
  test('is not gone back to where nothing went there after it', async () => {
    expect(await plan(good)).toMatchObject({
      ...{ currentOffered: null, onItsWay: null },
      chosen: { leavingThen: null, allowed: { refusal: { code: 'is_current' } } },
    });
    expect(await offered()).toEqual([first]);
    await expect(back()).rejects.toMatchObject({ code: 'is_current' });
  });

  test('a bad one is checked: going back is asked for, and held, and goes when the check is ended', async () => {
    const third = await bad();
    expect(await plan(good)).toMatchObject({
      candidates: [{ id: good }, { id: first }],
      currentOffered:
        '#3 was sent there after it and is not proven live, so #2, which counts as live here, can be put there once more.',
      onItsWay: {
        id: third,
        number: 3,
        can: 'stop-waiting',
        says: expect.stringMatching(/^#3 is on its way there and goes first/),
      },
      chosen: { totalLeaving: 0, leavingThen: { totalLeaving: 1 }, allowed: { allowed: true } },
    });
    const { deploymentId } = await back();
    expect(await world.look(deploymentId)).toMatchObject({
      status: 'queued',
      waitingFor: expect.stringContaining('#3'),
    });
    await stopWaiting(world.as('operator'), { deploymentId: third });
    answersAgain();
    expect((await world.look(deploymentId)).status).toBe('building');
    Object.assign(world.vendor.runs.at(-1) ?? {}, { phase: 'done' });
    expect(await world.look(deploymentId)).toMatchObject({ status: 'succeeded', sha: TWO });
    expect(await world.current()).toBe(deploymentId);
    expect(await world.database.db.select().from(pins)).toMatchObject([
      { kind: 'rollback', deploymentId, createdByName: 'ada', reason: 'It answers 500', liftedAt: null },
    ]);
    expect((await world.audits('deployment.request.rollback'))[0]?.sentence).toContain('It answers 500');
    // What was sent before it casts no doubt on it.
    expect(await plan(deploymentId)).toMatchObject({ currentOffered: null, chosen: { allowed: { allowed: false } } });
  });

  test.each(['failed', 'cancelled', 'timed_out'] as const)(
    'a run that ended half-way, %s: it is offered, and is not what nobody chose',
    async (phase) => {
      await endsHalfWay(THREE, phase);
      const { candidates, currentOffered } = await plan();
      expect(candidates.map(({ id }) => id)).toEqual([first, good]);
      expect(currentOffered).toMatch(/^#3 was sent there after it and ended as \w+/);
      const page = await readDeployment(world.as('operator'), { deploymentId: good });
      expect(page.actions.rollBack.allowed).toBe(true);
      expect(await back()).toMatchObject({ outcome: 'created' });
    },
  );

  test('what never reached the provider changed nothing there', async () => {
    const { deploymentId } = await world.click({ sha: THREE });
    await cancelDeployment(world.as('operator'), { deploymentId });
    world.vendor.answers = ['rejected'];
    const refused = await world.click({ sha: THREE });
    expect((await world.look(refused.deploymentId)).status).toBe('failed');
    expect(await offered()).toEqual([first]);
    await expect(back()).rejects.toMatchObject({ code: 'is_current' });
  });

  test('something else was found there: it is offered, with what was found', async () => {
    await drifts('9'.repeat(40));
    const { candidates, currentOffered } = await plan();
    expect(candidates[0]?.id).toBe(good);
    expect(currentOffered).toBe(
      'Something else was found there, so #2, which counts as live here, can be put there once more. It says 9999999.',
    );
    expect(await back()).toMatchObject({ outcome: 'created' });
    await world.database.db.update(sightings).set({ driftSince: null }).where(eq(sightings.targetId, targetId));
    expect((await plan()).currentOffered).toBeNull();
  });

  test('what mended the drift is no way back from itself, at once and before anybody looks again', async () => {
    await drifts(THREE);
    const mend = await world.deployed('done', { sha: FOUR });
    expect(await plan(mend)).toMatchObject({
      candidates: [{ id: good }, { id: first }],
      currentOffered: null,
      chosen: { allowed: { refusal: { code: 'is_current' } } },
    });
    await expect(back(mend)).rejects.toMatchObject({ code: 'is_current' });
  });

  test('what was seen there before it went live says nothing about it; seen since, it does however old', async () => {
    await drifts(THREE);
    const seen = (at: ReturnType<typeof sql>) =>
      world.database.db
        .update(sightings)
        .set({ driftSince: sql`now() - interval '1 hour'`, lookedAt: at })
        .where(eq(sightings.targetId, targetId));
    await seen(sql`now() - interval '1 minute'`);
    expect(await plan()).toMatchObject({ candidates: [{ id: first }], currentOffered: null });
    await seen(sql`now()`);
    expect((await plan()).candidates[0]?.id).toBe(good);
  });

  test('it stays first while what the provider had done stands there, also when one after that ends half-way', async () => {
    const third = await bad();
    await stopWaiting(world.as('operator'), { deploymentId: third });
    expect(await offered()).toEqual([good, first]);
    await endsHalfWay(FOUR);
    expect(await plan()).toMatchObject({
      candidates: [{ id: good }, { id: first }],
      currentOffered: expect.stringMatching(
        /^#4 was sent there after it and ended as failed: what is there may be half/,
      ),
    });
  });

  test('it is first where a run ended half-way and something else was found there, and both are said', async () => {
    await endsHalfWay(THREE);
    await drifts(THREE);
    expect(await plan()).toMatchObject({
      candidates: [{ id: good }, { id: first }],
      currentOffered:
        '#3 was sent there after it and ended as failed, and something else was found there, so #2, which counts as live here, can be put there once more. It says 3333333.',
    });
  });
});

describe('the page while another one is on its way', () => {
  test('names it and what leaves with it, and counts what waits for people too', async () => {
    const { deploymentId } = await world.click({ sha: THREE });
    await world.look(deploymentId);
    expect(await plan(first)).toMatchObject({
      onItsWay: { id: deploymentId, number: 3, can: 'cancel' },
      chosen: { totalLeaving: 1, leavingThen: { totalLeaving: 2 } },
    });
    const waiting = await world.click({ sha: TWO });
    await world.database.db
      .update(deployments)
      .set({ status: 'awaiting_approval' })
      .where(eq(deployments.id, waiting.deploymentId));
    expect((await plan(first)).chosen?.sideEffects.join(' ')).toContain('1 that waits already stays until then, too.');
  });

  test('names a roll-back that goes first, also where an older one still waits for people', async () => {
    await world.deployed('done', { sha: THREE });
    const asked = await back(first);
    await world.database.db
      .update(deployments)
      .set({ status: 'awaiting_approval' })
      .where(eq(deployments.id, asked.deploymentId));
    expect((await plan(first)).onItsWay, 'people may refuse it').toBeNull();
    const { deploymentId, number } = await back(good, 'key-back-2');
    expect((await plan(first)).onItsWay).toMatchObject({ id: deploymentId, number });
  });
});
