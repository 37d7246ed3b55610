import { eq } from 'drizzle-orm';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { deployments } from '@/lib/db/schema';
import { ProviderError } from '@/lib/providers/port';
import { type GateWorld, gateWorld } from '../testing/gate-world';
import { cancelDeployment, overrideFreeze, readRollBack, redeploy, retryDeployment, rollBack } from './index';

const [OLD, MID, NEW] = ['1', '2', '3'].map((digit) => digit.repeat(40)) as [string, string, string];

let world: GateWorld;
beforeEach(async () => {
  world = await gateWorld();
  world.vendor.history = [OLD, MID, NEW];
});
afterEach(() => world.close());

const refusedWith = (code: string) => expect.objectContaining({ code });
const goBack = (toDeploymentId: string, key = 'key-back-1') =>
  rollBack(world.as('operator'), {
    targetId: 'tgt_staging',
    toDeploymentId,
    reason: 'Errors went up',
    idempotencyKey: key,
  });
const end = async (id: string, phase: 'done' | 'failed' = 'done') => {
  const run = world.vendor.runs.at(-1) ?? expect.fail('no run');
  run.phase = phase;
  return world.look(id);
};

test('a re-run is refused for what went live after it had failed, and for nothing that had gone live before', async () => {
  const ben = await world.person('ben');
  await world.policy('staging', { approvals: 1 });
  const [late, first] = [await world.click({ sha: NEW }), await world.click({ sha: MID })];
  for (const [{ deploymentId }, phase] of [
    [first, 'done'],
    [late, 'failed'],
  ] as const) {
    await world.approveAs(ben, deploymentId);
    await world.look(deploymentId);
    await end(deploymentId, phase);
  }
  await world.policy('staging', { approvals: 0 });
  const again = await retryDeployment(world.as('operator'), { deploymentId: late.deploymentId });
  await world.look(again.deploymentId);
  await end(again.deploymentId, 'failed');
  await world.deployed('done', { sha: NEW, inputs: { level: 'debug' } });
  await expect(retryDeployment(world.as('operator'), again)).rejects.toEqual(refusedWith('newer_is_live'));
});

test.each([
  ['the same commit with other inputs', NEW],
  ['another commit, neither older nor newer', '9'.repeat(40)],
])(
  'a re-run that was called off before it was sent is refused for what went live while it waited (%s)',
  async (_, sha) => {
    const ben = await world.person('ben');
    const failed = await world.deployed('failed', { sha: NEW });
    await world.policy('staging', { approvals: 1 });
    const waited = await retryDeployment(world.as('operator'), { deploymentId: failed });
    const { deploymentId } = await world.click({ sha, inputs: { level: 'debug' } });
    await world.approveAs(ben, deploymentId);
    await world.look(deploymentId);
    expect((await end(deploymentId)).status).toBe('succeeded');
    await cancelDeployment(world.as('operator'), waited);
    // By either of them, and also by the key that the first press had.
    for (const again of [waited.deploymentId, failed])
      await expect(retryDeployment(world.as('operator'), { deploymentId: again })).rejects.toEqual(
        refusedWith('newer_is_live'),
      );
  },
);

describe('older than live', () => {
  test('is refused at the click, except as a roll-back', async () => {
    const old = await world.deployed('done', { sha: OLD });
    await world.deployed('done', { sha: NEW });
    await expect(world.click({ sha: MID })).rejects.toEqual(refusedWith('older_than_live'));
    const again = { deploymentId: old, idempotencyKey: 'key-again-1' };
    await expect(redeploy(world.as('operator'), again)).rejects.toEqual(refusedWith('older_than_live'));
    const { deploymentId } = await goBack(old);
    await world.look(deploymentId);
    expect((await end(deploymentId)).status).toBe('succeeded');
  });

  test('by the time it is its turn ends as superseded, and says by what', async () => {
    await world.deployed('done', { sha: OLD });
    const newer = await world.click({ sha: NEW, inputs: { level: 'debug' } });
    const older = await world.click({ sha: MID });
    await world.look(newer.deploymentId);
    await end(newer.deploymentId);
    const row = await world.look(older.deploymentId);
    expect(row).toMatchObject({ status: 'superseded', supersededById: newer.deploymentId });
    expect(world.vendor.runs.map((run) => run.sha)).toEqual([OLD, NEW]);
  });

  test('is found out by the provider; without its answer nothing is sent and nothing is lost', async () => {
    await world.deployed('done', { sha: OLD });
    const first = await world.click({ sha: MID, inputs: { level: 'debug' } });
    const second = await world.click({ sha: NEW });
    await world.look(first.deploymentId);
    await end(first.deploymentId);
    world.vendor.readError = new ProviderError('unavailable', 'unreachable', 'It cannot be reached.');
    expect(await world.look(second.deploymentId)).toMatchObject({
      status: 'queued',
      troubleSentence: 'It cannot be reached.',
    });
    world.vendor.readError = null;
    expect((await world.look(second.deploymentId)).status).toBe('building');
    expect((await world.row(second.deploymentId)).comparedWithId).toBe(first.deploymentId);
  });

  test('is not asked again while nothing else went live', async () => {
    await world.deployed('done', { sha: OLD });
    const { deploymentId } = await world.click({ sha: NEW });
    const asked = world.vendor.comparisons;
    expect((await world.look(deploymentId)).status).toBe('building');
    expect(world.vendor.comparisons).toBe(asked);
  });
});

