import type { ServiceContext } from '@/lib/auth/context';
import { contentsOf } from '../model/contents';
import { type Compared, differenceOf } from '../model/difference';
import { type PackageManifest, readManifest } from '../model/manifest';
import { nextPatch } from '../model/next-patch';
import type { ComparedWith, PackageDetail, PackageOther } from '../model/view';
import { comparedWith, readOthers } from './compared-with';
import { loadPackage, type PackageRow } from './load-package';
import { numberedOf, readNumbers } from './republish';
import { summaryOf } from './summary';

export interface PackageWanted {
  packageId: string;
  /** Id of the package to compare with; left out = the one that is live, see `comparedWith`. */
  against?: string | undefined;
}

/** So many packages of one extension can be chosen to compare with. */
const OTHERS = 100;

/** A package, what is in it, and what changed in it since the one that is live or another. Throws `ServiceError` notFound. */
export async function readPackage(ctx: ServiceContext, { packageId, against }: PackageWanted): Promise<PackageDetail> {
  const row = await loadPackage(ctx, packageId);
  const others = await readOthers(ctx, row);
  const compared = against === undefined ? await comparedWith(ctx, row, others) : chosenOf(others, against);
  const earlier = compared ? await loadPackage(ctx, compared.id) : null;
  const { manifest, displayName } = manifestOf(row);
  const to = comparedOf(row, manifest);
  return {
    ...summaryOf({ ...row, displayName }),
    description: manifest.description ?? null,
    license: manifest.license ?? null,
    findings: row.findings,
    contents: to.contents,
    others: choiceOf(others, compared?.id),
    against: compared,
    nextVersion: row.scan === 'passed' ? nextPatch(numberedOf(row), await readNumbers(ctx, row)) : null,
    difference: earlier ? differenceOf(comparedOf(earlier, manifestOf(earlier).manifest), to) : null,
  };
}

function chosenOf(others: readonly PackageOther[], against: string): ComparedWith | null {
  const chosen = others.find(({ id }) => id === against);
  return chosen ? { ...chosen, why: 'chosen', liveAt: [] } : null;
}

/** Those that came in last, and the one that it is compared with whenever that came in. */
function choiceOf(others: PackageOther[], comparedId?: string): PackageOther[] {
  const byUpload = others.toSorted((a, b) => b.uploadedAt.localeCompare(a.uploadedAt));
  const last = new Set(byUpload.slice(0, OTHERS).map(({ id }) => id));
  return others.filter(({ id }) => last.has(id) || id === comparedId);
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
