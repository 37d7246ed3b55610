import { and, eq, type SQL, sql } from 'drizzle-orm';
import type { DbOrTx, ServiceContext } from '@/lib/auth/context';
import { announcements, deployments, targets } from '@/lib/db/schema';
import type { MarkForm } from '@/lib/providers/port';
import { MAX_TRIES, STALE_TRIES } from '../model/outcome';

export type AnnouncementRow = typeof announcements.$inferSelect;

/** Longer than a pass can take, and than a provider takes to list what it made: whoever takes over looks it up. */
const LEASE_SECONDS = 90;
/** What is sent is sent with at least so much of the lease left; a request ends well before. */
const LEFT_SECONDS = 45;
/** A deployment that ended longer ago is told to nobody any more: nothing is announced in hindsight. */
const FRESH_MINUTES = 10;
const NEWEST = 200;
/** Of one connection in a pass: one that answers slowly does not keep those of the others waiting. */
const EACH = 2;

/**
 * Rows for what has none yet, from our own state: whoever was down meanwhile misses nothing. A new row locks its deployment
 * and its target; where a click or the engine has one of them, it is for the next pass: waiting there would be a deadlock.
 */
export async function discover(ctx: ServiceContext): Promise<void> {
  await ctx.db.execute(sql`
    insert into ${announcements} (deployment_id, target_id, next_try_at)
    select d.id, d.target_id, now()
    from ${deployments} d join ${targets} t on t.id = d.target_id and t.tell <> 'nothing'
    where d.id in (
        select id from ${deployments} where next_check_at is not null
        union
        (select id from ${deployments} order by number desc limit ${NEWEST}))
      and d.status <> 'awaiting_approval' and coalesce(d.finished_at, now()) > now() - make_interval(mins => ${FRESH_MINUTES})
      and not exists (select 1 from ${announcements} a where a.deployment_id = d.id)
    for key share of d, t skip locked
    on conflict do nothing`);
}

/** A wait for a next try. A claim is never so long; a limit is waited for whatever comes. */
export const WAITS = sql`(tried is not null and next_try_at > now() + make_interval(secs => ${LEASE_SECONDS}))`;

/**
 * What has changed since it was last looked at, and what is live no more. News ends a wait and costs no try: what one way
 * refused is no reason to keep it from the other.
 */
export async function wake(ctx: ServiceContext): Promise<void> {
  await ctx.db.execute(sql`
    update ${announcements} a set next_try_at = now(),
      tries = case when a.next_try_at is null then 0 else greatest(a.tries - 1, 0) end
    from ${deployments} d join ${targets} t on t.id = d.target_id
    where a.state = 'open' and (a.next_try_at is null or ${WAITS}) and d.id = a.deployment_id
      and (d.version <> a.said_version
        or (coalesce(a.tried, a.said, a.marked) = 'success' and t.current_deployment_id is distinct from d.id))`);
}

/**
 * A process that dies over a row counts no failure, so the claims are counted: what takes down whoever touches it is set
 * aside instead of being handed on for ever.
 */
export async function giveUp(ctx: ServiceContext): Promise<void> {
  await ctx.db.execute(sql`
    update ${announcements} a set state = 'dead', next_try_at = null, code = 'set_aside',
      sentence = 'It was tried too often and no try came to an end, so it was set aside. The log of this console says more.'
    where a.next_try_at <= now() and a.tries >= case when coalesce(a.remote_id, a.mark_name, a.asked_at::text) is null
      then ${MAX_TRIES}::int else ${STALE_TRIES}::int end`);
}

/** A claim is committed before anything is sent; whoever dies after that leaves it to the next. */
export async function claim(ctx: ServiceContext, limit: number): Promise<AnnouncementRow[]> {
  return await ctx.db
    .update(announcements)
    .set({
      tries: sql`${announcements.tries} + 1`,
      // In whole milliseconds, which is what comes back here: the lease is also the claim's name.
      nextTryAt: sql`date_trunc('milliseconds', now()) + make_interval(secs => ${LEASE_SECONDS})`,
    })
    .where(
      sql`${announcements.deploymentId} in (
        select deployment_id from ${announcements} where next_try_at <= now() and deployment_id in (
          select id from (
            select d.id, row_number() over (partition by d.connection_id order by a.next_try_at, d.number) as place
            from ${announcements} a join ${deployments} d on d.id = a.deployment_id where a.next_try_at <= now()) due
          where due.place <= ${EACH})
        order by next_try_at limit ${limit} for update skip locked)`,
    )
    .returning();
}

const mine = (row: AnnouncementRow) =>
  and(
    eq(announcements.deploymentId, row.deploymentId),
    eq(announcements.nextTryAt, row.nextTryAt ?? new Date(0)),
    eq(announcements.tries, row.tries),
  );

/** Thrown by a process that stood still: somebody else has the row now, and nothing of this one's is sent or written. */
export class ClaimLost extends Error {}

/** What is about to be asked for, kept before it is: a record, or the name that a commit is marked under, and how. */
type Asking = { record: true } | { markName: string; markAs: MarkForm };

/** Right before each request, so that one that is late does not say yesterday's word. Throws `ClaimLost`. */
export async function stillMine(ctx: ServiceContext, row: AnnouncementRow, asking?: Asking): Promise<void> {
  const kept = asking && ('record' in asking ? { askedAt: sql`now()` } : asking);
  const [found] = await ctx.db
    .update(announcements)
    .set(kept ?? { tries: row.tries })
    .where(sql`${mine(row)} and ${announcements.nextTryAt} > now() + make_interval(secs => ${LEFT_SECONDS})`)
    .returning({ id: announcements.deploymentId });
  if (!found) throw new ClaimLost();
}

type Columns = Omit<typeof announcements.$inferInsert, 'deploymentId' | 'targetId' | 'nextTryAt'>;
/** A time is the database's. */
type Patch = { [K in keyof Columns]?: Columns[K] | SQL };

/** Writes what came of it while the claim holds. Throws `ClaimLost`. */
export async function write(db: DbOrTx, row: AnnouncementRow, patch: Patch): Promise<void> {
  const [found] = await db.update(announcements).set(patch).where(mine(row)).returning();
  if (!found) throw new ClaimLost();
}

/** Gives the claim back: null until something changes, or the seconds until the next try. */
export async function release(
  db: DbOrTx,
  row: AnnouncementRow,
  patch: Patch,
  seconds: number | null,
): Promise<boolean> {
  const nextTryAt = seconds === null ? null : sql`now() + make_interval(secs => ${seconds})`;
  const [found] = await db
    .update(announcements)
    .set({ ...patch, nextTryAt })
    .where(mine(row))
    .returning();
  return found !== undefined;
}
