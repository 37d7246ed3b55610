import { desc, eq, sql } from 'drizzle-orm';
import { personId } from '@/lib/auth/actor';
import type { ServiceContext } from '@/lib/auth/context';
import { isPermitted, isPermittedEverywhere } from '@/lib/auth/require';
import { galleryVersions, users } from '@/lib/db/schema';
import { readEntry } from '@/lib/extensions/server';
import { ServiceError } from '@/lib/kernel/errors';
import { describeError, log } from '@/lib/kernel/log';
import type { Counts } from '../model/extension';
import type { GalleryExtensionView, GalleryVersionRow } from '../model/view';
import { countsOf } from './catalogue';
import { ownersOf } from './list-namespaces';
import { isLimited, isOwner } from './namespace';
import { extensionIdOf } from './publish';

const DAYS = 30;

type Row = typeof galleryVersions.$inferSelect;

/** An extension with everything that was ever published of it. Throws `ServiceError` notFound. */
export async function readGalleryExtension(
  ctx: ServiceContext,
  input: { namespace: string; name: string },
): Promise<GalleryExtensionView> {
  const extensionId = extensionIdOf(input.namespace, input.name);
  const rows = await ctx.db
    .select({ row: galleryVersions, publisher: users.name })
    .from(galleryVersions)
    .leftJoin(users, eq(users.id, galleryVersions.publishedBy))
    .where(eq(galleryVersions.extensionId, extensionId))
    .orderBy(desc(galleryVersions.sortKey), galleryVersions.platform)
    .limit(1_000);
  const shown = (rows.find(({ row }) => !row.yankedAt && !row.retiredAt) ?? rows[0])?.row;
  if (!shown)
    throw new ServiceError('notFound', 'no_such_extension', `The gallery has no ${input.namespace}.${input.name}.`);
  const [counts, days, owners, yankers, readme, owner] = await Promise.all([
    countsByVersion(ctx, extensionId),
    countsByDay(ctx, extensionId),
    ownersOf(ctx, shown.namespace),
    namesOf(
      ctx,
      rows.map(({ row }) => row.yankedBy),
    ),
    readmeOf(ctx, shown),
    isOwner(ctx.db, shown.namespace, personId(ctx.actor)),
  ]);
  const versions = rows.map(({ row, publisher }) =>
    versionRow(row, publisher, counts.get(row.id) ?? countsOf(null), yankers),
  );
  const { displayName, description, categories, tags, license } = shown.listing;
  return {
    ...{ namespace: shown.namespace, name: shown.name, displayName, description, categories, tags, license },
    version: shown.yankedAt || shown.retiredAt ? null : shown.version,
    counts: versions.reduce((sum, each) => added(sum, each.counts), countsOf(null)),
    ...{ readme, owners, versions, days },
    mayYank:
      isPermitted(ctx.actor, 'deployment.request', null) &&
      !isLimited(ctx.actor) &&
      (owner || isPermittedEverywhere(ctx.actor, 'component.manage')),
  };
}

function added(a: Counts, b: Counts): Counts {
  return {
    download: a.download + b.download,
    install: a.install + b.install,
    update: a.update + b.update,
    uninstall: a.uninstall + b.uninstall,
  };
}

function versionRow(
  row: Row,
  publishedBy: string | null,
  counts: Counts,
  yankers: Map<string, string>,
): GalleryVersionRow {
  const { version, platform, prerelease, packageId, listing } = row;
  return {
    ...{ version, platform, prerelease, packageId, counts, publishedBy },
    ...{ size: listing.size, engine: listing.engine },
    publishedAt: row.publishedAt.toISOString(),
    yanked: row.yankedAt
      ? { at: row.yankedAt.toISOString(), by: yankers.get(row.yankedBy ?? '') ?? null, reason: row.yankReason ?? '' }
      : null,
    retiredAt: row.retiredAt?.toISOString() ?? null,
  };
}

async function namesOf({ db }: ServiceContext, ids: readonly (string | null)[]): Promise<Map<string, string>> {
  const wanted = [...new Set(ids.filter((id) => id !== null))];
  if (wanted.length === 0) return new Map();
  const found = await db.select({ id: users.id, name: users.name }).from(users);
  return new Map(found.filter(({ id }) => wanted.includes(id)).map(({ id, name }) => [id, name]));
}

async function countsByVersion({ db }: ServiceContext, extensionId: string): Promise<Map<string, Counts>> {
  const found = await db.execute<{ id: string; counts: Partial<Counts> }>(sql`
    select id, jsonb_object_agg(kind, n) as counts from (
      select v.id, d.kind, sum(d.count)::bigint as n from gallery_versions v join gallery_downloads d on d.version_id = v.id
      where v.extension_id = ${extensionId} group by 1, 2) each group by 1`);
  return new Map(found.rows.map(({ id, counts }) => [id, countsOf(counts)]));
}

async function countsByDay({ db }: ServiceContext, extensionId: string): Promise<GalleryExtensionView['days']> {
  const found = await db.execute<{ day: string; counts: Partial<Counts> }>(sql`
    select day::text, jsonb_object_agg(kind, n) as counts from (
      select d.day, d.kind, sum(d.count)::bigint as n from gallery_versions v join gallery_downloads d on d.version_id = v.id
      where v.extension_id = ${extensionId} and d.day > (now() at time zone 'UTC')::date - ${DAYS}::int group by 1, 2
    ) each group by 1 order by 1`);
  return found.rows.map(({ day, counts }) => ({ day, counts: countsOf(counts) }));
}

/** The page is more than its README: where the store does not answer, the rest is shown without it. */
async function readmeOf(ctx: ServiceContext, { packageId, listing }: Row): Promise<string | null> {
  if (listing.readme === null) return null;
  try {
    return (await readEntry(ctx, packageId, listing.readme))?.bytes.toString('utf8') ?? null;
  } catch (error) {
    log.warn('a README cannot be read', { packageId, ...describeError(error) });
    return null;
  }
}
