import { desc, getTableColumns, lt, sql } from 'drizzle-orm';
import type { ServiceContext } from '@/lib/auth/context';
import { cursorAt, exactly, placeAt } from '@/lib/db/keyset';
import { extensionPackages } from '@/lib/db/schema';
import type { PackageList } from '../model/view';
import { summaryOf } from './summary';

const { files: _files, manifest: _manifest, ...LISTED } = getTableColumns(extensionPackages);

/** Packages of all extensions, the newest first. `cursor` is the `nextCursor` of the page before. */
export async function listPackages(
  { db }: ServiceContext,
  { cursor, limit }: { cursor?: string | undefined; limit: number },
): Promise<PackageList> {
  const before = cursor === undefined ? undefined : placeAt(cursor, /^[0-9a-f]{64}$/);
  const place = sql`(${extensionPackages.uploadedAt}, ${extensionPackages.id})`;
  const rows = await db
    .select({
      ...LISTED,
      at: exactly(extensionPackages.uploadedAt),
      displayName: sql<string | null>`${extensionPackages.manifest} ->> 'displayName'`,
    })
    .from(extensionPackages)
    .where(before ? lt(place, sql`(${before.at}::timestamptz, ${before.id})`) : undefined)
    .orderBy(desc(extensionPackages.uploadedAt), desc(extensionPackages.id))
    .limit(limit + 1);
  const page = rows.slice(0, limit);
  const last = page.at(-1);
  return { packages: page.map(summaryOf), nextCursor: rows.length > limit && last ? cursorAt(last) : null };
}
