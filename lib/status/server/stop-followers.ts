import { sql } from 'drizzle-orm';
import { emitAudit } from '@/lib/audit/emit';
import type { ServiceContext, Tx } from '@/lib/auth/context';
import { notifications, subscriptions } from '@/lib/db/schema';
import { FORGOTTEN_DAYS, STOPPED_AFTER, STOPPED_WORDS } from '../model/stopped';

interface Gone {
  id: string;
  origin: string;
}

/**
 * Stops telling followers whom nothing has reached for days while others were reached, and forgets those that have been stopped for a month. Any
 * number of processes may do this at once. Returns how many were stopped.
 */
export async function stopFollowers(ctx: ServiceContext): Promise<number> {
  return ctx.db.transaction(async (tx) => {
    const stopped = await stop(tx);
    for (const { id, origin } of stopped)
      await say(tx, ctx, 'status.stop-subscriber', id, origin, `${origin} is told nothing for now: ${STOPPED_WORDS}`);
    for (const { id, origin } of await forget(tx))
      await say(tx, ctx, 'status.forget-subscriber', id, origin, `${origin} was stopped for ${FORGOTTEN_DAYS} days.`);
    return stopped.length;
  });
}

/** Given up since it last answered, and taken by another. What waited for it would be old news later, so it goes. */
async function stop(tx: Tx): Promise<Gone[]> {
  const { messages, days, newestWithinDays } = STOPPED_AFTER;
  const { rows } = await tx.execute<Gone & Record<string, unknown>>(sql`
    update ${subscriptions} s set disabled_at = now(), version = s.version + 1
    where s.kind = 'status' and s.disabled_at is null and s.id in (
      select k.id from subscriptions k join status_subscribers f on f.subscription_id = k.id
        join ${notifications} n on n.subscription_id = k.id and n.state = 'dead' and n.created_at > f.confirmed_at
      where k.kind = 'status' and k.disabled_at is null and not exists (
        select 1 from ${notifications} d where d.subscription_id = k.id and d.state = 'delivered'
          and d.created_at >= n.created_at)
        and exists (select 1 from ${notifications} o join subscriptions r on r.id = o.subscription_id and r.kind = 'status'
          where o.event_id = n.event_id and o.state = 'delivered' and o.subscription_id <> k.id)
      group by k.id having count(*) >= ${messages}
        and max(n.created_at) - min(n.created_at) >= make_interval(days => ${days})
        and max(n.created_at) >= now() - make_interval(days => ${newestWithinDays}))
    returning s.id, s.origin`);
  for (const { id } of rows)
    await tx.execute(sql`
      update ${notifications} set state = 'dead', next_try_at = null, last_error = 'It was stopped before this was sent.'
      where subscription_id = ${id} and state = 'pending'`);
  return rows;
}

async function forget(tx: Tx): Promise<Gone[]> {
  const { rows } = await tx.execute<Gone & Record<string, unknown>>(sql`
    delete from ${subscriptions} where kind = 'status' and disabled_at < now() - make_interval(days => ${FORGOTTEN_DAYS})
    returning id, origin`);
  return rows;
}

function say(tx: Tx, ctx: ServiceContext, action: string, id: string, origin: string, sentence: string) {
  const resource = { kind: 'subscription' as const, id };
  return emitAudit(tx, ctx, { action, resource, outcome: 'done', sentence, data: { origin } });
}
