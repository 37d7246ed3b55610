import { and, eq, inArray } from 'drizzle-orm';
import type { Db, Tx } from '@/lib/db/client';
import {
  connections,
  extensionInstalls,
  extensionPackages,
  galleryDownloads,
  galleryNamespaces,
  galleryVersions,
  targets,
} from '@/lib/db/schema';
import { outlineOf } from '@/lib/extensions/model/identity';
import { readManifest } from '@/lib/extensions/model/manifest';
import { listingOf, sortKeyOf } from '@/lib/gallery/model/listing';
import type { CountKind } from '@/lib/gallery/model/scope';
import { extensionIdOf } from '@/lib/gallery/server';
import { newId } from '@/lib/kernel/ids';
import { type KeptPackage, NEWEST } from './packages';
import { seededRandom } from './past';
import { type Became, becameOf, daysSince, newestOn, sumsBy } from './published';

interface Options {
  /** Epoch milliseconds. */
  now: number;
  packages: readonly KeptPackage[];
}

const DAY = 86_400_000;

/** The console's own gallery has a past as well. It has no owner yet: whoever manages components makes themselves one. */
export async function seedOwnGallery(tx: Tx, { now, packages }: Options): Promise<void> {
  const [first] = packages;
  if (!first) return;
  const { publisher: name } = first;
  const named = { name, outline: outlineOf(name), createdAt: new Date(now - first.daysAgo * DAY) };
  await tx.insert(galleryNamespaces).values(named).onConflictDoNothing();
  for (const each of packages) {
    const became = becameOf(each.version, 'own', NEWEST.version);
    if (became) await seedVersion(tx, each, became, now);
  }
}

async function seedVersion(tx: Tx, each: KeptPackage, became: Became, now: number): Promise<void> {
  const [row] = await tx.select().from(extensionPackages).where(eq(extensionPackages.id, each.packageId));
  const read = row && readManifest(Buffer.from(JSON.stringify(row.manifest ?? {})));
  if (!row || !read?.ok) return;
  const { publisher: namespace, name, version, targetPlatform: platform, prerelease, packageId } = each;
  const publishedAt = new Date(now - each.daysAgo * DAY);
  const paths = row.files.map(({ path }) => path);
  const gone =
    became.state === 'unlisted'
      ? { yankedAt: new Date(publishedAt.getTime() + 3 * DAY), yankReason: became.detail ?? 'It was taken back.' }
      : {};
  const [made] = await tx
    .insert(galleryVersions)
    .values({
      ...{ id: newId('gal', publishedAt.getTime()), namespace, name, version, platform, prerelease, packageId },
      ...{ sortKey: sortKeyOf(version), extensionId: extensionIdOf(namespace, name), publishedAt, ...gone },
      listing: listingOf(read.manifest, paths, { size: row.size, engine: row.engine }),
    })
    .onConflictDoNothing()
    .returning({ id: galleryVersions.id });
  if (made) await seedFetched(tx, made.id, each, now);
}

/** Most fetch a version in its first days; days in UTC. */
async function seedFetched(tx: Tx, versionId: string, { daysAgo, version }: KeptPackage, now: number): Promise<void> {
  const random = seededRandom(Number(version.replaceAll('.', '')) + daysAgo);
  const rows = daysSince(now - daysAgo * DAY, now).flatMap((day, age) => {
    const many = 14 / (age + 1) + 2;
    const kinds: [CountKind, number][] = [
      ['install', many * (0.6 + random())],
      ['update', age === 0 ? 0 : many * (1 + random())],
      ['download', random() * 3],
      ['uninstall', random() * 1.4],
    ];
    return kinds
      .map(([kind, count]) => ({ versionId, day, kind, count: Math.round(count) }))
      .filter(({ count }) => count > 0);
  });
  if (rows.length > 0) await tx.insert(galleryDownloads).values(rows);
}

interface Counted {
  targetId: string;
  connectionId: string;
  config: Record<string, unknown>;
}

/** What a gallery says that it counts now; null where it says nothing. */
type Ask = (counted: Counted) => Promise<{ total: number; what: 'installs' | 'downloads' } | null>;

/** The days before today for the chart, ending below what each gallery says now. Days that are there stay. */
export async function seedInstalls(db: Db, { now, packages }: Options, providerIds: string[], ask: Ask): Promise<void> {
  const rows = await db
    .select({ targetId: targets.id, connectionId: connections.id, config: targets.config })
    .from(targets)
    .innerJoin(
      connections,
      and(eq(connections.id, targets.connectionId), inArray(connections.providerId, providerIds)),
    );
  const there = packages
    .filter(({ version }) => version !== NEWEST.version)
    .map(({ version, daysAgo }) => ({ version, from: now - daysAgo * DAY }));
  const days = daysSince(there[0]?.from ?? now, now);
  for (const [index, row] of rows.entries()) {
    const figures = await ask(row);
    if (!figures || days.length === 0) continue;
    const sums = sumsBy(days, figures.total, 7 + index);
    const values = days.map((day, at) => ({
      ...{ targetId: row.targetId, day, total: sums[at] ?? 0, what: figures.what },
      version: newestOn(day, there),
    }));
    await db.insert(extensionInstalls).values(values).onConflictDoNothing();
  }
}
