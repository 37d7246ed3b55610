import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { freezes } from '@/lib/db/schema';
import { endFreeze, updateFreeze } from '@/lib/gates/server';
import { type GateWorld, gateWorld, passFreezes } from '../testing/gate-world';
import { liftPin, overrideFreeze, rollBack, triggerDeployment } from './index';

let world: GateWorld;
beforeEach(async () => {
  world = await gateWorld();
});
afterEach(() => world.close());

const refusedWith = (code: string) => expect.objectContaining({ code });
const through = (
  who = world.as('admin'),
  reason: string | null = 'The legal notice is wrong',
  key = 'key-override-1',
) =>
  triggerDeployment(who, {
    targetId: 'tgt_staging',
    revision: { ref: 'main', refKind: 'branch', sha: world.vendor.head },
    inputs: { level: 'debug' },
    idempotencyKey: key,
    freezeOverrideReason: reason,
  });

describe('a freeze', () => {
  test('refuses a click, and holds what was queued before without dropping it', async () => {
    const { deploymentId } = await world.click();
    const freezeId = await world.freeze('staging');
    await expect(world.click({ inputs: { level: 'debug' } })).rejects.toEqual(refusedWith('pinned_freeze'));
    await world.passTime(23 * 3600);
    const held = await world.look(deploymentId);
    expect(held.status).toBe('queued');
    expect(held.waitingFor).toMatch(/^Frozen by admin: Quarter end: The books are closed\. It ends by itself at/);
    expect(held.deadlineAt?.getTime()).toBeGreaterThan(Date.now() + 23 * 3_600_000);
    expect(world.vendor.requests).toBe(0);
    world.woken.length = 0;
    await endFreeze(world.as('admin'), { freezeId, reason: 'The quarter is closed' });
    expect(world.woken).toContain(deploymentId);
    expect((await world.look(deploymentId)).status).toBe('building');
  });

  test('that ends by itself is looked at when it does, not a minute later', async () => {
    const { deploymentId } = await world.click();
    await world.freeze(null, 61);
    const held = await world.look(deploymentId);
    expect((held.nextCheckAt?.getTime() ?? 0) - Date.now()).toBeLessThanOrEqual(60_000);
    await passFreezes(world);
    expect((await world.look(deploymentId)).status).toBe('building');
  });

  test('elsewhere holds nothing here', async () => {
    await world.freeze('production');
    const { deploymentId } = await world.click();
    expect((await world.look(deploymentId)).status).toBe('building');
  });

  test('is passed at the click only by who may override it, with a reason and an audit line', async () => {
    await world.freeze('staging');
    await expect(through(world.as('operator'))).rejects.toEqual(refusedWith('forbidden'));
    await expect(through(world.as('admin'), null)).rejects.toEqual(refusedWith('pinned_freeze'));
    const { deploymentId } = await through();
    expect((await world.row(deploymentId)).freezeOverride).toMatchObject({ byName: 'admin' });
    expect((await world.look(deploymentId)).status).toBe('building');
    expect(await world.timeline(deploymentId)).toContain('freeze_overridden');
    expect(await world.audits('freeze.override')).toMatchObject([{ environment: 'staging', outcome: 'done' }]);
  });

  test('is passed later by a waiting one, ahead of those that the freeze holds; never a lock', async () => {
    const first = await world.click();
    const second = await world.click({ inputs: { level: 'debug' } });
    const ask = (who = world.as('admin')) =>
      overrideFreeze(who, { deploymentId: second.deploymentId, reason: 'The legal notice is wrong' });
    await expect(ask()).rejects.toEqual(refusedWith('not_frozen'));
    await world.freeze('staging');
    await expect(ask(world.as('operator'))).rejects.toEqual(refusedWith('forbidden'));
    expect(await ask()).toEqual({ overridden: true });
    const pinId = await world.lock({ environment: 'staging' });
    expect((await world.look(second.deploymentId)).waitingFor).toMatch(/^Locked by admin/);
    await liftPin(world.as('admin'), { pinId });
    expect((await world.look(first.deploymentId)).status).toBe('queued');
    expect((await world.look(second.deploymentId)).status).toBe('building');
  });

  test('that begins after an override holds it again', async () => {
    await world.freeze('staging');
    const { deploymentId } = await through();
    await world.freeze('staging');
    expect((await world.look(deploymentId)).status).toBe('queued');
    expect(world.vendor.requests).toBe(0);
  });

  test('that is changed after an override holds it again', async () => {
    const id = await world.freeze('staging');
    const { deploymentId } = await through();
    const [row] = await world.database.db.select().from(freezes);
    const { name, reason, timeZone, startsAt, durationMinutes } = row ?? expect.fail('no freeze');
    const change = { id, version: 1, environmentId: 'env_staging', name, reason, timeZone, startsAt };
    await updateFreeze(world.as('admin'), { ...change, durationMinutes: durationMinutes + 60 });
    expect((await world.look(deploymentId)).waitingFor).toMatch(/^Frozen by admin/);
  });

  test('holds a request that has to be sent again', async () => {
    world.vendor.answers = ['unavailable'];
    const { deploymentId } = await world.click();
    await world.look(deploymentId);
    const freezeId = await world.freeze('staging');
    await world.passTime(60);
    expect(await world.look(deploymentId)).toMatchObject({ status: 'queued' });
    expect((await world.row(deploymentId)).waitingFor).toMatch(/^Frozen/);
    expect(world.vendor.requests).toBe(1);
    await endFreeze(world.as('admin'), { freezeId, reason: 'Over' });
    expect((await world.look(deploymentId)).status).toBe('building');
  });

  test('is changed and ended by its author or an administrator, and by nobody who merely plans freezes', async () => {
    const author = world.as('operator', 'olga');
    const freezeId = await world.freeze('staging', 600, author);
    const [row] = await world.database.db.select().from(freezes);
    const { name, reason, timeZone, startsAt, durationMinutes } = row ?? expect.fail('no freeze');
    const change = { id: freezeId, version: 1, environmentId: 'env_staging', name, reason, timeZone, startsAt };
    const later = { ...change, durationMinutes: durationMinutes + 60 };
    await expect(updateFreeze(world.as('operator'), later)).rejects.toEqual(refusedWith('forbidden'));
    await expect(endFreeze(world.as('approver'), { freezeId, reason: 'I want to' })).rejects.toEqual(
      refusedWith('forbidden'),
    );
    expect(await updateFreeze(author, later)).toMatchObject({ version: 2 });
    await expect(updateFreeze(author, later)).rejects.toEqual(refusedWith('freeze_changed'));
    const nowhere = { ...later, version: 2, environmentId: 'env_gone' };
    await expect(updateFreeze(author, nowhere)).rejects.toEqual(refusedWith('environment_not_found'));
    const never = { ...later, version: 2, startsAt: '2020-01-01T00:00' };
    await expect(updateFreeze(author, never)).rejects.toEqual(refusedWith('never'));
    expect(await endFreeze(world.as('admin'), { freezeId, reason: 'Over' })).toEqual({ ended: true });
  });
});

