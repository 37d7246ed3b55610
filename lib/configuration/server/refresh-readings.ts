import { sql } from 'drizzle-orm';
import type { ServiceContext } from '@/lib/auth/context';
import { holdLock } from '@/lib/db/hold-lock';
import { catalog } from '@/lib/providers/catalog.generated';
import { gather } from './gather';
import { FRESH_HOURS, keepReadings } from './keep-readings';

/** What could not be read is tried again sooner than what was. */
const AGAIN_HOURS = 1;
/** Targets in a pass: a few requests each, which give way to everything else. */
const EACH_PASS = 4;

/**
 * Finds out which settings are missing, a few targets at a time and the longest unread first, so that the doctor need not ask
 * when somebody opens it. One instance at a time. Returns how many were read.
 */
export async function refreshReadings(ctx: ServiceContext): Promise<number> {
  const held = await holdLock(ctx.db, 'configurationReadings', () => refresh(ctx));
  return held.state === 'done' ? held.value : 0;
}

async function refresh(ctx: ServiceContext): Promise<number> {
  const due = await begin(ctx);
  if (due.length > 0) await keepReadings(ctx, await gather(ctx, { targets: new Set(due), consumer: 'survey' }));
  return due.length;
}

/** Those that were tried longest ago, marked as tried before anybody is asked: one that fails does not keep its place. */
async function begin(ctx: ServiceContext): Promise<string[]> {
  const able = Object.values(catalog).filter(({ capabilities }) => 'configuration' in capabilities);
  if (able.length === 0) return [];
  const ids = sql.join(
    able.map(({ id }) => sql`${id}`),
    sql`, `,
  );
  const { rows } = await ctx.db.execute<{ id: string }>(sql`
    insert into configuration_readings (target_id, missing, read_at)
    select t.id, '[]'::jsonb, null::timestamptz from targets t
    left join configuration_readings r on r.target_id = t.id
    where exists (select 1 from connections c where c.id in (t.connection_id, t.runtime_connection_id)
        and c.provider_id in (${ids}) and c.sealed_credential is not null)
      and (r.target_id is null
      or (r.tried_at < now() - make_interval(hours => ${AGAIN_HOURS})
        and (r.problem is not null or coalesce(r.read_at, to_timestamp(0)) < now() - make_interval(hours => ${FRESH_HOURS}))))
    order by r.tried_at nulls first, t.id limit ${EACH_PASS}
    on conflict (target_id) do update set tried_at = now()
    returning target_id as id`);
  return rows.map(({ id }) => id);
}
