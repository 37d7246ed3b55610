import 'server-only';
import { sql } from 'drizzle-orm';
import type { DbOrTx } from '@/lib/auth/context';
import type { deployments } from '@/lib/db/schema';
import { sameContent } from '@/lib/deployments/model/one-off';
import { wentBackPast } from '@/lib/gates/server/order';
import type { LastHealthy } from '../model/roll-back-rule';

type Live = Pick<typeof deployments.$inferSelect, 'id' | 'targetId' | 'inputs'>;

/** The newest healthy one before what is live. */
export async function readLastHealthy(db: DbOrTx, live: Live): Promise<LastHealthy | null> {
  type Found = { [K in keyof LastHealthy]: LastHealthy[K] } & Pick<Live, 'inputs'>;
  const { rows } = await db.execute<Found>(selectLastHealthy(live));
  const [row] = rows;
  if (!row) return null;
  const { inputs, ...found } = row;
  const isSame = found.isSame && sameContent(inputs, live.inputs);
  const [number, between, liveAt] = [Number(found.number), Number(found.between), Number(found.liveAt)];
  return { ...found, number, between, liveAt, isSame };
}

/**
 * By when they went live. Final verdicts only, and of none that people went back past. A move to another connection is no
 * change of settings. Target and time are values here, not columns of `l`: so `deployments_by_end` is walked to the first.
 */
export const selectLastHealthy = ({ id, targetId }: Pick<Live, 'id' | 'targetId'>) => sql`
  select d.id, d.number::float8 as number, (extract(epoch from v.live_at) * 1000)::float8 as "liveAt",
    (select count(*)::int from deployments s where s.target_id = d.target_id and s.status = 'succeeded'
      and s.finished_at > d.finished_at and s.finished_at < l.finished_at) as between,
    d.inputs, (d.sha = l.sha and d.rendering is not distinct from l.rendering
      and (d.config = l.config or d.connection_id <> l.connection_id)) as "isSame"
  from deployments d join verdicts v on v.deployment_id = d.id join deployments l on l.id = ${id}
  where d.target_id = ${targetId} and d.status = 'succeeded'
    and d.finished_at < (select finished_at from deployments where id = ${id})
    and v.verdict = 'healthy' and v.closed and not ${wentBackPast(sql`d`)}
  order by d.finished_at desc nulls first limit 1`;
