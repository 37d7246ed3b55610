import { expect } from 'vitest';
import { advance, cancelDeployment, rollBack } from '@/lib/deployments/server';
import type { GateWorld } from '@/lib/deployments/testing/gate-world';
import { clear, commitOrder, request, ungated } from './deployments';
import { meet, type Round } from './meeting';

let keys = 0;

/** Of one person or two, with one key (a double click) or two. */
export async function clicks(world: GateWorld): Promise<Round> {
  await ungated(world);
  return async (meeting) => {
    await clear(world);
    const { requests, runs } = world.vendor;
    const before = { requests, runs: runs.length };
    const key = `key-race-${++keys}-abcdef`;
    const click = (its: string, name: string) => world.click({ key: its, who: world.as('operator', name) });
    const twice = meeting.variant % 3 === 0;
    const made = await meet(
      world.database,
      { ...meeting, reach: { first: 30, second: 30 } },
      () => click(key, 'ana'),
      () => (twice ? click(key, 'ana') : click(`${key}-2`, meeting.variant % 3 === 1 ? 'ana' : 'bo')),
    );
    const [id = '', ...others] = new Set(made.map((each) => each.deploymentId));
    expect(others).toEqual([]);
    expect(made.filter((each) => each.outcome === 'created')).toHaveLength(1);
    await Promise.all([advance(world.engine, id), advance(world.engine, id)]);
    expect(world.vendor.requests - before.requests).toBe(1);
    expect(world.vendor.runs.length - before.runs).toBe(1);
    expect(await world.attemptsOf(id)).toHaveLength(1);
    expect((await world.row(id)).status).toBe('building');
    return made[0].outcome === 'created' ? 'the first made it' : 'the second made it';
  };
}

export async function freeze(world: GateWorld): Promise<Round> {
  await ungated(world);
  return async (meeting) => {
    await clear(world);
    const id = await request(world);
    const before = world.vendor.requests;
    await meet(
      world.database,
      { ...meeting, reach: { first: 40, second: 30 } },
      () => world.freeze(meeting.variant % 2 ? 'staging' : null),
      () => advance(world.engine, id),
    );
    const [sent = -1, frozen = -1] = await commitOrder(world, ['dispatch', id], ['freeze']);
    expect(frozen).toBeGreaterThanOrEqual(0);
    expect(world.vendor.requests - before).toBe(sent < 0 ? 0 : 1);
    if (sent >= 0) {
      expect(sent, 'sent after the freeze was committed').toBeLessThan(frozen);
      return 'sent before';
    }
    expect(await world.look(id)).toMatchObject({ status: 'queued', waitingFor: expect.stringMatching(/^Frozen by/) });
    expect(world.vendor.requests).toBe(before);
    return 'held';
  };
}

export async function cancel(world: GateWorld): Promise<Round> {
  await ungated(world);
  return async (meeting) => {
    await clear(world);
    const id = await request(world);
    const { requests, runs } = world.vendor;
    const before = { requests, runs: runs.length };
    await meet(
      world.database,
      { ...meeting, reach: { first: 80, second: 10 } },
      () => cancelDeployment(world.as('operator'), { deploymentId: id }),
      () => advance(world.engine, id),
    );
    expect((await world.look(id)).status).toBe('cancelled');
    const started = world.vendor.runs.slice(before.runs);
    expect(started.filter((run) => run.phase !== 'cancelled')).toEqual([]);
    expect(world.vendor.requests - before.requests).toBe(started.length);
    expect(started.length).toBeLessThanOrEqual(1);
    await world.look(id);
    expect(world.vendor.requests - before.requests, 'nothing is sent afterwards').toBe(started.length);
    return started.length === 0 ? 'never sent' : 'its run was stopped';
  };
}

/** A roll-back to `old` while something newer is asked for and sent, if it may be. */
export async function backAndForth(world: GateWorld): Promise<Round> {
  await ungated(world);
  await clear(world);
  const old = await world.deployed('done', { sha: 'c'.repeat(40) });
  const live = await world.deployed('done', { sha: 'd'.repeat(40) });
  const deploy = async () => {
    const made = await world.click({ sha: 'e'.repeat(40) }).catch((error: { code?: string }) => {
      if (error.code !== 'pinned_rollback') throw error;
      return null;
    });
    if (made) await advance(world.engine, made.deploymentId);
    return made?.deploymentId ?? null;
  };
  return async (meeting) => {
    await clear(world, [old, live]);
    const input = { targetId: 'tgt_staging', toDeploymentId: old, reason: 'Errors went up' };
    const key = `key-race-${++keys}-abcdef`;
    const [back, id] = await meet(
      world.database,
      { ...meeting, reach: { first: 60, second: 40 } },
      () => rollBack(world.as('operator'), { ...input, idempotencyKey: key }),
      deploy,
    );
    return await outcomeOf(world, back.deploymentId, id);
  };
}

async function outcomeOf(world: GateWorld, back: string, id: string | null): Promise<string> {
  const [pinned = -1, sent = -1] = await commitOrder(world, ['pin'], ['dispatch', id ?? '']);
  expect(pinned).toBeGreaterThanOrEqual(0);
  if (id === null) return 'refused';
  if (sent >= 0) {
    expect(sent, 'sent after the roll-back had pinned').toBeLessThan(pinned);
    expect((await world.look(back)).status, 'the roll-back waits its turn').toBe('queued');
    return 'sent before';
  }
  expect((await world.look(id)).waitingFor).toMatch(/^Held after a roll-back/);
  expect(await world.attemptsOf(id)).toEqual([]);
  expect((await world.look(back)).status).toBe('building');
  return 'held';
}
