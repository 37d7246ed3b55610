import { sql } from 'drizzle-orm';
import type { ServiceContext } from '@/lib/auth/context';
import { missingFor } from '../model/judge';
import type { Gathered } from './gather';

/** Remembers which names were missing, for the doctor. Only of targets whose workflow and places could be read. */
export async function keepReadings(ctx: ServiceContext, gathered: Gathered): Promise<void> {
  const rows = gathered.targets
    .filter(({ named, places }) => named !== null && places.every((key) => gathered.places.get(key)?.entries !== null))
    .map((target) => ({ target: target.id, missing: missingFor(gathered, target) }));
  if (rows.length === 0) return;
  await ctx.db.execute(sql`
    insert into configuration_readings (target_id, missing)
    select r.target, r.missing from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) as r(target text, missing jsonb)
    join targets t on t.id = r.target order by 1
    on conflict (target_id) do update set missing = excluded.missing, read_at = now()`);
}