describe('the queue of a target', () => {
  test('keeps the order of the requests; a re-run does not overtake', async () => {
    const failed = await world.deployed('failed', { sha: OLD });
    const next = await world.click({ sha: NEW });
    const retry = await retryDeployment(world.as('operator'), { deploymentId: failed });
    expect((await world.look(retry.deploymentId)).waitingFor).toBe(
      `#${next.number} was asked for earlier; it goes first.`,
    );
    await world.look(next.deploymentId);
    expect((await world.look(retry.deploymentId)).waitingFor).toBe(`#${next.number} is on this target; it goes first.`);
    await end(next.deploymentId);
    expect(await world.look(retry.deploymentId)).toMatchObject({
      status: 'superseded',
      supersededById: next.deploymentId,
    });
  });

  test('a newer commit of the branch takes the place of older ones with the same inputs that nobody claimed', async () => {
    const claimed = await world.click({ sha: OLD });
    await world.look(claimed.deploymentId);
    const waiting = await world.click({ sha: MID });
    const other = await world.click({ sha: MID, inputs: { level: 'debug' } });
    const newest = await world.click({ sha: NEW });
    expect((await world.row(claimed.deploymentId)).status).toBe('building');
    expect(await world.row(waiting.deploymentId)).toMatchObject({
      status: 'superseded',
      supersededById: newest.deploymentId,
    });
    expect((await world.row(other.deploymentId)).status).toBe('queued');
    expect((await world.row(newest.deploymentId)).status).toBe('queued');
    expect(await world.timeline(waiting.deploymentId)).toEqual(['requested', 'supersede']);
  });

  test('a switch of the rendering mode is not replaced by what goes on in the mode of before', async () => {
    const change = await world.click({ sha: MID });
    const { db } = world.database;
    await db.update(deployments).set({ rendering: 'ssr' }).where(eq(deployments.id, change.deploymentId));
    const newer = await world.click({ sha: NEW });
    expect((await world.row(change.deploymentId)).status).toBe('queued');
    expect((await world.look(newer.deploymentId)).waitingFor).toContain('it goes first');
  });

  test('one that waits for people is replaced, too, when the newer one is approved', async () => {
    const ben = await world.person('ben');
    await world.policy('staging', { approvals: 1 });
    const waiting = await world.click({ sha: MID });
    const newest = await world.click({ sha: NEW });
    expect((await world.row(waiting.deploymentId)).status).toBe('awaiting_approval');
    await world.approveAs(ben, newest.deploymentId);
    expect((await world.row(waiting.deploymentId)).supersededById).toBe(newest.deploymentId);
    expect((await world.row(newest.deploymentId)).status).toBe('queued');
  });

  test('a roll-back goes before what it holds back; a re-run of something else does not slip past', async () => {
    const old = await world.deployed('done', { sha: OLD });
    await world.deployed('done', { sha: MID });
    const failed = await world.deployed('failed', { sha: NEW });
    const retry = await retryDeployment(world.as('operator'), { deploymentId: failed });
    const back = await goBack(old);
    expect((await world.look(retry.deploymentId)).waitingFor).toMatch(/^Held after a roll-back/);
    expect((await world.look(back.deploymentId)).status).toBe('building');
  });

  test('a re-run of a roll-back that had failed has a hold of its own, and once it is live no other', async () => {
    const old = await world.deployed('done', { sha: OLD });
    await world.deployed('done', { sha: NEW });
    const back = await goBack(old);
    await world.look(back.deploymentId);
    await end(back.deploymentId, 'failed');
    const retry = await retryDeployment(world.as('operator'), { deploymentId: back.deploymentId });
    const held = async () =>
      (await world.pins()).filter((pin) => pin.liftedAt === null).map(({ deploymentId }) => deploymentId);
    expect((await held()).sort()).toEqual([back.deploymentId, retry.deploymentId].sort());
    expect((await world.look(retry.deploymentId)).status).toBe('building');
    await end(retry.deploymentId);
    expect(await held()).toEqual([retry.deploymentId]);
  });

  test('a roll-back that is called off before it was sent leaves nothing held', async () => {
    const old = await world.deployed('done', { sha: OLD });
    await world.deployed('done', { sha: NEW });
    const back = await goBack(old);
    await cancelDeployment(world.as('operator'), { deploymentId: back.deploymentId });
    expect((await world.pins()).every((pin) => pin.liftedAt !== null)).toBe(true);
  });
});

