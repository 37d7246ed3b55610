import { sql } from 'drizzle-orm';
import type { ServiceContext } from '@/lib/auth/context';
import type { SettingName } from '@/lib/providers/port';
import type { Gathered } from './gather';
import { keptOf } from './keep-readings';

/**
 * Remembers what was written, beside whatever another look found meanwhile: only these names, for the targets that read one
 * of the `places` (by key). What was read before the writing was over is old from now on.
 */
export async function keepWritten(
  ctx: ServiceContext,
  gathered: Gathered,
  { places, settings }: { places: ReadonlySet<string>; settings: readonly SettingName[] },
): Promise<void> {
  const isWritten = (each: { kind: string; name: string }) =>
    settings.some(({ kind, name }) => each.kind === kind && each.name === name);
  const rows = [...Map.groupBy(gathered.targets, ({ id }) => id)]
    .filter(([, parts]) => parts.some((part) => part.places.some((key) => places.has(key))))
    .map(([target, parts]) => {
      const { missing, settings: taken } = keptOf(gathered, parts);
      return { target, missing: missing.filter(isWritten), settings: taken.filter(isWritten) };
    });
  if (rows.length === 0) return;
  const others = (column: 'missing' | 'settings') => sql`
    coalesce((select jsonb_agg(e) from jsonb_array_elements(k.${sql.raw(column)}) e where not exists (
      select 1 from jsonb_to_recordset(${JSON.stringify(settings)}::jsonb) as w(kind text, name text)
      where w.kind = e->>'kind' and w.name = e->>'name')), '[]'::jsonb)`;
  await ctx.db.execute(sql`
    update configuration_readings k
    set missing = r.missing || ${others('missing')}, settings = r.settings || ${others('settings')}, read_at = now()
    from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) as r(target text, missing jsonb, settings jsonb)
    where k.target_id = r.target and k.read_at is not null`);
}
