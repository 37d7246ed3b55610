import { sql } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Database } from '@/lib/db/client';
import { rateLimits } from '@/lib/db/schema';
import { openTestDatabase } from '@/lib/db/testing/context';
import { perMinute, pruneRateLimits, requireToken, returnToken, takeToken } from './rate-limit';

let database: Database;
beforeAll(async () => {
  database = await openTestDatabase({ max: 10 });
});
afterAll(() => database.close());

/** Moves a bucket into the past instead of waiting. */
async function age(key: string, seconds: number): Promise<void> {
  await database.db
    .update(rateLimits)
    .set({ updatedAt: sql`now() - make_interval(secs => ${seconds})` })
    .where(sql`key = ${key}`);
}

describe('the shared token bucket', () => {
  test('of 40 at the same moment exactly as many as fit get through', async () => {
    const answers = await Promise.all(Array.from({ length: 40 }, () => takeToken(database.db, 'burst', perMinute(10))));
    expect(answers.filter((answer) => answer.allowed)).toHaveLength(10);
    const refused = answers.find((answer) => !answer.allowed);
    expect(refused?.retryAfterMs).toBeGreaterThanOrEqual(1_000);
    expect(refused?.retryAfterMs).toBeLessThanOrEqual(6_100);
  });

  test('fills with time, and never beyond its size', async () => {
    for (let i = 0; i < 10; i++) await takeToken(database.db, 'fills', perMinute(10));
    expect((await takeToken(database.db, 'fills', perMinute(10))).allowed).toBe(false);
    await age('fills', 13);
    expect((await takeToken(database.db, 'fills', perMinute(10))).allowed).toBe(true);
    expect((await takeToken(database.db, 'fills', perMinute(10))).allowed).toBe(true);
    expect((await takeToken(database.db, 'fills', perMinute(10))).allowed).toBe(false);
    await age('fills', 3_600);
    const answers = [];
    for (let i = 0; i < 12; i++) answers.push(await takeToken(database.db, 'fills', perMinute(10)));
    expect(answers.filter((answer) => answer.allowed)).toHaveLength(10);
  });

  test('a token that is given back can be taken again; keys do not share', async () => {
    await takeToken(database.db, 'one', perMinute(1));
    await returnToken(database.db, 'one', perMinute(1));
    await returnToken(database.db, 'one', perMinute(1));
    expect((await takeToken(database.db, 'one', perMinute(1))).allowed).toBe(true);
    expect((await takeToken(database.db, 'one', perMinute(1))).allowed).toBe(false);
    expect((await takeToken(database.db, 'two', perMinute(1))).allowed).toBe(true);
    await expect(requireToken(database.db, 'one', perMinute(1))).rejects.toMatchObject({
      code: 'rate_limited',
      httpStatus: 429,
    });
  });

  test('old buckets are swept, young ones stay', async () => {
    await takeToken(database.db, 'old', perMinute(1));
    await takeToken(database.db, 'young', perMinute(1));
    await age('old', 2 * 86_400);
    await pruneRateLimits(database.db);
    const keys = (await database.db.select({ key: rateLimits.key }).from(rateLimits)).map((row) => row.key);
    expect(keys).toContain('young');
    expect(keys).not.toContain('old');
  });
});
