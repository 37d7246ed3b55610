import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { ServiceContext } from '@/lib/auth/context';
import { inbox } from '@/lib/db/schema';
import { type EngineWorld, engineWorld } from '@/lib/deployments/testing/engine-world';
import { doesNotKeepUp, keepDelivery } from './keep';

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

const fault = (code: string) => new Error('Failed query', { cause: Object.assign(new Error(code), { code }) });

test('those that wait for a lock are told to come again; they neither take the others with them nor hold them up for long', async () => {
  const locked = Array.from({ length: 10 }, (_, n) => `known${n}`);
  await Promise.all(locked.map((id) => keep(id)));
  const other = await world.database.pool.connect();
  await other.query('begin');
  await other.query('select 1 from inbox for update');
  await other.query(`insert into inbox (id, connection_id, provider_id, delivery_id, event, bytes, body, state)
    values ('hook_other', 'con_1', 'scripted', 'at another instance', 'ping', 2, '\\x7b7d', 'received')`);
  const began = Date.now();
  const waiting = [...locked, 'at another instance'];
  const came = ['first', 'a', ...waiting, 'b'];
  const answers = await Promise.allSettled(came.map((id) => keep(id)));
  const tookMs = Date.now() - began;
  await other.query('rollback');
  other.release();
  const refused = came.filter((_, n) => answers[n]?.status === 'rejected');
  expect(refused).toEqual(waiting);
  expect(answers.every((each) => each.status === 'fulfilled' || doesNotKeepUp(each.reason))).toBe(true);
  // A second together, and a twentieth of one for each: a second for each would be eleven more.
  expect(tookMs).toBeLessThan(8_000);
  expect((await rows()).map(({ deliveryId }) => deliveryId).sort()).toEqual([...locked, 'first', 'a', 'b'].sort());
  expect(await Promise.all(waiting.map((id) => keep(id)))).toEqual([...locked.map(() => 'known'), 'fresh']);
}, 60_000);

test('one that came alone holds up those that come meanwhile for a second at most', async () => {
  await keep('known');
  const other = await world.database.pool.connect();
  await other.query('begin');
  await other.query('select 1 from inbox for update');
  const began = Date.now();
  const [alone, next] = await Promise.allSettled(['known', 'next'].map((id) => keep(id)));
  const tookMs = Date.now() - began;
  await other.query('rollback');
  other.release();
  expect([alone?.status, next]).toEqual(['rejected', { status: 'fulfilled', value: 'fresh' }]);
  expect(tookMs).toBeLessThan(6_000);
}, 60_000);

test.each([
  ['a deadlock is the fault of few: the others go by themselves', ['', '40P01', '', '40P01'], 'first one three', 5],
  ['a slow database refuses all of them at once', ['', '57014'], 'first', 2],
  ['one that turns slow refuses those that are left', ['', '55P03', '', '57014'], 'first one', 4],
])('%s', async (_, codes, kept, asked) => {
  const real = ctx.db.transaction.bind(ctx.db);
  const failing = vi.spyOn(ctx.db, 'transaction').mockImplementation((work) => {
    const code = codes.shift();
    return code ? Promise.reject(fault(code)) : real(work);
  });
  const came = ['first', 'one', 'two', 'three'];
  const answers = await Promise.allSettled(came.map((id) => keep(id)));
  expect(failing).toHaveBeenCalledTimes(asked);
  failing.mockRestore();
  expect(came.filter((_, n) => answers[n]?.status === 'fulfilled').join(' ')).toBe(kept);
  expect(answers.every((each) => each.status === 'fulfilled' || doesNotKeepUp(each.reason))).toBe(true);
});
