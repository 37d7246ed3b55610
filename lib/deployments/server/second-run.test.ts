import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Consumer } from '@/lib/connections/model/consumer';
import { type EngineWorld, engineWorld } from '../testing/engine-world';
import { advance } from './advance';
import { sendAgain } from './settle';

let world: EngineWorld;
beforeEach(async () => {
  world = await engineWorld();
});
afterEach(() => world.close());

test('a request that left after its lease and was never answered: its sender looks for the second run and calls it off', async () => {
  const { deploymentId } = await world.click();
  const deploy = world.vendor.provider.methods.deploy ?? expect.fail('no deploy');
  const { trigger } = deploy;
  deploy.trigger = async (context, config, request) => {
    deploy.trigger = trigger;
    // Meanwhile, the process stands still: others prove absence and send again.
    await world.passTime(120);
    expect(await world.look(deploymentId)).toMatchObject({ status: 'building', remoteId: '1000' });
    world.vendor.answers = ['accepted-then-lost'];
    return trigger(context, config, request);
  };
  await world.look(deploymentId);
  expect(world.vendor.runs).toMatchObject([{ phase: 'queued' }, { phase: 'cancelled' }]);
  expect(await world.row(deploymentId)).toMatchObject({ status: 'building', remoteId: '1000' });
  expect(await world.timeline(deploymentId)).toContain('second_run');
});

test('two processes that both see a refused attempt whose pause is over: one of them sends, nobody stumbles', async () => {
  world.vendor.answers = ['unavailable'];
  const { deploymentId } = await world.click();
  await world.look(deploymentId);
  expect(await world.attemptsOf(deploymentId)).toMatchObject([{ number: 1, state: 'refused' }]);
  await world.passTime(60);
  const [seen] = await world.attemptsOf(deploymentId);
  const row = await world.row(deploymentId);
  const previous = seen ?? expect.fail('no attempt');
  await Promise.all([sendAgain(world.engine, row, previous), sendAgain(world.engine, row, previous)]);
  expect((await world.attemptsOf(deploymentId)).map((each) => each.number)).toEqual([1, 2]);
  expect(world.vendor.runs).toHaveLength(1);
});

test('a run that surfaces after its absence seemed proven is called off while the other one runs', async () => {
  world.vendor.answers = ['accepted-then-lost'];
  world.vendor.listable = false;
  const { deploymentId } = await world.click();
  await world.look(deploymentId);
  await world.passTime(120);
  expect(await world.look(deploymentId)).toMatchObject({ status: 'building', remoteId: '1001' });
  world.vendor.listable = true;
  await world.passTime(15);
  await world.look(deploymentId);
  expect(world.vendor.runs).toMatchObject([{ phase: 'cancelled' }, { phase: 'queued' }]);
  expect(await world.row(deploymentId)).toMatchObject({ status: 'building', remoteId: '1001' });
  expect(await world.audits('deployment.second_run')).toHaveLength(1);
  await world.look(deploymentId);
  expect(world.vendor.cancels).toBe(1);
});

test('a run that may surface is asked for ever less, and gives way where the budget is used up', async () => {
  world.vendor.answers = ['accepted-then-lost'];
  world.vendor.listable = false;
  const { deploymentId } = await world.click();
  await world.look(deploymentId);
  await world.passTime(120);
  const deploy = world.vendor.provider.methods.deploy ?? expect.fail('no deploy');
  const { findByMarker } = deploy;
  let asked = 0;
  deploy.findByMarker = (...about) => {
    asked++;
    return findByMarker(...about);
  };
  await world.look(deploymentId);
  asked = 0;
  const byWhom: (string | undefined)[] = [];
  const { openConnection } = world.engine;
  const engine = {
    ...world.engine,
    openConnection: (id: string, consumer?: Consumer) => {
      byWhom.push(consumer);
      return openConnection(id, consumer);
    },
  };
  for (let look = 0; look < 60; look++) {
    await world.passTime(10);
    await advance(engine, deploymentId);
  }
  expect(asked).toBeGreaterThan(5);
  expect(asked).toBeLessThan(25);
  expect(new Set(byWhom)).toEqual(new Set(['watch']));
});
