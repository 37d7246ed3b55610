import { eq, sql } from 'drizzle-orm';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type Database, openDatabase } from '@/lib/db/client';
import { settings } from '@/lib/db/schema';
import { openTestDatabase } from '@/lib/db/testing/context';
import { pruneUsage } from './usage';
import { writeMinute } from './write-minute';

let database: Database;
beforeEach(async () => {
  database = await openTestDatabase();
});
afterEach(() => database.close());

const KEY = 'quota.writes.con_a';
/** As if everything of before had happened so much earlier. */
const pass = (seconds: number) =>
  database.db
    .update(settings)
    .set({
      value: sql`(select jsonb_agg(t.at::bigint - ${seconds * 1000}::bigint) from jsonb_array_elements_text(${settings.value}) as t(at))`,
    })
    .where(eq(settings.key, KEY));

describe('the writes of a minute', () => {
  test('are shared by three instances: of 180 at once, 60 go', async () => {
    const instances = [1, 2, 3].map(() => openDatabase(database.url));
    try {
      const asked = instances.flatMap(({ db }) => Array.from({ length: 60 }, () => writeMinute(db, 'con_a').book(60)));
      const waits = await Promise.all(asked);
      expect(waits.filter((wait) => wait === 0)).toHaveLength(60);
      for (const wait of waits) expect(wait).toBeLessThanOrEqual(60_000);
    } finally {
      await Promise.all(instances.map((each) => each.close()));
    }
  });

  test('slide: room comes back as the oldest ends, and the wait says when', async () => {
    const { book } = writeMinute(database.db, 'con_a');
    expect(await book(2)).toBe(0);
    await pass(40);
    expect(await book(2)).toBe(0);
    const wait = await book(2);
    expect(wait).toBeGreaterThan(15_000);
    expect(wait).toBeLessThanOrEqual(20_000);
    await pass(20);
    expect([await book(2), (await book(2)) > 0]).toEqual([0, true]);
  });

  test('that did not leave are taken back, and no more than were booked', async () => {
    const { book, takeBack } = writeMinute(database.db, 'con_a');
    await takeBack();
    expect([await book(2), await book(2), (await book(2)) > 0]).toEqual([0, 0, true]);
    await takeBack();
    expect([await book(2), (await book(2)) > 0]).toEqual([0, true]);
    for (let each = 0; each < 3; each += 1) await takeBack();
    expect([await book(2), await book(2), (await book(2)) > 0]).toEqual([0, 0, true]);
  });

  test('are one connection’s own, and whoever may use a part of them counts those of all', async () => {
    expect(await writeMinute(database.db, 'con_a').book(60)).toBe(0);
    expect(await writeMinute(database.db, 'con_a').book(1)).toBeGreaterThan(0);
    expect(await writeMinute(database.db, 'con_b').book(1)).toBe(0);
  });

  test('are forgotten when nobody has written for a day', async () => {
    await writeMinute(database.db, 'con_a').book(60);
    await pruneUsage(database.db);
    expect(await database.db.select().from(settings).where(eq(settings.key, KEY))).toHaveLength(1);
    await pass(25 * 3600);
    await pruneUsage(database.db);
    expect(await database.db.select().from(settings).where(eq(settings.key, KEY))).toHaveLength(0);
  });
});
