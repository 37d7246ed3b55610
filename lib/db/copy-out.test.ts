import { sql } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Database } from './client';
import { copyOut } from './copy-out';
import { openTestDatabase } from './testing/context';

let database: Database;
beforeAll(async () => {
  database = await openTestDatabase();
});
afterAll(() => database.close());

/** The fields of a row as text, and where it ends. */
function fieldsOf(bytes: Buffer, start: number): { fields: (string | null)[]; end: number } {
  const fields: (string | null)[] = [];
  let at = start + 2;
  for (let left = bytes.readInt16BE(start); left > 0; left--) {
    const length = bytes.readInt32BE(at);
    fields.push(length < 0 ? null : bytes.toString('utf8', at + 4, at + 4 + length));
    at += 4 + Math.max(0, length);
  }
  return { fields, end: at };
}

async function read(query: string): Promise<(string | null)[][]> {
  const rows: (string | null)[][] = [];
  await database.db.transaction((tx) =>
    copyOut(tx, query, (bytes, at) => {
      const { fields, end } = fieldsOf(bytes, at);
      rows.push(fields);
      return end;
    }),
  );
  return rows;
}

describe('a binary copy', () => {
  test('gives every row whole: none, many, nulls, any text, and rows larger than a packet', async () => {
    expect(await read('select 1 where false')).toEqual([]);
    expect(await read(`select null::text, '', 'ä€😀'`)).toEqual([[null, '', 'ä€😀']]);
    const rows = await read(`select g::text, repeat(chr(64 + g % 26), g % 977) from generate_series(1, 5000) g`);
    expect(rows).toHaveLength(5_000);
    const wanted = (n: number) => [String(n), String.fromCharCode(64 + (n % 26)).repeat(n % 977)];
    expect(rows.filter((row, n) => row.join() !== wanted(n + 1).join())).toEqual([]);
    expect((await read(`select repeat('x', 3000000)`))[0]?.[0]).toHaveLength(3_000_000);
  });

  test('what is thrown at a row, and what Postgres refuses, is thrown to the caller; the connection goes on', async () => {
    await database.db.transaction(async (tx) => {
      let seen = 0;
      const copied = copyOut(tx, 'select g from generate_series(1, 50000) g', () => {
        seen += 1;
        throw new RangeError('no such row');
      });
      await expect(copied).rejects.toThrow('no such row');
      expect(seen).toBe(1);
      expect((await tx.execute(sql`select 7 as n`)).rows).toEqual([{ n: 7 }]);
    });
    await expect(read('select 1 / 0')).rejects.toMatchObject({ code: '22012' });
    await expect(read('select 1')).resolves.toHaveLength(1);
  });

  test('a reader who goes past the bytes is stopped, not believed', async () => {
    const copied = database.db.transaction((tx) => copyOut(tx, 'select 1', (bytes) => bytes.length + 1));
    await expect(copied).rejects.toThrow('cut');
  });

  test.each([['less than all of it, where bytes of the value look like the end of the copy', 6]])(
    'a reader who takes a row for %s is stopped, not believed',
    async (_what, length) => {
      const query = `select '\\xffff'::bytea from generate_series(1, 3)`;
      const copied = database.db.transaction((tx) => copyOut(tx, query, (_bytes, at) => at + length));
      await expect(copied).rejects.toThrow('cut');
    },
  );
});
