import { sql } from 'drizzle-orm';
import type { ServiceContext } from '@/lib/auth/context';
import type { Db } from '@/lib/db/client';
import { holdLock } from '@/lib/db/hold-lock';
import { catalog } from '@/lib/providers/catalog.generated';
import { gather } from './gather';
import { keepReadings } from './keep-readings';

/** What was read is good for so long; what could not be read is tried again sooner. */
const FRESH_HOURS = 6;
const AGAIN_MS = 3_600_000;
/** Targets in a pass: a few requests each, which give way to everything else. */
const EACH_PASS = 4;

const tried = new WeakMap<Db, Map<string, number>>();

/**
 * Finds out which settings are missing, a few targets at a time and the longest unread first, so that the doctor need not ask
 * when somebody opens it. One instance at a time. Returns how many were read.
 */
export async function refreshReadings(ctx: ServiceContext): Promise<number> {
  return (await holdLock(ctx.db, 'configurationReadings', () => refresh(ctx))) ?? 0;
}

async function refresh(ctx: ServiceContext): Promise<number> {
  const now = ctx.clock.now();
  const waiting = tried.get(ctx.db) ?? new Map<string, number>();
  tried.set(ctx.db, waiting);
  for (const [id, until] of waiting) if (until <= now) waiting.delete(id);
  const due = (await unread(ctx)).filter((id) => !waiting.has(id)).slice(0, EACH_PASS);
  if (due.length === 0) return 0;
  for (const id of due) waiting.set(id, now + AGAIN_MS);
  await keepReadings(ctx, await gather(ctx, { targets: new Set(due), consumer: 'survey' }));
  return due.length;
}

async function unread(ctx: ServiceContext): Promise<string[]> {
  const able = Object.values(catalog).filter(({ capabilities }) => 'configuration' in capabilities);
  if (able.length === 0) return [];
  const ids = sql.join(
    able.map(({ id }) => sql`${id}`),
    sql`, `,
  );
  const { rows } = await ctx.db.execute<{ id: string }>(sql`
    select t.id from targets t join connections c on c.id = t.connection_id
    left join configuration_readings r on r.target_id = t.id
    where c.provider_id in (${ids}) and c.sealed_credential is not null
      and coalesce(r.read_at, to_timestamp(0)) < now() - make_interval(hours => ${FRESH_HOURS})
    order by r.read_at nulls first, t.id limit 500`);
  return rows.map(({ id }) => id);
}
