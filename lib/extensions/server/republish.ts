import { and, eq, sql } from 'drizzle-orm';
import { alias } from 'drizzle-orm/pg-core';
import type { ServiceContext } from '@/lib/auth/context';
import { requireAnywhere } from '@/lib/auth/require';
import { extensionPackages } from '@/lib/db/schema';
import { ServiceError } from '@/lib/kernel/errors';
import { type NumberedPackage, nextPatch, whyNotNumber } from '../model/next-patch';
import { type Accepted, accept } from './accept';
import { loadPackage, type PackageRow } from './load-package';
import { packageBytes } from './package-bytes';
import { remake } from './remake';
import { Malformed } from './zip-source';

export interface Republished extends Accepted {
  /** SHA-256 of the package that it was made from. */
  from: string;
}

const refuse = (code: string, sentence: string) => new ServiceError('precondition', code, sentence);

/**
 * Makes an old package again with the next number, so that it can go out over what is newer: galleries give everybody the
 * highest version. It comes in like any other, is looked through like any other, and is published by nobody yet. Throws
 * `ServiceError` `not_passed`, `nothing_newer`, `number_taken`, `package_gone`, `package_damaged`, `version_not_found`.
 */
export async function republish(
  ctx: ServiceContext,
  { packageId, version }: { packageId: string; version?: string | undefined },
): Promise<Republished> {
  requireAnywhere(ctx.actor, 'deployment.request');
  const row = await loadPackage(ctx, packageId);
  if (row.scan !== 'passed')
    throw refuse(
      'not_passed',
      'This package has not passed its inspection, so it is not made again. Its page says why.',
    );
  const number = numberFor(row, await readNumbers(ctx, row), version);
  const bytes = Buffer.from(await packageBytes(ctx, packageId));
  const { sha } = row.source;
  const source = { kind: 'republish', from: packageId, ...(sha === undefined ? {} : { sha }) } as const;
  const accepted = await accept(ctx, await made(bytes, number), { ...source, componentId: row.componentId });
  return { ...accepted, from: packageId };
}

function numberFor(row: PackageRow, all: readonly NumberedPackage[], chosen: string | undefined): string {
  const old = numberedOf(row);
  const why = chosen === undefined ? null : whyNotNumber(chosen, old, all);
  if (why !== null) throw new ServiceError('invalid', 'number_taken', why, { version: why });
  const number = chosen ?? nextPatch(old, all);
  if (number !== null) return number;
  throw refuse(
    'nothing_newer',
    `No package of ${row.publisher}.${row.name} is newer than ${row.version}, so there is nothing to go back from. Publish it as it is.`,
  );
}

async function made(bytes: Buffer, version: string): Promise<Buffer> {
  try {
    return await remake(bytes, version);
  } catch (error) {
    if (!(error instanceof Malformed)) throw error;
    throw refuse(error.code, `This package cannot be made again here. ${error.message} Package its source anew.`);
  }
}

export function numberedOf({ id, version, targetPlatform, prerelease }: PackageRow): NumberedPackage {
  return { id, version, targetPlatform, prerelease, again: null };
}

/** The numbers that packages of this extension have which passed; what did not pass is nowhere. */
export async function readNumbers(
  { db }: Pick<ServiceContext, 'db'>,
  { publisher, name }: Pick<PackageRow, 'publisher' | 'name'>,
): Promise<NumberedPackage[]> {
  const { id, version, targetPlatform, prerelease, scan, source } = extensionPackages;
  const again = alias(extensionPackages, 'again');
  const same = and(
    sql`lower(${extensionPackages.publisher}) = ${publisher.toLowerCase()}`,
    sql`lower(${extensionPackages.name}) = ${name.toLowerCase()}`,
    eq(scan, 'passed'),
  );
  return db
    .select({ id, version, targetPlatform, prerelease, again: { id: again.id, version: again.version } })
    .from(extensionPackages)
    .leftJoin(again, sql`${again.id} = ${source} ->> 'from'`)
    .where(same);
}
