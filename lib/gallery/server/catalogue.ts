import { type SQL, sql } from 'drizzle-orm';
import type { DbOrTx } from '@/lib/auth/context';
import type { Counts, GalleryExtension, GalleryVersion } from '../model/extension';
import type { Listing } from '../model/listing';
import { LIMITS } from '../model/protocol';

export interface Wanted {
  /** UUIDs and `publisher.name`s in lower case; both null = everything. */
  ids: readonly string[] | null;
  names: readonly string[] | null;
  /** Only what has a package for this platform; null = any. */
  platform: string | null;
}

interface VersionRecord extends Record<string, unknown> {
  id: string;
  package_id: string;
  version: string;
  platform: string;
  prerelease: boolean;
  sort_key: string;
  listing: Listing;
  published_at: string;
}

interface ExtensionRecord extends VersionRecord {
  extension_id: string;
  namespace: string;
  name: string;
  first_at: string;
  counts: Partial<Counts> | null;
}

const list = (values: readonly string[]): SQL =>
  sql`array[${sql.join(
    values.map((value) => sql`${value}`),
    sql`, `,
  )}]::text[]`;
const iso = (column: SQL): SQL => sql`to_char(${column} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`;
/** What can be installed. */
const LIVE = sql`v.yanked_at is null and v.retired_at is null`;

function which({ ids, names, platform }: Wanted): SQL {
  const some: SQL[] = [];
  if (ids && ids.length > 0) some.push(sql`v.extension_id = any(${list(ids)})`);
  if (names && names.length > 0) some.push(sql`lower(v.namespace || '.' || v.name) = any(${list(names)})`);
  const identity =
    ids === null && names === null ? sql`true` : some.length > 0 ? sql`(${sql.join(some, sql` or `)})` : sql`false`;
  const here = platform === null ? sql`true` : sql`v.platform in (${platform}, 'universal')`;
  return sql`${identity} and ${here}`;
}

function versionOf(row: VersionRecord): GalleryVersion {
  const { id, version, platform, prerelease, listing } = row;
  return {
    id,
    version,
    platform,
    prerelease,
    listing,
    packageId: row.package_id,
    sortKey: row.sort_key,
    publishedAt: row.published_at,
  };
}

export const countsOf = (some: Partial<Counts> | null): Counts => ({
  download: 0,
  install: 0,
  update: 0,
  uninstall: 0,
  ...some,
});

/** Every extension that has something to install, with its newest version. */
export async function readExtensions(db: DbOrTx, wanted: Wanted): Promise<GalleryExtension[]> {
  const found = await db.execute<ExtensionRecord>(sql`
    with newest as (
      select distinct on (v.extension_id) v.* from gallery_versions v where ${LIVE} and ${which(wanted)}
      order by v.extension_id, v.sort_key desc, v.platform
    ), counted as (
      select extension_id, jsonb_object_agg(kind, total) as counts from (
        select a.extension_id, d.kind, sum(d.count)::bigint as total from gallery_downloads d
        join gallery_versions a on a.id = d.version_id
        where a.extension_id in (select extension_id from newest) group by 1, 2
      ) each group by 1
    ), first as (
      select extension_id, min(published_at) as at from gallery_versions
      where extension_id in (select extension_id from newest) group by 1
    )
    select n.id, n.package_id, n.version, n.platform, n.prerelease, n.sort_key, n.listing, n.extension_id, n.namespace, n.name,
      ${iso(sql`n.published_at`)} as published_at, ${iso(sql`f.at`)} as first_at, c.counts
    from newest n join first f using (extension_id) left join counted c using (extension_id)`);
  return found.rows.map((row) => ({
    extensionId: row.extension_id,
    namespace: row.namespace,
    name: row.name,
    latest: versionOf(row),
    counts: countsOf(row.counts),
    firstPublishedAt: row.first_at,
  }));
}

/**
 * By extension, the versions of these that can be installed, newest first: the newest 200, and beyond them the newest
 * stable one of each platform and whatever is called `version`.
 */
export async function readVersions(
  db: DbOrTx,
  extensionIds: readonly string[],
  platform: string | null,
  version: string | null = null,
): Promise<Map<string, GalleryVersion[]>> {
  const all = new Map<string, GalleryVersion[]>(extensionIds.map((id) => [id, []]));
  if (extensionIds.length === 0) return all;
  const found = await db.execute<VersionRecord & { extension_id: string }>(sql`
    with ranked as (
      select v.*, row_number() over (partition by v.extension_id order by v.sort_key desc, v.platform) as at,
        row_number() over (partition by v.extension_id, v.platform, v.prerelease order by v.sort_key desc) as in_channel
      from gallery_versions v where ${LIVE} and ${which({ ids: extensionIds, names: null, platform })}
    )
    select v.id, v.package_id, v.version, v.platform, v.prerelease, v.sort_key, v.listing, v.extension_id,
      ${iso(sql`v.published_at`)} as published_at
    from ranked v where v.at <= ${LIMITS.versions} or v.in_channel = 1 or v.version = ${version}
    order by v.extension_id, v.sort_key desc, v.platform`);
  for (const row of found.rows) all.get(row.extension_id)?.push(versionOf(row));
  return all;
}
