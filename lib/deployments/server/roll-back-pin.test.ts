import { eq } from 'drizzle-orm';
import { Client } from 'pg';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { pins } from '@/lib/db/schema';
import { readHolds } from '@/lib/gates/server';
import { capability, ProviderError } from '@/lib/providers/port';
import { type GateWorld, gateWorld } from '../testing/gate-world';
import { cancelDeployment, liftPin, overrideFreeze, readRollBack, retryDeployment, rollBack } from './index';
import { readOnItsWay } from './on-its-way';

const [OLD, MID, NEW] = ['1', '2', '3'].map((digit) => digit.repeat(40)) as [string, string, string];

let world: GateWorld;
beforeEach(async () => {
  world = await gateWorld();
  world.vendor.history = [OLD, MID, NEW];
});
afterEach(() => world.close());

const goBack = (toDeploymentId: string, key: string, who = world.as('operator'), override: string | null = null) =>
  rollBack(who, {
    targetId: 'tgt_staging',
    toDeploymentId,
    reason: 'Errors went up',
    idempotencyKey: key,
    freezeOverrideReason: override,
  });
const end = async (id: string, phase: 'done' | 'failed' = 'done') => {
  const run = world.vendor.runs.at(-1) ?? expect.fail('no run');
  run.phase = phase;
  return world.look(id);
};
const openPins = async () => (await world.pins()).filter((pin) => pin.liftedAt === null);
/** OLD, then MID are live; NEW waits; a roll-back to OLD runs. */
async function backUnderWay() {
  const old = await world.deployed('done', { sha: OLD });
  await world.deployed('done', { sha: MID });
  const waiting = await world.click({ sha: NEW });
  const { deploymentId: back } = await goBack(old, 'key-back-1');
  await world.look(back);
  return { old, waiting: waiting.deploymentId, back };
}
/** The run is done, and from then on the provider cannot be reached. */
async function doneThenUnreachable(back: string) {
  const status = capability(world.vendor.provider, 'status');
  const { observe } = status;
  let looks = 0;
  status.observe = (...asked) => {
    looks += 1;
    if (looks > 1) return Promise.reject(new ProviderError('unavailable', 'down', 'It is down.'));
    return observe(...asked);
  };
  return end(back);
}

describe('a roll-back of which nobody knows how it ended', () => {
  test('has its time while it only cannot be read back, and keeps its pin', async () => {
    const { back, waiting } = await backUnderWay();
    expect((await doneThenUnreachable(back)).status).toBe('verifying');
    await world.passTime(16 * 60);
    expect((await world.look(back)).status).toBe('verifying');
    expect((await world.look(waiting)).status).toBe('queued');
    expect(await openPins()).toHaveLength(1);
  });

  test('keeps its pin when its time is over, says so, and what it holds back is not sent', async () => {
    const { back, waiting } = await backUnderWay();
    await doneThenUnreachable(back);
    await world.database.pool.query(`update deployments set status_since = status_since - interval '25 hours'`);
    await world.passTime(16 * 60);
    expect((await world.look(back)).status).toBe('timed_out');
    expect(await openPins()).toMatchObject([{ deploymentId: back }]);
    expect(await world.timeline(back)).toContain('pin_kept');
    expect((await world.look(waiting)).waitingFor).toMatch(/^Held after a roll-back/);
    expect(world.vendor.runs.map((run) => run.sha)).toEqual([OLD, MID, OLD]);
  });

  test('keeps its pin when the provider no longer knows the run', async () => {
    const { back, waiting } = await backUnderWay();
    world.vendor.runs = [];
    for (let tries = 0; tries < 3; tries++) await world.look(back);
    expect(await world.row(back)).toMatchObject({ status: 'errored', failureCode: 'run_gone' });
    expect(await openPins()).toMatchObject([{ deploymentId: back }]);
    expect((await world.look(waiting)).status).toBe('queued');
  });
});

test('a roll-back that was refused or never sent leaves nothing held', async () => {
  const old = await world.deployed('done', { sha: OLD });
  await world.deployed('done', { sha: MID });
  world.vendor.answers = ['rejected'];
  const { deploymentId } = await goBack(old, 'key-back-1');
  expect((await world.look(deploymentId)).status).toBe('failed');
  expect(await openPins()).toEqual([]);
});

