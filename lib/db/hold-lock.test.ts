import { expect, test } from 'vitest';
import type { Db } from './client';
import { holdLock } from './hold-lock';

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
  expect(await holdLock(db, 'auditSigner', async () => 'done')).toBe('done');
  expect(released).toEqual([true]);
});

test('and what went wrong with the work itself is what is said', async () => {
  const { db, released } = poolThat(/^reset/);
  const work = () => Promise.reject(new Error('The anchor is away.'));
  await expect(holdLock(db, 'auditSigner', work)).rejects.toThrow('The anchor is away.');
  expect(released).toEqual([true]);
});
