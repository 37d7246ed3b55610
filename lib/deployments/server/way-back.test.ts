import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { ServiceContext } from '@/lib/auth/context';
import { pins, targets } from '@/lib/db/schema';
import { type GateWorld, gateWorld } from '../testing/gate-world';
import { liftPin, readRollBack, retryDeployment, rollBack } from './index';

const [ONE, TWO, THREE, FOUR, FIVE] = ['1', '2', '3', '4', '5'].map((digit) => digit.repeat(40)) as [
  ...[string, string, string, string, string],
];
const targetId = 'tgt_staging';

let world: GateWorld;
let first: string;
let good: string;
let bad: string;
beforeEach(async () => {
  world = await gateWorld();
  world.vendor.history = [ONE, TWO, THREE, FOUR, FIVE];
  first = await world.deployed('done', { sha: ONE });
  good = await world.deployed('done', { sha: TWO });
  bad = await world.deployed('done', { sha: THREE });
});
afterEach(() => world.close());

const offered = async () =>
  (await readRollBack(world.as('operator'), { targetId })).candidates.map(({ number }) => number);
async function ends(deploymentId: string, phase: 'done' | 'failed') {
  await world.look(deploymentId);
  Object.assign(world.vendor.runs.at(-1) ?? {}, { phase });
  expect((await world.look(deploymentId)).status).toBe(phase === 'done' ? 'succeeded' : 'failed');
}
async function back(toDeploymentId: string, phase: 'done' | 'failed' = 'done'): Promise<string> {
  const { deploymentId } = await rollBack(world.as('operator', 'ada'), {
    ...{ targetId, toDeploymentId, reason: 'It answers 500', idempotencyKey: `key-back-${toDeploymentId}` },
    ...{ checklist: [], freezeOverrideReason: null },
  });
  await ends(deploymentId, phase);
  return deploymentId;
}
async function lift() {
  for (const { id } of await world.database.db.select().from(pins))
    await liftPin(world.as('admin', 'ada'), { pinId: id });
}
/** What the roll-back page of another target of the environment says of this one. */
async function lastGood() {
  const [here] = await world.database.db.select().from(targets).limit(1);
  const other = { id: 'tgt_other', label: 'Other', componentId: 'cmp_backend', environmentId: 'env_staging' };
  await world.database.db
    .insert(targets)
    .values({ ...other, connectionId: 'con_1', config: here?.config ?? {} })
    .onConflictDoNothing();
  const { siblings } = await readRollBack(world.as('operator'), { targetId: other.id });
  return siblings.find((each) => each.targetId === targetId)?.lastGood?.number;
}

test('what a roll-back left is not what nobody chose, and can still be chosen', async () => {
  expect(await offered()).toEqual([2, 1]);
  await back(good);
  expect(await offered(), '#2 is what is live').toEqual([1, 3, 2]);
  expect(await lastGood()).toBe(1);
});

test('nor is it once the next one fails half-way', async () => {
  await back(good);
  await lift();
  await ends((await world.click({ sha: FOUR })).deploymentId, 'failed');
  expect(await offered()).toEqual([2, 4, 3, 1]);
  expect(await lastGood()).toBe(2);
});

test('a roll-back that failed left nothing; its re-run that is live did', async () => {
  const failed = await back(good, 'failed');
  expect(await offered()).toEqual([2, 3, 1]);
  const { deploymentId } = await retryDeployment(world.as('operator', 'ada'), { deploymentId: failed });
  await ends(deploymentId, 'done');
  expect(await offered()).toEqual([1, 3, 2]);
});

test('each roll-back counts, also one of a roll-back and one to what another had left', async () => {
  const fourth = await back(good);
  await back(bad);
  expect(await offered(), '#5 is of the commit of #3').toEqual([2, 4, 3, 1]);
  await back(fourth);
  expect(await offered(), '#3, #4 and #5 were left').toEqual([1, 5, 4, 3, 2]);
  await back(first);
  expect(await offered(), 'there is no other').toEqual([1, 6, 5, 4, 3, 2]);
});

test('what goes live after a roll-back is a way back as before', async () => {
  await back(good);
  await lift();
  await world.deployed('done', { sha: FOUR });
  expect(await offered()).toEqual([4, 3, 2, 1]);
  expect(await lastGood()).toBe(4);
});

describe('what waited for approval while others went', () => {
  const click = async (sha: string) => (await world.click({ sha })).deploymentId;
  async function approved(deploymentId: string) {
    await world.approveAs(ben, deploymentId);
    await ends(deploymentId, 'done');
  }
  let ben: ServiceContext;
  beforeEach(async () => {
    ben = await world.person('ben');
    await world.policy('staging', { approvals: 1 });
  });

  test('and went live after a roll-back was not left by it', async () => {
    const fix = await click(FOUR);
    await world.policy('staging', { approvals: 0 });
    await back(good);
    await lift();
    await ends(fix, 'done');
    expect(await offered(), '#4 is what is live').toEqual([5, 3, 2, 1]);
    await world.deployed('done', { sha: FIVE });
    expect(await lastGood()).toBe(4);
  });

  test('and went live before a roll-back to what was asked for later was', async () => {
    const [late, fifth] = [await click(FIVE), await click(FOUR)];
    await approved(fifth);
    await approved(late);
    expect((await offered())[0], 'what was live before it').toBe(5);
    await world.policy('staging', { approvals: 0 });
    await back(fifth);
    expect((await offered())[0], 'with another commit than what is live now').toBe(3);
    await lift();
    await ends((await world.click({ sha: FIVE, inputs: { level: 'debug' } })).deploymentId, 'failed');
    expect(await offered(), '#6 is what is live').toEqual([5, 6, 4, 3, 2, 1]);
    expect(await lastGood()).toBe(5);
  });
});