describe('approved while something holds it, a newer one', () => {
  test('takes the place of what is held as well, and of nothing that a person let through a freeze', async () => {
    const ben = await world.person('ben');
    await world.policy('staging', { approvals: 1 });
    const [through, held, newest] = [
      await world.click({ sha: OLD }),
      await world.click({ sha: MID }),
      await world.click({ sha: NEW }),
    ];
    await world.freeze('staging');
    await overrideFreeze(world.as('admin'), { deploymentId: through.deploymentId, reason: 'It mends the login' });
    await world.approveAs(ben, through.deploymentId);
    await world.approveAs(ben, newest.deploymentId);
    expect((await world.row(held.deploymentId)).status).toBe('superseded');
    expect((await world.look(through.deploymentId)).status).toBe('building');
    expect((await world.look(newest.deploymentId)).status).toBe('queued');
  });

  test('replaces nothing when its own checks have failed since', async () => {
    const ben = await world.person('ben');
    await world.policy('staging', { approvals: 1, checks: 'success' });
    const [first, second] = [await world.click({ sha: MID }), await world.click({ sha: NEW })];
    world.vendor.checks[NEW] = 'failure';
    await world.approveAs(ben, first.deploymentId);
    await world.approveAs(ben, second.deploymentId);
    expect((await world.row(first.deploymentId)).status).toBe('queued');
    expect((await world.look(first.deploymentId)).status).toBe('building');
  });
});

describe('checks and checklist', () => {
  test('refuse at the click, and hold when they turn red while it waits', async () => {
    await world.policy('staging', { checks: 'success' });
    world.vendor.checks[MID] = 'pending';
    await expect(world.click({ sha: MID })).rejects.toEqual(refusedWith('checks_pending'));
    world.vendor.checks[MID] = 'success';
    const { deploymentId } = await world.click({ sha: MID });
    world.vendor.checks[MID] = 'failure';
    expect((await world.look(deploymentId)).waitingFor).toMatch(/^Checks failed on this commit/);
    world.vendor.checks[MID] = 'success';
    expect((await world.look(deploymentId)).status).toBe('building');
  });

  test('every item has to be ticked, word for word', async () => {
    await world.policy('staging', { checklist: ['Backup taken', 'Team told'] });
    await expect(world.click({ checklist: ['Backup taken'] })).rejects.toEqual(refusedWith('checklist_open'));
    const { deploymentId } = await world.click({ checklist: ['Team told', 'Backup taken'] });
    expect((await world.look(deploymentId)).status).toBe('building');
  });
});

test('the way back is shown before the click: how, how long, what leaves, what is not undone, and who else', async () => {
  const old = await world.deployed('done', { sha: OLD });
  await world.deployed('done', { sha: NEW });
  const plan = await readRollBack(world.as('operator'), { targetId: 'tgt_staging', toDeploymentId: old });
  expect(plan.candidates.map((each) => each.id)).toEqual([old]);
  expect(plan.chosen).toMatchObject({
    deployment: { id: old },
    how: 'roll-forward',
    totalLeaving: 2,
    leavingProblem: null,
    allowed: { allowed: true },
  });
  expect(plan.chosen?.sideEffects[0]).toMatch(/not undone\.$/);
  expect(plan.siblings).toEqual([]);
  const viewer = await readRollBack(world.as('viewer'), { targetId: 'tgt_staging', toDeploymentId: old });
  expect(viewer.chosen?.allowed.refusal?.code).toBe('forbidden');
  const stranger = { targetId: 'tgt_production', toDeploymentId: old };
  await expect(readRollBack(world.as('operator'), stranger)).rejects.toEqual(refusedWith('deployment_not_found'));
});
