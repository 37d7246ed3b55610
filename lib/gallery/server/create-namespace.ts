import { eq } from 'drizzle-orm';
import { emitAudit } from '@/lib/audit/emit';
import { personId } from '@/lib/auth/actor';
import type { ServiceContext } from '@/lib/auth/context';
import { requirePermission, signedOut } from '@/lib/auth/require';
import { galleryNamespaces, galleryOwners } from '@/lib/db/schema';
import { outlineOf } from '@/lib/extensions/model/identity';
import { ServiceError } from '@/lib/kernel/errors';
import { findNamespace } from './namespace';

/**
 * Makes a namespace and its maker the first owner. Refused when the name is taken, in any spelling, or easily taken for
 * one that is there: `acme` and `acrne`. A name is never given up, so it can never come to somebody else.
 */
export async function createNamespace(
  ctx: ServiceContext,
  { namespace }: { namespace: string },
): Promise<{ namespace: string }> {
  requirePermission(ctx.actor, 'component.manage', null);
  const owner = personId(ctx.actor);
  if (owner === null) throw signedOut();
  return await ctx.db.transaction(async (tx) => {
    const [made] = await tx
      .insert(galleryNamespaces)
      .values({ name: namespace, outline: outlineOf(namespace), createdBy: owner })
      .onConflictDoNothing()
      .returning({ name: galleryNamespaces.name });
    if (!made) throw await taken(tx, namespace);
    await tx.insert(galleryOwners).values({ namespace, userId: owner });
    await emitAudit(tx, ctx, {
      action: 'gallery.create-namespace',
      resource: { kind: 'namespace', id: namespace },
      outcome: 'done',
      sentence: `${ctx.actor.name} made the gallery’s namespace ${namespace} and owns it.`,
    });
    return { namespace };
  });
}

async function taken(tx: Parameters<typeof findNamespace>[0], namespace: string): Promise<ServiceError> {
  const same = await findNamespace(tx, namespace);
  if (same) return new ServiceError('conflict', 'namespace_taken', `The namespace ${same.name} is there already.`);
  const [alike] = await tx
    .select({ name: galleryNamespaces.name })
    .from(galleryNamespaces)
    .where(eq(galleryNamespaces.outline, outlineOf(namespace)));
  return new ServiceError(
    'conflict',
    'namespace_looks_like',
    `${namespace} is easily taken for ${alike?.name ?? 'another namespace'}. Choose a name that nobody confuses.`,
  );
}
