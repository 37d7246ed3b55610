import { desc, getTableColumns, lt, sql } from 'drizzle-orm';
import type { ServiceContext } from '@/lib/auth/context';
import { extensionPackages } from '@/lib/db/schema';
import type { PackageList } from '../model/view';
import { summaryOf } from './summary';

const PER_PAGE = 50;

const { files: _files, manifest: _manifest, ...LISTED } = getTableColumns(extensionPackages);

/** Packages of all extensions, the newest first, fifty at a time. `cursor` is the `nextCursor` of the page before. */
export async function listPackages(
  { db }: ServiceContext,
  { cursor }: { cursor?: string | undefined },
): Promise<PackageList> {
  const before = cursor === undefined ? undefined : positionOf(cursor);
  const place = sql`(${extensionPackages.uploadedAt}, ${extensionPackages.id})`;
  const rows = await db
    .select({ ...LISTED, displayName: sql<string | null>`${extensionPackages.manifest} ->> 'displayName'` })
    .from(extensionPackages)
    .where(before ? lt(place, sql`(${before.at}::timestamptz, ${before.id})`) : undefined)
    .orderBy(desc(extensionPackages.uploadedAt), desc(extensionPackages.id))
    .limit(PER_PAGE + 1);
  const page = rows.slice(0, PER_PAGE);
  const last = page.at(-1);
  return {
    packages: page.map(summaryOf),
    nextCursor: rows.length > PER_PAGE && last ? `${last.uploadedAt.toISOString()}_${last.id}` : null,
  };
}

/** Anything else than a cursor of ours is the first page. */
function positionOf(cursor: string): { at: string; id: string } | undefined {
  const [, at, id] = /^(\d{4}-\d\d-\d\dT[\d:.]{8,12}Z)_([0-9a-f]{64})$/.exec(cursor) ?? [];
  return at && id && !Number.isNaN(Date.parse(at)) ? { at, id } : undefined;
}
