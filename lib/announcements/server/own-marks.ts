import { eq, sql } from 'drizzle-orm';
import type { Db } from '@/lib/db/client';
import { announcements, components, environments, targets } from '@/lib/db/schema';
import { Rounds } from '@/lib/kernel/rounds';
import { contextName } from '../model/tell';

const asking = new WeakMap<Db, Rounds<ReadonlySet<string>>>();

/** The names under which commits are marked from here, one for each target, and those under which they ever were. */
export function ownMarks(db: Db): Promise<ReadonlySet<string>> {
  const rounds = asking.get(db) ?? new Rounds();
  asking.set(db, rounds);
  return rounds.join('', async () => {
    const rows = await db
      .select({ environment: environments.slug, component: components.slug, label: targets.label })
      .from(targets)
      .innerJoin(components, eq(components.id, targets.componentId))
      .innerJoin(environments, eq(environments.id, targets.environmentId));
    return new Set([...rows.map(contextName), ...(await usedBefore(db))]);
  });
}

/** From name to name by the index: a few look-ups, however many deployments there were. */
async function usedBefore(db: Db): Promise<string[]> {
  const { rows } = await db.execute<{ name: string }>(sql`
    with recursive used as (
      (select mark_name as name from ${announcements} where mark_name is not null order by mark_name limit 1)
      union all
      select (select mark_name from ${announcements} where mark_name > used.name order by mark_name limit 1)
      from used where used.name is not null)
    select name from used where name is not null`);
  return rows.map(({ name }) => name);
}
