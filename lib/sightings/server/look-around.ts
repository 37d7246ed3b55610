import { eq, sql } from 'drizzle-orm';
import type { ServiceContext } from '@/lib/auth/context';
import { sightings, targets } from '@/lib/db/schema';
import { describeError, log } from '@/lib/kernel/log';
import { nextLookSeconds } from '../model/drift';
import { look } from './look';
import { measureBehind } from './measure-behind';

/** A new target is first looked at within this long. */
const FIRST_LOOK_SECONDS = 60;
const AT_ONCE = 5;

/**
 * Looks at the targets that are due, each at least every five minutes. One statement claims them, so several instances
 * share the work; one that cannot be looked at never keeps the others from it. Returns how many were looked at.
 */
export async function lookAround(ctx: ServiceContext, limit = 25): Promise<number> {
  await ctx.db.execute(sql`
    insert into ${sightings} (target_id, next_look_at)
    select id, now() + random() * make_interval(secs => ${FIRST_LOOK_SECONDS}) from ${targets}
    where not exists (select 1 from ${sightings} where target_id = ${targets}.id) on conflict do nothing`);
  const [from, to] = [nextLookSeconds(0), nextLookSeconds(1)];
  const claimed = await ctx.db.execute<{ targetId: string }>(sql`
    update ${sightings} set next_look_at = now() + make_interval(secs => ${from} + random() * ${to - from})
    where target_id in (
      select target_id from ${sightings} where next_look_at <= now() order by next_look_at limit ${limit} for update skip locked)
    returning target_id as "targetId"`);
  const due = claimed.rows.map((row) => row.targetId);
  const next = async (): Promise<void> => {
    for (let id = due.shift(); id !== undefined; id = due.shift()) await lookOnce(ctx, id);
  };
  await Promise.all(Array.from({ length: AT_ONCE }, next));
  return claimed.rows.length;
}

async function lookOnce(ctx: ServiceContext, targetId: string): Promise<void> {
  try {
    await look(ctx, targetId);
    await measureBehind(ctx, targetId);
  } catch (error) {
    const sentence = 'This console itself failed while it looked; its log says why. It looks again in a few minutes.';
    await ctx.db
      .update(sightings)
      .set({ troubleSentence: sentence, troubleCount: sql`${sightings.troubleCount} + 1` })
      .where(eq(sightings.targetId, targetId));
    log.error('a target could not be looked at; it is its turn again later', { targetId, ...describeError(error) });
  }
}