test('one roll-back holds the target: when the next one is live, the pin of the one before is lifted, and it says so', async () => {
  const old = await world.deployed('done', { sha: OLD });
  const mid = await world.deployed('done', { sha: MID });
  await world.deployed('done', { sha: NEW });
  const first = await goBack(mid, 'key-back-1');
  await world.look(first.deploymentId);
  await end(first.deploymentId);
  const second = await goBack(old, 'key-back-2');
  await world.look(second.deploymentId);
  expect(await openPins(), 'while it is on its way, both hold').toHaveLength(2);
  await end(second.deploymentId);
  const [pin, ...more] = await openPins();
  expect(more).toEqual([]);
  expect(pin?.deploymentId).toBe(second.deploymentId);
  expect(await world.timeline(second.deploymentId)).toContain('lifted');
  expect(await world.audits('pin.lift')).toHaveLength(1);
  await liftPin(world.as('admin'), { pinId: pin?.id ?? '' });
  expect((await world.click({ sha: NEW, inputs: { level: 'debug' } })).outcome).toBe('created');
});

test('the pin of a roll-back that still waits stays when another one gets live before it; then its own alone holds', async () => {
  const ben = await world.person('ben');
  const old = await world.deployed('done', { sha: OLD });
  const mid = await world.deployed('done', { sha: MID });
  await world.deployed('done', { sha: NEW });
  await world.policy('staging', { approvals: 1 });
  const waiting = await goBack(old, 'key-back-1');
  const first = await goBack(mid, 'key-back-2');
  await world.approveAs(ben, first.deploymentId);
  await world.look(first.deploymentId);
  await end(first.deploymentId);
  const held = async () => (await openPins()).map((pin) => pin.deploymentId).sort();
  expect(await held()).toEqual([waiting.deploymentId, first.deploymentId].sort());
  await world.approveAs(ben, waiting.deploymentId);
  await world.look(waiting.deploymentId);
  expect((await end(waiting.deploymentId)).status).toBe('succeeded');
  expect(await held()).toEqual([waiting.deploymentId]);
});

test('a re-run of one that failed half-way, called off before it was sent, says that another hold stays', async () => {
  const { back } = await backUnderWay();
  await end(back, 'failed');
  const { deploymentId } = await retryDeployment(world.as('operator'), { deploymentId: back });
  await cancelDeployment(world.as('operator'), { deploymentId });
  const pins = await world.pins();
  expect(pins.find((pin) => pin.deploymentId === deploymentId)?.liftReason).toMatch(
    /The hold of another roll-back stays/,
  );
  expect((await openPins()).map((pin) => pin.deploymentId)).toEqual([back]);
});

test('a re-run of one that failed half-way passes the hold: it is listed by none, counted by no plan, and on its way there', async () => {
  const { back, waiting, old } = await backUnderWay();
  await end(back, 'failed');
  const again = await retryDeployment(world.as('operator'), { deploymentId: back });
  const holds = await readHolds(world.as('viewer'), {});
  const listed = holds.pins.map(({ heldBack }) => heldBack.flatMap(({ queued }) => queued.map(({ id }) => id)));
  expect(listed).toEqual([[waiting], [waiting]]);
  expect(await readOnItsWay(world.database.db, 'tgt_staging')).toBe(again.number);
  const { chosen } = await readRollBack(world.as('operator'), { targetId: 'tgt_staging', toDeploymentId: old });
  expect(chosen?.sideEffects.join(' ')).toContain('1 that waits already stays until then, too.');
  expect((await world.look(again.deploymentId)).status).toBe('building');
});

test('a re-run that brings the very commit at which a roll-back holds the target is not listed as held by it', async () => {
  const { back, waiting } = await backUnderWay();
  await end(back, 'failed');
  const [pin] = await openPins();
  const again = await retryDeployment(world.as('operator'), { deploymentId: back });
  await world.database.db.delete(pins).where(eq(pins.deploymentId, again.deploymentId));
  const holds = await readHolds(world.as('viewer'), {});
  expect(holds.pins).toMatchObject([{ id: pin?.id, heldBack: [{ queued: [{ id: waiting }] }] }]);
  expect(holds.pins[0]?.heldBack[0]?.queued).toHaveLength(1);
  expect((await world.look(again.deploymentId)).status).toBe('building');
});

