import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { ServiceContext } from '@/lib/auth/context';
import { inbox } from '@/lib/db/schema';
import { type EngineWorld, engineWorld } from '@/lib/deployments/testing/engine-world';
import { keepDelivery } from './keep';

let world: EngineWorld;
let ctx: ServiceContext;
let woken: string[];
beforeEach(async () => {
  world = await engineWorld();
  woken = [];
  ctx = {
    ...world.engine,
    queue: { ...world.engine.queue, wakeInbox: async (_tx, ids) => void woken.push(...ids) },
  };
});
afterEach(() => world.close());

const keep = (deliveryId: string, bytes = 2) =>
  keepDelivery(ctx, {
    ...{ connectionId: 'con_1', providerId: 'scripted', raw: new Uint8Array(bytes) },
    hint: { deliveryId, event: 'ping', action: null, remoteId: null, repository: null },
  });
const rows = () => world.database.db.select().from(inbox);

test('hundreds at once share a few transactions: each is kept once, and is told whether it was the first', async () => {
  await keep('before');
  const transactions = vi.spyOn(ctx.db, 'transaction');
  const ids = Array.from({ length: 250 }, (_, n) => `d${n}`);
  const came = [...ids, ...ids.slice(0, 50), 'd0', 'before'];
  const answers = await Promise.all(came.map((id) => keep(id)));
  expect(answers).toEqual(came.map((_, n) => (n < 250 ? 'fresh' : 'known')));
  const kept = await rows();
  expect(kept.map((row) => row.deliveryId).sort()).toEqual([...ids, 'before'].sort());
  const isWoken = new Set(woken);
  expect(kept.every(({ id }) => isWoken.has(id))).toBe(true);
  const times = new Map(kept.map((row) => [row.deliveryId, row.duplicates]));
  expect([times.get('d0'), times.get('d1'), times.get('d60'), times.get('before')]).toEqual([2, 1, 0, 1]);
  // The first alone, and the others a hundred at a time.
  expect(transactions).toHaveBeenCalledTimes(5);
  transactions.mockRestore();
});

test('large ones go in smaller parts', async () => {
  const transactions = vi.spyOn(ctx.db, 'transaction');
  await Promise.all(['first', 'a', 'b', 'c', 'd'].map((id) => keep(id, 3 * 1024 * 1024)));
  expect(transactions).toHaveBeenCalledTimes(3);
  expect((await rows()).map(({ bytes }) => bytes)).toEqual(Array.from({ length: 5 }, () => 3 * 1024 * 1024));
  transactions.mockRestore();
});

test('one that the database does not take does not keep the others from being kept', async () => {
  const answers = await Promise.allSettled(['first', 'one', 'no\0text', 'three'].map((id) => keep(id)));
  expect(answers.map(({ status }) => status)).toEqual(['fulfilled', 'fulfilled', 'rejected', 'fulfilled']);
  expect((await rows()).map(({ deliveryId }) => deliveryId).sort()).toEqual(['first', 'one', 'three']);
});

test('nothing is told before it is committed, and where the database is away all of them hear of it at once', async () => {
  const away = Object.assign(new Error('Connection terminated unexpectedly'), { code: '57P01' });
  const broken = vi.spyOn(ctx.db, 'transaction').mockRejectedValue(away);
  const answers = await Promise.allSettled(['first', 'one', 'two'].map((id) => keep(id)));
  expect(answers.map(({ status }) => status)).toEqual(['rejected', 'rejected', 'rejected']);
  expect(broken).toHaveBeenCalledTimes(2);
  broken.mockRestore();
  expect([await keep('one'), (await rows()).length]).toEqual(['fresh', 1]);
});
