import { sql } from 'drizzle-orm';
import type { DbOrTx, ServiceContext } from '@/lib/auth/context';
import { announcements, deployments } from '@/lib/db/schema';
import type { MarkForm } from '@/lib/providers/port';
import { SHUT_CODES } from '../model/tell';
import { WAITS } from './claims';

interface Subject {
  deployment: Pick<typeof deployments.$inferSelect, 'targetId' | 'sha' | 'number'>;
  /** What the commit is marked under, and how: a check takes back no status. */
  name: string;
  as: MarkForm;
}

/** `hasSay` of ../model/mark, of the deployments of one target at one commit. */
const withSay = ({ deployment: { targetId, sha }, name, as }: Subject) => sql`
  d.target_id = ${targetId} and d.sha = ${sha} and a.mark_name = ${name} and a.mark_as = ${as} and a.marked is distinct from 'inactive'
  and (a.marked is not null or a.state = 'open')`;

const SHUT = sql.join(
  SHUT_CODES.map((code) => sql`${code}`),
  sql`, `,
);

/** `takesSay` there, of those that are not called off. */
const takesSay = ({ deployment: { targetId, sha }, name, as }: Subject) => sql`
  d.target_id = ${targetId} and d.sha = ${sha} and d.status not in ('cancelled', 'superseded', 'rejected')
  and a.marked is distinct from 'inactive'
  and ((a.mark_name = ${name} and a.mark_as = ${as}) or (a.mark_name is null and (a.mark_code is null or a.mark_code not in (${SHUT}))))`;

/** Whether a newer deployment has the say already: what an older one has to say now would take its word back. */
export async function hasNewerMark(ctx: ServiceContext, about: Subject): Promise<boolean> {
  const { rows } = await ctx.db.execute(sql`
    select 1 from ${announcements} a join ${deployments} d on d.id = a.deployment_id
    where ${withSay(about)} and d.number > ${about.deployment.number} limit 1`);
  return rows.length > 0;
}

const MAX_OLDER = 20;

/** Older deployments that were told under this name, the newest first; at most 20. */
export async function olderTold(ctx: ServiceContext, { deployment, name, as }: Subject): Promise<string[]> {
  const { targetId, sha, number } = deployment;
  const { rows } = await ctx.db.execute<{ id: string }>(sql`
    select d.id from ${announcements} a join ${deployments} d on d.id = a.deployment_id
    where d.target_id = ${targetId} and d.sha = ${sha} and d.number < ${number} and a.mark_name = ${name} and a.mark_as = ${as}
    order by d.number desc limit ${MAX_OLDER}`);
  return rows.map(({ id }) => id);
}

/** Whoever has such a row loses it, for what it read is no more so; the next one comes when the lease is over, or at once. */
const AGAIN = sql`marked = null, state = 'open', tries = case when state = 'open' then tries + 1 else 1 end,
  next_try_at = case when ${WAITS} then now() else coalesce(next_try_at, now()) end`;

/** One that was marked while ours was under way may have been overwritten by it, so it says its word once more. */
export async function sayNewerAgain(ctx: ServiceContext, about: Subject): Promise<void> {
  await ctx.db.execute(sql`
    update ${announcements} set ${AGAIN} where deployment_id in (
      select d.id from ${announcements} a join ${deployments} d on d.id = a.deployment_id
      where ${withSay(about)} and d.number > ${about.deployment.number})`);
}

/**
 * The newest of the older ones that takes the say says its word, also for the first time. `named`: a word of ours is there, so
 * it has to become true. Returns whether there is one.
 */
export async function sayOlderAgain(db: DbOrTx, about: Subject, { named }: { named: boolean }): Promise<boolean> {
  const name = named ? sql`mark_name = ${about.name}, mark_as = ${about.as},` : sql``;
  const { rows } = await db.execute(sql`
    update ${announcements} set ${name} ${AGAIN} where deployment_id = (
      select d.id from ${announcements} a join ${deployments} d on d.id = a.deployment_id
      where ${takesSay(about)} and d.number < ${about.deployment.number} order by d.number desc limit 1)
    returning deployment_id`);
  return rows.length > 0;
}