describe('order', () => {
  test('loses its proof to a roll-back that needed a re-run', async () => {
    await world.policy('production', { afterEnvironmentId: 'env_staging' });
    const old = await world.deployed('done', { sha: OLD });
    await world.deployed('done', { sha: NEW });
    const { deploymentId: back } = await goBack(old, 'key-back-1');
    await world.look(back);
    await end(back, 'failed');
    const again = await retryDeployment(world.as('operator'), { deploymentId: back });
    await world.look(again.deploymentId);
    expect((await end(again.deploymentId)).status).toBe('succeeded');
    const refused = expect.objectContaining({ code: 'order_unmet' });
    await expect(world.click({ target: 'production', sha: NEW })).rejects.toEqual(refused);
  });

  test('is not read for a roll-back, which passes it', async () => {
    const old = await world.deployed('done', { target: 'production', sha: OLD });
    await world.deployed('done', { target: 'production', sha: MID });
    await world.policy('production', { afterEnvironmentId: 'env_staging' });
    const asked = vi.spyOn(Client.prototype, 'query');
    const input = { targetId: 'tgt_production', toDeploymentId: old, reason: 'Errors', idempotencyKey: 'key-back-1' };
    const { deploymentId } = await rollBack(world.as('operator'), input);
    asked.mockClear();
    expect((await world.look(deploymentId)).status).toBe('building');
    const texts = asked.mock.calls.map(([query]) => JSON.stringify(query));
    asked.mockRestore();
    expect(texts.length).toBeGreaterThan(5);
    expect(texts.filter((text) => text.includes("r.kind = 'rollback'"))).toEqual([]);
  });

  test('keeps its proof when the roll-back was refused, and loses it to one that failed half-way until that is looked at', async () => {
    await world.policy('production', { afterEnvironmentId: 'env_staging' });
    const old = await world.deployed('done', { sha: OLD });
    await world.deployed('done', { sha: NEW });
    const { deploymentId: back } = await goBack(old, 'key-back-1');
    await world.look(back);
    await end(back, 'failed');
    const refused = expect.objectContaining({ code: 'order_unmet' });
    await expect(world.click({ target: 'production', sha: NEW })).rejects.toEqual(refused);
    const [pin] = await openPins();
    await liftPin(world.as('admin'), { pinId: pin?.id ?? '' });
    world.vendor.answers = ['rejected'];
    const second = await goBack(old, 'key-back-2');
    expect((await world.look(second.deploymentId)).status).toBe('failed');
    expect((await world.click({ target: 'production', sha: NEW })).outcome).toBe('created');
  });
});

describe('who asks for what is on its way already', () => {
  test('as a roll-back whose pin somebody lifted, holds the target again', async () => {
    const { old, back } = await backUnderWay();
    const [pin] = await openPins();
    await liftPin(world.as('admin'), { pinId: pin?.id ?? '' });
    expect(await goBack(old, 'key-back-2')).toMatchObject({ deploymentId: back, outcome: 'joined' });
    expect(await openPins()).toMatchObject([{ deploymentId: back, reason: 'Errors went up' }]);
    expect(await world.audits('pin.hold')).toHaveLength(1);
    await goBack(old, 'key-back-3');
    expect(await openPins()).toHaveLength(1);
  });

  test('with a reason against a freeze, lets the one that waits through it', async () => {
    const { deploymentId: old } = { deploymentId: await world.deployed('done', { sha: OLD }) };
    await world.deployed('done', { sha: MID });
    const { deploymentId: back } = await goBack(old, 'key-back-1');
    await world.freeze('staging');
    expect((await world.look(back)).waitingFor).toMatch(/^Frozen/);
    const joined = await goBack(old, 'key-back-2', world.as('admin'), 'Customers cannot pay');
    expect(joined).toMatchObject({ deploymentId: back, outcome: 'joined' });
    expect((await world.row(back)).freezeOverride).toMatchObject({ byName: 'admin', reason: 'Customers cannot pay' });
    expect(await world.audits('freeze.override')).toHaveLength(1);
    expect((await world.look(back)).status).toBe('building');
    const late = { deploymentId: back, reason: 'Once more' };
    await expect(overrideFreeze(world.as('admin'), late)).rejects.toThrow();
  });
});
