import { createHash } from 'node:crypto';
import { and, eq, sql } from 'drizzle-orm';
import { emitAudit } from '@/lib/audit/emit';
import { personId } from '@/lib/auth/actor';
import type { ServiceContext, Tx } from '@/lib/auth/context';
import { requireAnywhere, signedOut } from '@/lib/auth/require';
import { galleryVersions } from '@/lib/db/schema';
import { readManifest } from '@/lib/extensions/model/manifest';
import { loadPackage, type PackageRow } from '@/lib/extensions/server';
import { ServiceError } from '@/lib/kernel/errors';
import { newId } from '@/lib/kernel/ids';
import { uuidOf } from '../model/extension-id';
import { type Listing, listingOf, sortKeyOf } from '../model/listing';
import { requirePublisher } from './may-publish';

export interface Published {
  /** `already`: these very bytes were published before; nothing was done. */
  outcome: 'published' | 'already';
  versionId: string;
  namespace: string;
  name: string;
  version: string;
  platform: string;
  packageId: string;
}

/** The id of an extension, from its name in any spelling. */
export function extensionIdOf(namespace: string, name: string): string {
  return uuidOf(createHash('sha256').update(`${namespace}.${name}`.toLowerCase()).digest('hex'));
}

/**
 * Puts a package into the gallery, where editors find it. `by` is the person on whose word it happens: an owner of the
 * namespace; when a person or token calls, that very person. Throws `ServiceError`: `not_passed` unless its scan passed,
 * `no_such_namespace`, `not_an_owner`, `other_content` when this version was published with other bytes, `yanked`, `retired`.
 */
export async function publishToGallery(
  ctx: ServiceContext,
  { packageId, by }: { packageId: string; by: string },
): Promise<Published> {
  requireAnywhere(ctx.actor, 'deployment.request');
  if (ctx.actor.kind !== 'system' && personId(ctx.actor) !== by) throw signedOut();
  const row = await loadPackage(ctx, packageId);
  if (row.scan !== 'passed')
    throw new ServiceError(
      'precondition',
      'not_passed',
      `This package did not pass its inspection (${row.scan}), so it is not published. Its page says why.`,
    );
  const namespace = await requirePublisher(ctx.db, row.publisher, by);
  const listing = listingFrom(row);
  return await ctx.db.transaction(async (tx) => {
    const values = { ...identityOf(row, namespace), listing, publishedBy: by };
    const [made] = await tx
      .insert(galleryVersions)
      .values({ id: newId('gal', ctx.clock.now()), ...values })
      .onConflictDoNothing()
      .returning();
    if (!made) return await before(tx, row, namespace);
    await emitAudit(tx, ctx, {
      action: 'gallery.publish',
      resource: { kind: 'extension', id: `${namespace}.${made.name}` },
      outcome: 'done',
      sentence: `${ctx.actor.name} published ${namespace}.${made.name} ${made.version} (${made.platform}) in the gallery.`,
      data: { packageId, version: made.version, platform: made.platform, prerelease: made.prerelease, by },
    });
    return resultOf('published', made);
  });
}

function listingFrom(row: PackageRow): Listing {
  const read = readManifest(Buffer.from(JSON.stringify(row.manifest ?? {})));
  if (!read.ok) throw new ServiceError('precondition', read.finding.code, read.finding.sentence);
  return listingOf(
    read.manifest,
    row.files.map(({ path }) => path),
    { size: row.size, engine: row.engine },
  );
}

function identityOf(row: PackageRow, namespace: string) {
  return {
    namespace,
    name: row.name,
    version: row.version,
    platform: row.targetPlatform,
    sortKey: sortKeyOf(row.version),
    extensionId: extensionIdOf(namespace, row.name),
    packageId: row.id,
    prerelease: row.prerelease,
  };
}

function resultOf(outcome: Published['outcome'], row: typeof galleryVersions.$inferSelect): Published {
  const { id: versionId, namespace, name, version, platform, packageId } = row;
  return { outcome, versionId, namespace, name, version, platform, packageId };
}

/** The version is there: the same bytes are no change, others are refused for ever. */
async function before(tx: Tx, row: PackageRow, namespace: string): Promise<Published> {
  const [there] = await tx
    .select()
    .from(galleryVersions)
    .where(
      and(
        sql`lower(${galleryVersions.namespace}) = ${namespace.toLowerCase()}`,
        sql`lower(${galleryVersions.name}) = ${row.name.toLowerCase()}`,
        eq(galleryVersions.version, row.version),
        eq(galleryVersions.platform, row.targetPlatform),
      ),
    );
  if (!there) throw new Error('The version was neither written nor found.');
  const called = `${there.namespace}.${there.name} ${there.version} (${there.platform})`;
  if (there.packageId !== row.id)
    throw new ServiceError(
      'conflict',
      'other_content',
      `${called} was published with other content. A version never changes: raise the version and publish that.`,
    );
  if (there.yankedAt)
    throw new ServiceError(
      'conflict',
      'yanked',
      `${called} was yanked: ${there.yankReason}. An owner can take that back.`,
    );
  if (there.retiredAt)
    throw new ServiceError('conflict', 'retired', `${called} is not kept any more. Publish a newer version.`);
  return resultOf('already', there);
}
