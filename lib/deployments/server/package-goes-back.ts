import { sql } from 'drizzle-orm';
import type { DbOrTx } from '@/lib/auth/context';
import type { PackageRow } from '@/lib/extensions/server/load-package';

/** Longer chains of packages that were made again are not followed. */
const LONGEST = 50;

export interface WentLive {
  packageId: string;
  version: string;
}

/**
 * The nearest package that this one was made again from and that was live on this very target; null where there is none.
 * Having been made from an older one proves nothing: only what was live can be gone back to, as with any roll-back.
 */
export async function packageGoesBackTo(
  db: DbOrTx,
  { id, source }: Pick<PackageRow, 'id' | 'source'>,
  targetId: string,
): Promise<WentLive | null> {
  if (source.kind !== 'republish') return null;
  const { rows } = await db.execute<WentLive & Record<string, unknown>>(sql`
    with recursive chain (id, step) as (
      select source ->> 'from', 1 from extension_packages where id = ${id} and source ->> 'kind' = 'republish'
      union
      select p.source ->> 'from', c.step + 1 from chain c join extension_packages p on p.id = c.id
      where p.source ->> 'kind' = 'republish' and c.step < ${LONGEST}::int)
    select p.id as "packageId", p.version from chain c join extension_packages p on p.id = c.id
    where exists (select 1 from deployments d where d.target_id = ${targetId} and d.status = 'succeeded'
      and d.dispatch -> 'publish' ->> 'packageId' = p.id)
    order by c.step limit 1`);
  return rows[0] ?? null;
}
