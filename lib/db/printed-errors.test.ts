import { inspect } from 'node:util';
import { sql } from 'drizzle-orm';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openTestDatabase } from '@/lib/db/testing/context';
import type { Database } from './client';

let database: Database;
beforeAll(async () => {
  database = await openTestDatabase();
});
afterAll(() => database.close());

const thrownBy = (work: Promise<unknown>) =>
  work.then(
    () => expect.fail('it went well'),
    (error: unknown) => error,
  );

test('who prints an error of the database prints the statement and none of its values', async () => {
  const error = await thrownBy(
    database.db.execute(sql`select nothing_there from users where name = ${'Ada Lovelace'}`),
  );
  for (const printed of [inspect(error), inspect(new Error('a page failed', { cause: error }))]) {
    expect(printed).toContain('Failed query: select nothing_there');
    expect(printed).toContain('nothing_there" does not exist');
    expect(printed).not.toContain('Ada Lovelace');
  }
});

test('nor what a refused row held', async () => {
  await database.pool.query('create table once (mail text primary key)');
  const put = () => database.pool.query('insert into once values ($1)', ['ada@own.test']);
  await put();
  const printed = inspect(await thrownBy(put()));
  expect(printed).toContain('once_pkey');
  expect(printed).not.toContain('ada@own.test');
});
