import { and, eq, isNull, sql } from 'drizzle-orm';
import type { DbOrTx } from '@/lib/auth/context';
import { galleryVersions } from '@/lib/db/schema';

export type VersionRow = typeof galleryVersions.$inferSelect;

export interface VersionPlace {
  namespace: string;
  name: string;
  version: string;
  /** Left out: the package for all platforms, or the only one. */
  platform?: string | undefined;
}

/** A version that can be installed; null when there is none, or it was yanked or is not kept. */
export async function findVersion(db: DbOrTx, place: VersionPlace): Promise<VersionRow | null> {
  const rows = await db
    .select()
    .from(galleryVersions)
    .where(
      and(
        sql`lower(${galleryVersions.namespace}) = ${place.namespace.toLowerCase()}`,
        sql`lower(${galleryVersions.name}) = ${place.name.toLowerCase()}`,
        eq(galleryVersions.version, place.version),
        isNull(galleryVersions.yankedAt),
        isNull(galleryVersions.retiredAt),
      ),
    );
  const wanted = place.platform ?? 'universal';
  const exact = rows.find(({ platform }) => platform === wanted);
  if (exact || place.platform) return exact ?? null;
  return rows.length === 1 ? (rows[0] ?? null) : null;
}
