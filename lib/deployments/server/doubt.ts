import { sql } from 'drizzle-orm';
import type { DbOrTx } from '@/lib/auth/context';
import { attempts, deployments, sightings } from '@/lib/db/schema';
import { type Doubt, LEAVES_DOUBT } from '../model/doubt';
import type { DeploymentStatus } from '../model/status';

/** Of a target's many deployments the newest can have gone there last, also those that waited long for people. */
const NEWEST = 100;

/**
 * Whether our books doubt that what counts as live is there: a later one is being checked or may have been at work when it
 * ended, or something else was seen since it went live. By when they were sent; one that no provider took changed nothing. The
 * last one is named, and what any of them had reached counts: one that fails after it takes nothing away.
 */
export async function readDoubt(db: DbOrTx, targetId: string, currentId: string | null): Promise<Doubt | null> {
  if (currentId === null) return null;
  type Found = { number: number | null; status: DeploymentStatus; reached: boolean; drift: string | null };
  const { rows } = await db.execute<Found>(sql`
    select sent.number::float8 as number, sent.status, sent.reached, seen.drift from (select) as one
    left join lateral (
      select d.number, d.status, bool_or(d.provider_done_at is not null or d.status = 'verifying') over () as reached from (
        select * from ${deployments} where target_id = ${targetId} order by number desc nulls first limit ${NEWEST}
      ) d join ${deployments} live on live.id = ${currentId}
      where d.id <> live.id and d.submitted_at > coalesce(live.submitted_at, live.requested_at)
        and (d.status = 'verifying' or (d.status = any(${sql.param([...LEAVES_DOUBT])}::text[]) and exists (
          select from ${attempts} a where a.deployment_id = d.id and a.state not in ('refused', 'absent'))))
      order by d.submitted_at desc limit 1
    ) sent on true
    left join lateral (
      select coalesce(s.drift_sentence, '') as drift from ${sightings} s join ${deployments} live on live.id = ${currentId}
      where s.target_id = ${targetId} and s.drift_since is not null and (s.looked_at < live.finished_at) is not true
    ) seen on true`);
  const [found] = rows;
  if (!found) return null;
  const { number, status, reached, drift } = found;
  if (number !== null) return { by: 'sent', number: Number(number), status, reached, drift };
  return drift === null ? null : { by: 'drift', sentence: drift };
}
