import { and, asc, eq, inArray, isNull, ne, sql } from 'drizzle-orm';
import type { ServiceContext } from '@/lib/auth/context';
import { isPermitted } from '@/lib/auth/require';
import {
  connections,
  environments,
  extensionPackages,
  extensionPublications,
  galleryVersions,
  targets,
} from '@/lib/db/schema';
import { catalog } from '@/lib/providers/catalog.generated';
import type { AnyProvider } from '@/lib/providers/port';
import { LIVE_STATES } from '@/lib/publications/model/publication';
import { compareVersions } from '../model/identity';
import type { ComparedWith, PackageOther } from '../model/view';
import type { PackageRow } from './load-package';
import { otherOf } from './summary';

const manifests: Readonly<Record<string, AnyProvider['manifest']>> = catalog;
const OWN = Object.values(manifests).flatMap(({ label, capabilities }) =>
  capabilities.publish?.audience === 'own' ? [label] : [],
);

/** All other packages of the extension, in whatever spelling: the newest version first. */
export async function readOthers({ db }: ServiceContext, row: PackageRow): Promise<PackageOther[]> {
  const { id, publisher, name, version, targetPlatform, prerelease, scan, uploadedAt } = extensionPackages;
  const rows = await db
    .select({ id, version, targetPlatform, prerelease, scan, uploadedAt })
    .from(extensionPackages)
    .where(
      and(
        sql`lower(${publisher}) = ${row.publisher.toLowerCase()}`,
        sql`lower(${name}) = ${row.name.toLowerCase()}`,
        ne(id, row.id),
      ),
    );
  return rows
    .map(otherOf)
    .sort((a, b) => compareVersions(b.version, a.version) || b.uploadedAt.localeCompare(a.uploadedAt));
}

/**
 * What the package is compared with unless somebody chose: the newest one of its channel that is live for its platform and
 * not newer, by what was published from here, else by what the private gallery gives; else the newest older one that is kept.
 */
export async function comparedWith(
  ctx: ServiceContext,
  row: PackageRow,
  others: readonly PackageOther[],
): Promise<ComparedWith | null> {
  const mayBe = others.filter(({ scan, prerelease }) => scan === 'passed' && prerelease === row.prerelease);
  const reaching = mayBe.filter((each) => precedes(each, row)).sort((a, b) => closer(a, b, row));
  const ids = reaching.map(({ id }) => id);
  for (const read of [readPublished, readServed]) {
    const places = await read(ctx, ids);
    const live = reaching.find(({ id }) => places.has(id));
    if (live) return { ...live, why: 'live', liveAt: places.get(live.id) ?? [] };
  }
  const older = mayBe.filter(({ version }) => compareVersions(version, row.version) < 0);
  const kept = older.find((each) => reaches(each, row)) ?? older[0];
  return kept ? { ...kept, why: 'before', liveAt: [] } : null;
}

/** Who has the platform of `row` may have got it. */
function reaches({ targetPlatform }: PackageOther, row: PackageRow): boolean {
  return targetPlatform === row.targetPlatform || targetPlatform === 'universal';
}

/** One version often comes for several platforms and for all of them: these are beside it, not before it. */
function precedes(each: PackageOther, row: PackageRow): boolean {
  const order = compareVersions(each.version, row.version);
  return reaches(each, row) && (order < 0 || (order === 0 && each.targetPlatform === row.targetPlatform));
}

/** The newest first; of one version the one for the very platform, as an editor takes it. */
function closer(a: PackageOther, b: PackageOther, { targetPlatform }: PackageRow): number {
  const same = (each: PackageOther) => Number(each.targetPlatform === targetPlatform);
  return compareVersions(b.version, a.version) || same(b) - same(a);
}

type Places = Map<string, string[]>;

/** Where each of them is live by the publications at the places that the person may see: labels of galleries. */
async function readPublished({ db, actor }: ServiceContext, ids: string[]): Promise<Places> {
  const places: Places = new Map();
  if (ids.length === 0) return places;
  const { packageId, targetId, state } = extensionPublications;
  const rows = await db
    .select({ packageId, providerId: connections.providerId, slug: environments.slug })
    .from(extensionPublications)
    .innerJoin(targets, eq(targets.id, targetId))
    .innerJoin(environments, eq(environments.id, targets.environmentId))
    .innerJoin(connections, eq(connections.id, targets.connectionId))
    .where(and(inArray(packageId, ids), inArray(state, [...LIVE_STATES])))
    .orderBy(asc(connections.providerId));
  for (const { packageId: id, providerId, slug } of rows) {
    if (!isPermitted(actor, 'deployment.read', slug)) continue;
    const label = manifests[providerId]?.label ?? providerId;
    places.set(id, [...new Set([...(places.get(id) ?? []), label])]);
  }
  return places;
}

/** The same of what the private gallery gives, however it came in there. */
async function readServed({ db }: ServiceContext, ids: string[]): Promise<Places> {
  if (ids.length === 0) return new Map();
  const { packageId, yankedAt, retiredAt } = galleryVersions;
  const rows = await db
    .select({ packageId })
    .from(galleryVersions)
    .where(and(inArray(packageId, ids), isNull(yankedAt), isNull(retiredAt)));
  return new Map(rows.map((row) => [row.packageId, OWN]));
}
