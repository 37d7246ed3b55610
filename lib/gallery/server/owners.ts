import { and, eq, isNull } from 'drizzle-orm';
import { emitAudit } from '@/lib/audit/emit';
import type { DbOrTx, ServiceContext } from '@/lib/auth/context';
import { galleryNamespaces, galleryOwners, users } from '@/lib/db/schema';
import { ServiceError } from '@/lib/kernel/errors';
import {
  deployersAmong,
  loadNamespace,
  lockNamespace,
  requireOwner,
  requireOwnerManagement,
  requireUnlimited,
} from './namespace';

interface Which {
  namespace: string;
  userId: string;
}

/** The name of somebody who can become an owner. Throws `ServiceError` `no_such_person`, `may_not_deploy`. */
async function personOf(db: DbOrTx, userId: string): Promise<string> {
  const [person] = await db
    .select({ name: users.name })
    .from(users)
    .where(and(eq(users.id, userId), isNull(users.disabledAt)));
  if (!person) throw new ServiceError('notFound', 'no_such_person', 'There is no such person here who can sign in.');
  if ((await deployersAmong(db, [userId])).has(userId)) return person.name;
  throw new ServiceError(
    'precondition',
    'may_not_deploy',
    `${person.name} may deploy nowhere, so could not publish. An administrator can grant the role under Members.`,
  );
}

/** An owner lets somebody else publish and yank; so may who manages components. Adding twice is no change. */
export async function addOwner(ctx: ServiceContext, { namespace, userId }: Which): Promise<void> {
  await ctx.db.transaction(async (tx) => {
    const name = await lockNamespace(tx, namespace);
    await requireOwnerManagement(tx, ctx.actor, name);
    const person = await personOf(tx, userId);
    const added = await tx.insert(galleryOwners).values({ namespace: name, userId }).onConflictDoNothing().returning();
    if (added.length === 0) return;
    await emitAudit(tx, ctx, {
      action: 'gallery.add-owner',
      resource: { kind: 'namespace', id: name },
      outcome: 'done',
      sentence: `${ctx.actor.name} made ${person} an owner of the gallery’s namespace ${name}.`,
      data: { userId },
    });
  });
}

/**
 * The last owner who can sign in and may deploy stays, also for an administrator, who adds another one first: a namespace that nobody
 * answers for takes no publications. Whoever counts for nothing can go. Whoever is no owner is no change. Throws `ServiceError` `last_owner`.
 */
export async function removeOwner(ctx: ServiceContext, { namespace, userId }: Which): Promise<void> {
  await ctx.db.transaction(async (tx) => {
    const name = await lockNamespace(tx, namespace);
    await requireOwnerManagement(tx, ctx.actor, name);
    const owners = await tx
      .select({ id: users.id, name: users.name })
      .from(galleryOwners)
      .innerJoin(users, eq(users.id, galleryOwners.userId))
      .where(eq(galleryOwners.namespace, name));
    const going = owners.find(({ id }) => id === userId);
    if (!going) return;
    const others = owners.map(({ id }) => id).filter((id) => id !== userId);
    const able = await deployersAmong(tx, [...others, userId]);
    if (able.has(userId) && able.size === 1)
      throw new ServiceError(
        'conflict',
        'last_owner',
        `${name} has no other owner who can sign in and may deploy. Add one before ${going.name} goes.`,
      );
    await tx.delete(galleryOwners).where(and(eq(galleryOwners.namespace, name), eq(galleryOwners.userId, userId)));
    await emitAudit(tx, ctx, {
      action: 'gallery.remove-owner',
      resource: { kind: 'namespace', id: name },
      outcome: 'done',
      sentence: `${ctx.actor.name} took ${going.name} from the owners of the gallery’s namespace ${name}.`,
      data: { userId },
    });
  });
}

/** How many of the newest versions of each extension are kept; null = all. */
export async function setKeep(ctx: ServiceContext, input: { namespace: string; keep: number | null }): Promise<void> {
  requireUnlimited(ctx.actor);
  const { name, keep } = await loadNamespace(ctx.db, input.namespace);
  await requireOwner(ctx, name);
  if (keep === input.keep) return;
  await ctx.db.transaction(async (tx) => {
    await tx.update(galleryNamespaces).set({ keep: input.keep }).where(eq(galleryNamespaces.name, name));
    await emitAudit(tx, ctx, {
      action: 'gallery.set-keep',
      resource: { kind: 'namespace', id: name },
      outcome: 'done',
      sentence: `${ctx.actor.name} set ${name} to keep ${input.keep === null ? 'all versions' : `${input.keep} versions of each extension`}.`,
      data: { before: keep, keep: input.keep },
    });
  });
}
