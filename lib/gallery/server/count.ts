import { sql } from 'drizzle-orm';
import type { Db } from '@/lib/auth/context';
import { galleryDownloads } from '@/lib/db/schema';
import type { CountKind } from '../model/scope';

/** One more of this kind, today in UTC by the database's clock. */
export async function count(db: Db, versionId: string, kind: CountKind): Promise<void> {
  await db
    .insert(galleryDownloads)
    .values({ versionId, kind, day: sql`(now() at time zone 'UTC')::date`, count: 1 })
    .onConflictDoUpdate({
      target: [galleryDownloads.versionId, galleryDownloads.day, galleryDownloads.kind],
      set: { count: sql`${galleryDownloads.count} + 1` },
    });
}