describe('a lock', () => {
  test.each([
    ['everything', {}, true],
    ['the environment', { environment: 'staging' }, true],
    ['the component everywhere', { component: true }, true],
    ['the component in the environment', { environment: 'staging', component: true }, true],
    ['the target', { target: 'staging' }, true],
    ['another environment', { environment: 'production' }, false],
    ['another target', { target: 'production' }, false],
  ] as const)('on %s holds as far as it reaches', async (_name, scope, holds) => {
    const { deploymentId } = await world.click();
    const pinId = await world.lock(scope);
    if (!holds) {
      expect((await world.look(deploymentId)).status).toBe('building');
      return;
    }
    await expect(world.click({ inputs: { level: 'debug' } })).rejects.toEqual(refusedWith('pinned_lock'));
    expect((await world.look(deploymentId)).waitingFor).toMatch(/^Locked by admin: Audit week\. admin, an approver/);
    world.woken.length = 0;
    await liftPin(world.as('approver'), { pinId, reason: 'Done' });
    expect(world.woken).toEqual([deploymentId]);
    expect((await world.look(deploymentId)).status).toBe('building');
  });

  test('ends by itself, and cannot end before it begins', async () => {
    await expect(world.lock({ expiresAt: '2020-01-01T00:00:00Z' })).rejects.toEqual(refusedWith('in_the_past'));
    const { deploymentId } = await world.click();
    await world.lock({ environment: 'staging', expiresAt: new Date(Date.now() + 1_500).toISOString() });
    const held = await world.look(deploymentId);
    expect(held.waitingFor).toMatch(/^Locked by admin/);
    expect((held.nextCheckAt?.getTime() ?? 0) - Date.now()).toBeLessThan(2_000);
    await expect.poll(async () => (await world.look(deploymentId)).status, { timeout: 10_000 }).toBe('building');
  });
});

