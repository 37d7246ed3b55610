import { sql } from 'drizzle-orm';
import type { DbOrTx } from '@/lib/auth/context';
import { deployments, pins } from '@/lib/db/schema';

export interface WayBack {
  id: string;
  number: number;
  sha: string;
}

/**
 * The last success of a target that no roll-back left, besides the one that counts as live; null where there is none. Left is
 * what went live between a roll-back and what that went back to. A re-run of a roll-back is one: it has a pin as well.
 * `past`: a roll-back that is live without a doubt; one with its commit is no way back from it while there is another.
 */
export async function findWayBack(
  db: DbOrTx,
  targetId: string,
  { currentId, past }: { currentId: string | null; past: boolean },
): Promise<WayBack | null> {
  const { rows } = await db.execute<{ id: string; number: number; sha: string }>(sql`
    with recursive back as (
      select d.id, d.finished_at, d.kind, d.source_deployment_id as source_id
      from ${pins} p join ${deployments} d on d.id = p.deployment_id
      where p.target_id = ${targetId} and p.kind = 'rollback' and d.status = 'succeeded'
      union
      select back.id, back.finished_at, source.kind, source.source_deployment_id
      from back join ${deployments} source on source.id = back.source_id where back.kind = 'retry'
    ), gone as (
      select coalesce(range_agg(tstzrange(source.finished_at, back.finished_at, '()')), '{}') as times
      from back join ${deployments} source on source.id = back.source_id
      where back.kind = 'rollback' and source.finished_at < back.finished_at
    )
    select d.id, d.number::float8 as number, d.sha from ${deployments} d
    where d.target_id = ${targetId} and d.status = 'succeeded' and d.id is distinct from ${currentId}
      and not d.finished_at <@ (select times from gone)
    order by coalesce(d.sha = (select c.sha from ${deployments} c
      where c.id = ${past ? currentId : null} and exists (select from back where back.id = c.id)), false),
      d.finished_at desc nulls first limit 1`);
  const [found] = rows;
  return found ? { ...found, number: Number(found.number) } : null;
}
