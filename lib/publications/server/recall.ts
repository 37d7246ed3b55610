import { and, asc, eq, inArray, type SQL, sql } from 'drizzle-orm';
import type { DbOrTx, ServiceContext, Tx } from '@/lib/auth/context';
import { requirePermission } from '@/lib/auth/require';
import { extensionPackages, extensionPublications } from '@/lib/db/schema';
import { requireTarget } from '@/lib/deployments/server/rows';
import { loadPackage, type PackageRow } from '@/lib/extensions/server/load-package';
import { capability } from '@/lib/providers/port';
import type { RecallInput } from '../model/schemas';
import { movePublicationIn } from './move-publication';
import { type Asked, carryOut, guided, note, type Recalled, requirePublished, taken } from './recall-request';
import { SENT_WITHIN } from './unpublish-asks';

/**
 * Takes a version away from new installs as far as the place lets anybody; otherwise it says how a person does it there.
 * Throws `ServiceError` `not_published`, `recall_unclear`, and what the place refuses.
 */
export async function recall(ctx: ServiceContext, input: RecallInput): Promise<Recalled> {
  const loaded = await requireTarget(ctx.db, input.targetId);
  requirePermission(ctx.actor, 'deployment.request', loaded.environment.slug);
  const row = await loadPackage(ctx, input.packageId);
  await requirePublished(ctx, input);
  const open = await ctx.openConnection(loaded.connection.id);
  const { unlist } = capability(open.provider, 'publish');
  if (!unlist) return guided(open.provider, 'one version');
  const what = `${row.publisher}.${row.name} ${row.version}`;
  const asked: Asked = { action: 'extension.recall', reason: input.reason, loaded, open, row, what };
  await carryOut(ctx, asked, () => unlist(open.context, loaded.target.config, row, input.reason));
  await writeDown(ctx, asked, { of: eq(extensionPackages.id, row.id), at: [loaded.target.id] });
  return taken(asked);
}

/** Every version of the extension, in whatever spelling. */
export function everyVersion({ publisher, name }: PackageRow): SQL | undefined {
  return and(
    sql`lower(${extensionPackages.publisher}) = ${publisher.toLowerCase()}`,
    sql`lower(${extensionPackages.name}) = ${name.toLowerCase()}`,
  );
}

/** Nobody knows what became of a request about them: the gallery is asked once the request is over for certain. */
export async function lookSoon(db: DbOrTx, { of, at }: { of: SQL | undefined; at: string[] }): Promise<void> {
  const versions = db.select({ id: extensionPackages.id }).from(extensionPackages).where(of);
  await db
    .update(extensionPublications)
    .set({ nextLookAt: sql`now() + make_interval(mins => ${SENT_WITHIN})` })
    .where(and(inArray(extensionPublications.targetId, at), inArray(extensionPublications.packageId, versions)));
}

/** Says it, moves what was published of these packages at these targets, and does what else belongs to it: all of it or nothing. */
export async function writeDown(
  ctx: ServiceContext,
  asked: Asked,
  { of, at }: { of: SQL | undefined; at: string[] },
  also: (tx: Tx) => Promise<unknown> = async () => undefined,
): Promise<void> {
  const { open, row, what, reason } = asked;
  const { label, capabilities } = open.provider.manifest;
  const within = capabilities.publish?.withinMinutes;
  const { packageId, targetId, deploymentId } = extensionPublications;
  await ctx.db.transaction(async (tx) => {
    // Publications before what was asked about them, as `movePublicationIn` goes: two of them never wait for each other.
    const gone = await tx
      .select({ packageId, targetId, deploymentId, version: extensionPackages.version })
      .from(extensionPublications)
      .innerJoin(extensionPackages, eq(extensionPackages.id, packageId))
      .where(and(inArray(targetId, at), of))
      .orderBy(asc(packageId), asc(targetId))
      .for('update', { of: extensionPublications });
    await also(tx);
    await note(ctx, asked, `${ctx.actor.name} took ${what} away from ${label}: ${reason}`, undefined, tx);
    if (!within) return;
    for (const { version, ...each } of gone) {
      const about = { ...each, what: `${row.publisher}.${row.name} ${version}`, label };
      await movePublicationIn(tx, ctx, about, { state: 'unlisted', detail: reason }, within);
    }
  });
}
