import { and, desc, eq, isNull, ne } from 'drizzle-orm';
import type { ServiceContext } from '@/lib/auth/context';
import { extensionPackages, galleryVersions } from '@/lib/db/schema';
import { contentsOf } from '../model/contents';
import { type Compared, differenceOf } from '../model/difference';
import { compareVersions } from '../model/identity';
import { type PackageManifest, readManifest } from '../model/manifest';
import { nextPatch } from '../model/next-patch';
import type { PackageDetail, PackageOther } from '../model/view';
import { loadPackage, type PackageRow } from './load-package';
import { numberedOf, readNumbers } from './republish';
import { otherOf, summaryOf } from './summary';

export interface PackageWanted {
  packageId: string;
  /** Id of the package to compare with; left out = the version before. */
  against?: string | undefined;
}

/** So many packages of one extension can be chosen to compare with. */
const OTHERS = 100;

/** A package, what is in it, and what changed in it since the version before or another. Throws `ServiceError` notFound. */
export async function readPackage(ctx: ServiceContext, { packageId, against }: PackageWanted): Promise<PackageDetail> {
  const row = await loadPackage(ctx, packageId);
  const others = await readOthers(ctx, row);
  const [chosen, why] = await chooseAgainst(ctx, row, others, against);
  const earlier = chosen ? await loadPackage(ctx, chosen.id) : null;
  const { manifest, displayName } = manifestOf(row);
  const to = comparedOf(row, manifest);
  return {
    ...summaryOf({ ...row, displayName }),
    description: manifest.description ?? null,
    license: manifest.license ?? null,
    findings: row.findings,
    contents: to.contents,
    others,
    against: chosen ? { ...chosen, why } : null,
    nextVersion: row.scan === 'passed' ? nextPatch(numberedOf(row), await readNumbers(ctx, row)) : null,
    difference: earlier ? differenceOf(comparedOf(earlier, manifestOf(earlier).manifest), to) : null,
  };
}

type Chosen = [PackageOther | undefined, 'live' | 'before' | 'chosen'];

/** The one that was asked for; else what the gallery serves, unless that is newer; else the version before. */
async function chooseAgainst(
  ctx: ServiceContext,
  row: PackageRow,
  others: PackageOther[],
  against?: string,
): Promise<Chosen> {
  if (against !== undefined) return [others.find(({ id }) => id === against), 'chosen'];
  const live = await liveIn(ctx, row);
  const served = others.find(({ id, version }) => id === live && compareVersions(version, row.version) <= 0);
  return served ? [served, 'live'] : [before(row, others), 'before'];
}

/** Id of the package that our own gallery serves newest of this extension, for the same platform; null when none. */
async function liveIn({ db }: ServiceContext, row: PackageRow): Promise<string | null> {
  const { namespace, name, platform, yankedAt, packageId, sortKey } = galleryVersions;
  const same = and(
    eq(namespace, row.publisher),
    eq(name, row.name),
    eq(platform, row.targetPlatform),
    isNull(yankedAt),
  );
  const [newest] = await db.select({ packageId }).from(galleryVersions).where(same).orderBy(desc(sortKey)).limit(1);
  return newest?.packageId ?? null;
}

async function readOthers({ db }: ServiceContext, row: PackageRow): Promise<PackageOther[]> {
  const { publisher, name, id } = row;
  const same = and(
    eq(extensionPackages.publisher, publisher),
    eq(extensionPackages.name, name),
    ne(extensionPackages.id, id),
  );
  const { version, targetPlatform, prerelease, scan, uploadedAt } = extensionPackages;
  const rows = await db
    .select({ id: extensionPackages.id, version, targetPlatform, prerelease, scan, uploadedAt })
    .from(extensionPackages)
    .where(same)
    .orderBy(desc(uploadedAt))
    .limit(OTHERS);
  return rows
    .map(otherOf)
    .sort((a, b) => compareVersions(b.version, a.version) || b.uploadedAt.localeCompare(a.uploadedAt));
}

/** The newest that passed and is older than this one, for the same platform where there is one. */
function before(row: PackageRow, others: readonly PackageOther[]): PackageOther | undefined {
  const older = others.filter(({ version, scan }) => scan === 'passed' && compareVersions(version, row.version) < 0);
  return older.find(({ targetPlatform }) => targetPlatform === row.targetPlatform) ?? older[0];
}

function manifestOf(row: PackageRow): { manifest: PackageManifest; displayName: string | null } {
  const read = readManifest(Buffer.from(JSON.stringify(row.manifest ?? {})));
  // A row exists only once its manifest was read, by these very rules.
  if (!read.ok) throw new Error('A stored manifest can no longer be read.');
  return { manifest: read.manifest, displayName: read.manifest.displayName ?? null };
}

function comparedOf(row: PackageRow, manifest: PackageManifest): Compared {
  const { engine, prerelease, targetPlatform, size, files } = row;
  return { engine, prerelease, targetPlatform, size, files, contents: contentsOf(manifest, files) };
}
