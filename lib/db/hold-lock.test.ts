import { sql } from 'drizzle-orm';
import { expect, test } from 'vitest';
import type { Db } from './client';
import { holdLock } from './hold-lock';
import { openTestDatabase } from './testing/context';

/** A pool with one connection that answers until `fails` comes. */
function poolThat(fails: RegExp) {
  const released: unknown[] = [];
  const query = async (text: string) => {
    if (fails.test(text)) throw new Error('The connection is gone.');
    return { rows: [{ mine: true }] };
  };
  const client = { query, release: (broken: unknown) => released.push(broken) };
  return { db: { $client: { connect: async () => client } } as unknown as Db, released };
}

test.each([
  ['given back', /pg_advisory_unlock/],
  ['reset', /^reset/],
])('work that is done stays done when its lock cannot be %s; only the connection is given up', async (_, fails) => {
  const { db, released } = poolThat(fails);
  expect(await holdLock(db, 'auditSigner', async () => 'done')).toEqual({ state: 'done', value: 'done' });
  expect(released).toEqual([true]);
});

test('and what went wrong with the work itself is what is said', async () => {
  const { db, released } = poolThat(/^reset/);
  const work = () => Promise.reject(new Error('The anchor is away.'));
  await expect(holdLock(db, 'auditSigner', work)).rejects.toThrow('The anchor is away.');
  expect(released).toEqual([true]);
});

test('that somebody else has it is another answer than that this process holds too many', async () => {
  const answers = (rows: object[], connect?: () => Promise<never>) => {
    const client = { query: async () => ({ rows }), release: () => undefined };
    return { $client: { connect: connect ?? (async () => client) } } as unknown as Db;
  };
  const never = () => Promise.reject(new Error('It was begun.'));
  expect(await holdLock(answers([{ mine: false }]), 'releases', never)).toEqual({ state: 'taken' });
  const away = () => Promise.reject(new Error('connect ECONNREFUSED'));
  await expect(holdLock(answers([], away), 'releases', never)).rejects.toThrow('ECONNREFUSED');
});

test('a pool that is full of those who hold one is crowded; one that the database lets nobody into is not', async () => {
  const late = () => Promise.reject(new Error('timeout exceeded when trying to connect'));
  const client = { query: async () => ({ rows: [{ mine: true }] }), release: () => undefined };
  const pool = { options: { max: 1 }, connect: async () => client as unknown };
  const db = { $client: pool } as unknown as Db;
  const go = Promise.withResolvers<void>();
  const inside = Promise.withResolvers<void>();
  const held = holdLock(db, 'releases', async () => {
    inside.resolve();
    await go.promise;
  });
  await inside.promise;
  pool.connect = late;
  const never = () => Promise.reject(new Error('It was begun.'));
  expect(await holdLock(db, 'releases', never)).toEqual({ state: 'crowded' });
  go.resolve();
  await held;
  await expect(holdLock(db, 'releases', never)).rejects.toThrow('timeout exceeded');
});

test('as many as hold a lock while the world answers, queries find a connection', async () => {
  const { db, close } = await openTestDatabase({ max: 2 });
  const go = Promise.withResolvers<void>();
  const inside = Array.from({ length: 4 }, () => Promise.withResolvers<void>());
  const many = inside.map(async ({ resolve }, at) =>
    holdLock(db, { prefix: 'setting', id: `setting ${at}` }, async () => {
      resolve();
      await go.promise;
      await db.execute(sql`select 1`);
      return at;
    }),
  );
  await Promise.all(inside.map(({ promise }) => promise));
  expect((await db.execute(sql`select 1`)).rows).toHaveLength(1);
  go.resolve();
  expect(await Promise.all(many)).toEqual([0, 1, 2, 3].map((value) => ({ state: 'done', value })));
  await close();
});
