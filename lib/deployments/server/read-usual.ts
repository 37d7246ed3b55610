import 'server-only';
import { sql } from 'drizzle-orm';
import type { DbOrTx } from '@/lib/db/client';
import type { Usual } from '../model/view';

const SAMPLE = 20;
const ENOUGH = 3;

/** Nearest-rank percentiles of durations in milliseconds; null below three, because two runs are no custom. */
export function usualOf(durationsMs: readonly number[]): Usual | null {
  if (durationsMs.length < ENOUGH) return null;
  const sorted = [...durationsMs].sort((a, b) => a - b);
  const rank = (p: number) => sorted[Math.min(sorted.length - 1, Math.ceil(p * sorted.length) - 1)] ?? 0;
  return { p50Ms: rank(0.5), p90Ms: rank(0.9), sample: sorted.length };
}

/** How long each target usually takes, from its last 20 successes. Targets without enough history are absent. */
export async function readUsual(db: DbOrTx, targetIds: readonly string[]): Promise<Map<string, Usual>> {
  if (targetIds.length === 0) return new Map();
  const found = await db.execute<{ target_id: string; ms: number }>(sql`
    select wanted.target_id, past.ms
    from unnest(${sql.param([...targetIds])}::text[]) as wanted(target_id)
    cross join lateral (
      select (extract(epoch from d.finished_at - d.started_at) * 1000)::float8 as ms
      from deployments d
      where d.target_id = wanted.target_id and d.status = 'succeeded' and d.started_at is not null and d.finished_at is not null
      order by d.number desc
      limit ${SAMPLE}
    ) past`);
  const durations = new Map<string, number[]>();
  for (const row of found.rows)
    durations.set(row.target_id, [...(durations.get(row.target_id) ?? []), Math.round(row.ms)]);
  const usual = new Map<string, Usual>();
  for (const [targetId, sample] of durations) {
    const figure = usualOf(sample);
    if (figure) usual.set(targetId, figure);
  }
  return usual;
}
