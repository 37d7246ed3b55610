import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { ServiceContext } from '@/lib/auth/context';
import { inbox } from '@/lib/db/schema';
import { type EngineWorld, engineWorld } from '@/lib/deployments/testing/engine-world';
import { HANDLERS } from './handlers';

let world: EngineWorld;
beforeEach(async () => {
  world = await engineWorld();
});
afterEach(() => world.close());

const came = (id: string, remoteId: string | null = null) =>
  world.database.db.insert(inbox).values({
    ...{ id, connectionId: 'con_1', providerId: 'scripted', deliveryId: id, event: 'ping', remoteId },
    ...{ bytes: 2, body: Buffer.from('{}'), state: 'received' },
  });
const states = async () => {
  const rows = await world.database.db.select().from(inbox).orderBy(inbox.id);
  return rows.map(({ id, state }) => `${id} ${state}`);
};
const wakeFails = (error: Error): ServiceContext => ({
  ...world.engine,
  queue: { ...world.engine.queue, wakeDeployment: () => Promise.reject(error) },
});
/** More than are worked through together, and only the first and the last are there. */
const JOBS = [{ inboxIds: ['bad', ...Array.from({ length: 120 }, (_, n) => `gone${n}`)] }, { inboxIds: ['good'] }];

test('deliveries of a job that fail keep no later ones from their turn, and the job is tried again', async () => {
  const { deploymentId } = await world.click();
  await world.look(deploymentId);
  await came('bad', '1000');
  await came('good');
  await expect(HANDLERS.inbox.run(wakeFails(new TypeError('poison')), JOBS)).rejects.toThrow('poison');
  expect(await states()).toEqual(['bad failed', 'good ignored']);
  await HANDLERS.inbox.run(world.engine, JOBS);
  expect(await states()).toEqual(['bad processed', 'good ignored']);
});

test('a database that is away is asked once by a job, and not once for each hundred of its deliveries', async () => {
  const away = Object.assign(new Error('Connection terminated unexpectedly'), { code: '57P01' });
  const asked = vi.spyOn(world.engine.db, 'update').mockImplementation(() => {
    throw away;
  });
  await expect(HANDLERS.inbox.run(world.engine, JOBS)).rejects.toThrow(away);
  expect(asked).toHaveBeenCalledTimes(1);
  asked.mockRestore();
});

test('a job of an older version, which names one delivery, is worked through as well', async () => {
  await came('older');
  await came('newer');
  await HANDLERS.inbox.run(world.engine, [{ inboxId: 'older' }, { inboxIds: ['newer'] }]);
  expect(await states()).toEqual(['newer ignored', 'older ignored']);
});