describe('a roll-back', () => {
  const back = async () => {
    const old = await world.deployed();
    await world.deployed('done', { inputs: { level: 'debug' } });
    const input = {
      targetId: 'tgt_staging',
      toDeploymentId: old,
      reason: 'Errors went up',
      idempotencyKey: 'key-back-1',
    };
    return (await rollBack(world.as('operator'), input)).deploymentId;
  };

  test('that fails on its way keeps its pin, says so, and lets nothing go live that nobody has looked at', async () => {
    const id = await back();
    await world.look(id);
    const waiting = await world.row(id);
    expect(waiting.status).toBe('building');
    const run = world.vendor.runs.at(-1) ?? expect.fail('no run');
    run.phase = 'failed';
    expect((await world.look(id)).status).toBe('failed');
    expect(await world.pins()).toMatchObject([{ deploymentId: id, liftedAt: null }]);
    expect(await world.timeline(id)).toContain('pin_kept');
    const next = () => world.click({ key: 'key-after-back', sha: 'c'.repeat(40) });
    await expect(next()).rejects.toThrow(/^Held after a roll-back/);
    const [pin] = await world.pins();
    await liftPin(world.as('admin'), { pinId: pin?.id ?? '' });
    const { deploymentId } = await next();
    expect((await world.look(deploymentId)).status).toBe('building');
  });

  test('passes a freeze at the click with an administrator’s reason, and not without', async () => {
    const old = await world.deployed();
    await world.deployed('done', { inputs: { level: 'debug' } });
    await world.freeze('staging');
    const ask = (who: ReturnType<typeof world.as>, freezeOverrideReason: string | null) =>
      rollBack(who, {
        targetId: 'tgt_staging',
        toDeploymentId: old,
        reason: 'Errors went up',
        freezeOverrideReason,
        idempotencyKey: 'key-back-2',
      });
    await expect(ask(world.as('admin'), null)).rejects.toEqual(refusedWith('pinned_freeze'));
    await expect(ask(world.as('operator'), 'Errors went up')).rejects.toEqual(refusedWith('forbidden'));
    const { deploymentId } = await ask(world.as('admin'), 'Errors went up');
    expect((await world.look(deploymentId)).status).toBe('building');
  });

  test('that is frozen waits with its pin; it passes neither freeze nor lock by itself', async () => {
    const id = await back();
    await world.freeze('staging');
    expect((await world.look(id)).waitingFor).toMatch(/^Frozen/);
    await overrideFreeze(world.as('admin'), { deploymentId: id, reason: 'Errors went up' });
    expect((await world.look(id)).status).toBe('building');
    expect((await world.pins()).every((pin) => pin.liftedAt === null)).toBe(true);
  });
});
