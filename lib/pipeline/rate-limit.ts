import { sql } from 'drizzle-orm';
import type { Db } from '@/lib/db/client';
import { rateLimits } from '@/lib/db/schema';
import { ServiceError } from '@/lib/kernel/errors';

export interface RateRule {
  /** Bucket size: so many at once. */
  capacity: number;
  /** How long an empty bucket takes to fill, in milliseconds. */
  perMs: number;
}

export interface RateAnswer {
  allowed: boolean;
  /** 0 when allowed; otherwise when one more will be. */
  retryAfterMs: number;
}

export const perMinute = (capacity: number): RateRule => ({ capacity, perMs: 60_000 });

/**
 * Takes a token, or `count` of them, from a bucket that all instances share; the database's clock counts.
 * Give it the pool, never a transaction: a rollback would hand the token back.
 */
export async function takeToken(db: Db, key: string, rule: RateRule, count: number = 1): Promise<RateAnswer> {
  const perSecond = rule.capacity / (rule.perMs / 1_000);
  const filled = sql`least(${rule.capacity}::float8, ${rateLimits.tokens} + extract(epoch from (now() - ${rateLimits.updatedAt}))::float8 * ${perSecond}::float8)`;
  const taken = await db.execute(sql`
    insert into ${rateLimits} (key, tokens, updated_at) values (${key}, ${rule.capacity - count}::float8, now())
    on conflict (key) do update set tokens = ${filled} - ${count}::float8, updated_at = now() where ${filled} >= ${count}::float8
    returning 1`);
  if (taken.rows.length > 0) return { allowed: true, retryAfterMs: 0 };
  const left = await db.execute<{ tokens: number }>(
    sql`select ${filled} as tokens from ${rateLimits} where key = ${key}`,
  );
  const missing = Math.max(0, count - (left.rows[0]?.tokens ?? 0));
  return { allowed: false, retryAfterMs: Math.max(1_000, Math.ceil((missing / perSecond) * 1_000)) };
}

/** Throws `ServiceError` `rate_limited` with the time to wait; `why` is the sentence before it. */
export async function requireToken(
  db: Db,
  key: string,
  rule: RateRule,
  why: string = 'Too many requests.',
): Promise<void> {
  const answer = await takeToken(db, key, rule);
  if (answer.allowed) return;
  const seconds = Math.ceil(answer.retryAfterMs / 1_000);
  const refusal = new ServiceError('tooMany', 'rate_limited', `${why} Try again in ${seconds} s.`);
  refusal.retryAfter = seconds;
  throw refusal;
}

/** Gives one token back, for an attempt that turned out to be harmless; never beyond the bucket's size. */
export async function returnToken(db: Db, key: string, rule: RateRule): Promise<void> {
  await db.execute(
    sql`update ${rateLimits} set tokens = least(${rule.capacity}::float8, ${rateLimits.tokens} + 1) where key = ${key}`,
  );
}

/** Drops buckets that have long been full again. Returns how many. */
export async function pruneRateLimits(db: Db): Promise<number> {
  const gone = await db.execute(
    sql`delete from ${rateLimits} where ${rateLimits.updatedAt} < now() - interval '1 day'`,
  );
  return gone.rowCount ?? 0;
}
