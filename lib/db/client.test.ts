import { sql } from 'drizzle-orm';
import { expect, test } from 'vitest';
import { createTestDatabase } from '@/scripts/testing/database';
import { openDatabase } from './client';

test('a connection that ends inside a transaction fails that transaction, not the process, and is replaced', async () => {
  const test = await createTestDatabase();
  const database = openDatabase(test.url, { max: 1 });
  const other = openDatabase(test.url, { max: 1 });
  try {
    const lost = database.db.transaction(async (tx) => {
      const { rows } = await tx.execute<{ pid: number }>(sql`select pg_backend_pid() as pid`);
      await other.db.execute(sql`select pg_terminate_backend(${rows[0]?.pid}, 5000)`);
      // Nothing is under way when the end arrives, so only an 'error' event says it.
      await new Promise((resolve) => setImmediate(resolve));
      await tx.execute(sql`select 1`);
    });
    await expect(lost).rejects.toThrow();
    const { rows } = await database.db.execute<{ one: number }>(sql`select 1 as one`);
    expect(rows).toEqual([{ one: 1 }]);
  } finally {
    await Promise.all([database.close(), other.close()]);
    await test.drop();
  }
});
