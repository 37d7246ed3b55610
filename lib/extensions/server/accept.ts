import { createHash } from 'node:crypto';
import type { Readable } from 'node:stream';
import { eq, ne, sql } from 'drizzle-orm';
import { emitAudit } from '@/lib/audit/emit';
import { personId } from '@/lib/auth/actor';
import type { ServiceContext } from '@/lib/auth/context';
import { extensionPackages } from '@/lib/db/schema';
import { ServiceError } from '@/lib/kernel/errors';
import type { Finding, PackageSource, Scan } from '../model/package';
import type { Blobs } from './blobs';
import { type Inspection, inspect, type PackageFacts } from './inspect';
import { lookalikes } from './lookalikes';
import { nameRun } from './name-run';
import { storeOf } from './read-entry';
import { type Spool, spool } from './spool';

export interface Accepted {
  /** SHA-256 of the bytes, in hex. */
  packageId: string;
  /** `already`: the same bytes were here before. Nothing was done, but that an upload got the run that made it. */
  outcome: 'new' | 'already';
  publisher: string;
  name: string;
  version: string;
  targetPlatform: string;
  /** Only `passed` may be published. */
  scan: Scan;
  findings: Finding[];
}

/** `by` is filled in from the acting person. */
export type Brought = Omit<PackageSource, 'by'> & { componentId?: string | null };

/**
 * Stores, inspects and writes down a package, once for each content. Permission is the caller's business: it is called by
 * the upload, by the gallery's publish API and with the artifact of a run. Throws `ServiceError` for what is no package at
 * all (nothing is kept). What can be read but not be published comes back with `scan` other than `passed`: it is written
 * down with what was found, and its bytes are not kept.
 */
export async function accept(ctx: ServiceContext, content: Readable | Buffer, brought: Brought): Promise<Accepted> {
  const blobs = storeOf(ctx);
  const held = await spool(content);
  try {
    const known = await findPassed(ctx, held.sha256);
    if (known && (await isWhole(blobs, held))) return await named(ctx, known, brought);
    // What lies there under this digest is something else: a disk or a store has lost some of it.
    if (known) await blobs.remove(held.sha256);
    const inspection = await inspect(held.source);
    if (!inspection.facts) throw notAPackage(inspection);
    const { facts } = inspection;
    inspection.findings.push(...(await lookalikes(ctx, facts.publisher)));
    if (inspection.scan === 'passed') await blobs.put(held.sha256, held.again(), held.size);
    return await named(ctx, await writeDown(ctx, held, { ...inspection, facts }, brought), brought);
  } finally {
    await held.close();
  }
}

/** What another sender wrote down first, or what was here and had lost its bytes, gets its run like any other. */
async function named(ctx: ServiceContext, accepted: Accepted, brought: Brought): Promise<Accepted> {
  if (accepted.outcome === 'already') await nameRun(ctx, accepted, brought);
  return accepted;
}

/** Read to its end: a package that is sent once more may be sent because what is stored cannot be read. */
async function isWhole(blobs: Blobs, { sha256, size }: Spool): Promise<boolean> {
  if ((await blobs.size(sha256)) !== size) return false;
  const opened = await blobs.open(sha256);
  if (!opened) return false;
  const hash = createHash('sha256');
  for await (const piece of opened.stream) hash.update(piece as Buffer);
  return hash.digest('hex') === sha256;
}

type Known = Inspection & { facts: PackageFacts };

function notAPackage({ scan, findings }: Inspection): ServiceError {
  const [first] = findings;
  const where = first?.path ? ` (${first.path})` : '';
  return new ServiceError(
    scan === 'unknown' ? 'unavailable' : 'invalid',
    first?.code ?? 'not_a_package',
    `${first?.sentence ?? 'This is no package of an extension.'}${where}`,
  );
}

async function findPassed({ db }: ServiceContext, packageId: string): Promise<Accepted | null> {
  const [row] = await db.select().from(extensionPackages).where(eq(extensionPackages.id, packageId));
  return row?.scan === 'passed' ? { ...acceptedOf(row), outcome: 'already' } : null;
}

function acceptedOf(row: typeof extensionPackages.$inferSelect): Omit<Accepted, 'outcome'> {
  const { id, publisher, name, version, targetPlatform, scan, findings } = row;
  return { packageId: id, publisher, name, version, targetPlatform, scan, findings };
}

const ACTIONS = { upload: 'extension.upload', run: 'extension.collect', republish: 'extension.republish' } as const;

/** Two senders of the same bytes at once: the second finds the row of the first, and changes nothing that passed. */
async function writeDown(
  ctx: ServiceContext,
  { sha256, size }: Spool,
  found: Known,
  brought: Brought,
): Promise<Accepted> {
  const { componentId = null, ...source } = brought;
  const { facts, manifest, files, findings, scan } = found;
  const looked = { manifest, files, findings, scan, scannedAt: sql`now()` };
  const who = { componentId, source: { ...source, by: ctx.actor.name }, uploadedBy: personId(ctx.actor) };
  return await ctx.db.transaction(async (tx) => {
    const [row] = await tx
      .insert(extensionPackages)
      .values({ id: sha256, size, ...facts, ...who, ...looked })
      .onConflictDoUpdate({
        target: extensionPackages.id,
        set: { ...looked, ...who },
        setWhere: ne(extensionPackages.scan, 'passed'),
      })
      .returning();
    // Its bytes were lost here, and what has come in their place was not kept.
    if (!row && scan !== 'passed') throw notAPackage(found);
    if (!row) return { packageId: sha256, ...facts, outcome: 'already', scan: 'passed', findings };
    const called = `${facts.publisher}.${facts.name} ${facts.version}`;
    await emitAudit(tx, ctx, {
      action: ACTIONS[brought.kind],
      resource: { kind: 'package', id: sha256 },
      outcome: scan === 'passed' ? 'done' : 'refused',
      ...(scan === 'passed' ? {} : { code: findings[0]?.code ?? 'not_passed' }),
      sentence:
        scan === 'passed' ? `Took in the package ${called}.` : `Looked at the package ${called} and did not keep it.`,
      data: { ...facts, size, findings: findings.map(({ code }) => code).slice(0, 20) },
    });
    return { ...acceptedOf(row), outcome: 'new' };
  });
}
