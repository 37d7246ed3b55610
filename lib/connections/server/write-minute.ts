import { sql } from 'drizzle-orm';
import type { Db } from '@/lib/db/client';
import type { SharedWrites } from '@/lib/http/clear-to-send';

const KEY = 'quota.writes.';

/**
 * The writes of a minute that all processes share, by the database's clock: the moments of the last minute's are kept in
 * `settings`. `name`: whose credential it is.
 */
export function writeMinute(db: Db, name: string): SharedWrites {
  const key = `${KEY}${name}`;
  const now = sql`floor(extract(epoch from clock_timestamp()) * 1000)::bigint`;
  const recent = sql`from jsonb_array_elements_text(s.value) as t(at) where t.at::bigint between ${now} - 59999 and ${now} + 1000`;
  return {
    async book(perMinute) {
      const booked = await db.execute(sql`
        insert into settings as s (key, value) values (${key}, jsonb_build_array(${now}))
        on conflict (key) do update
          set value = (select coalesce(jsonb_agg(t.at::bigint order by t.at::bigint), '[]'::jsonb) ${recent}) || to_jsonb(${now})
          where (select count(*) ${recent}) < ${perMinute}::int
        returning key`);
      if (booked.rows.length > 0) return 0;
      const { rows } = await db.execute<{ wait: number | null }>(sql`
        select ((s.value ->> (jsonb_array_length(s.value) - ${perMinute}::int))::bigint + 60000 - ${now})::float8 as wait
        from settings s where key = ${key}`);
      return Math.max(1, rows[0]?.wait ?? 1);
    },
    // The newest: which of those of this moment was ours makes no difference to how many there are.
    async takeBack() {
      await db.execute(sql`update settings set value = value - (-1) where key = ${key}`);
    },
  };
}

/** What nobody writes through any more is forgotten. */
export async function pruneWriteMinutes(db: Db): Promise<void> {
  await db.execute(sql`
    delete from settings where starts_with(key, ${KEY})
      and coalesce((value ->> -1)::bigint, 0) < extract(epoch from now() - interval '1 day') * 1000`);
}
