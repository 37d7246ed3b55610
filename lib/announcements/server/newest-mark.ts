import { sql } from 'drizzle-orm';
import type { ServiceContext } from '@/lib/auth/context';
import { announcements, deployments } from '@/lib/db/schema';

interface Subject {
  deployment: Pick<typeof deployments.$inferSelect, 'targetId' | 'sha' | 'number'>;
}

/** Deployments of one target at one commit share a name there, and the newest word for a name is what counts. */
const newer = ({ deployment: { targetId, sha, number } }: Subject) => sql`
  d.target_id = ${targetId} and d.sha = ${sha} and d.number > ${number}`;

/** Whether a newer deployment has the say already: what an older one has to say now would take its word back. */
export async function hasNewerMark(ctx: ServiceContext, about: Subject): Promise<boolean> {
  const { rows } = await ctx.db.execute(sql`
    select 1 from ${announcements} a join ${deployments} d on d.id = a.deployment_id
    where ${newer(about)} and a.marked is not null limit 1`);
  return rows.length > 0;
}

/** One that was marked while ours was under way may have been overwritten by it, so it says its word once more. */
export async function sayNewerAgain(ctx: ServiceContext, about: Subject): Promise<void> {
  await ctx.db.execute(sql`
    update ${announcements} a set marked = null, state = 'open', next_try_at = coalesce(a.next_try_at, now())
    from ${deployments} d
    where d.id = a.deployment_id and ${newer(about)} and a.marked is not null`);
}
