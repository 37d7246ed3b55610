import { and, eq, isNull } from 'drizzle-orm';
import { emitAudit } from '@/lib/audit/emit';
import type { ServiceContext } from '@/lib/auth/context';
import { galleryNamespaces, galleryOwners, users } from '@/lib/db/schema';
import { ServiceError } from '@/lib/kernel/errors';
import { loadNamespace, requireOwner } from './namespace';

interface Which {
  namespace: string;
  userId: string;
}

async function personOf(ctx: ServiceContext, userId: string): Promise<string> {
  const [person] = await ctx.db
    .select({ name: users.name })
    .from(users)
    .where(and(eq(users.id, userId), isNull(users.disabledAt)));
  if (person) return person.name;
  throw new ServiceError('notFound', 'no_such_person', 'There is no such person here who can sign in.');
}

/** An owner lets somebody else publish and yank; so may who manages components. Adding twice is no change. */
export async function addOwner(ctx: ServiceContext, { namespace, userId }: Which): Promise<void> {
  const { name } = await loadNamespace(ctx.db, namespace);
  await requireOwner(ctx, name, { orManager: true });
  const person = await personOf(ctx, userId);
  await ctx.db.transaction(async (tx) => {
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

/** The last owner stays: a namespace that nobody answers for could be claimed by anybody. */
export async function removeOwner(ctx: ServiceContext, { namespace, userId }: Which): Promise<void> {
  const { name } = await loadNamespace(ctx.db, namespace);
  await requireOwner(ctx, name, { orManager: true });
  await ctx.db.transaction(async (tx) => {
    await tx.select().from(galleryNamespaces).where(eq(galleryNamespaces.name, name)).for('update');
    const owners = await tx.select().from(galleryOwners).where(eq(galleryOwners.namespace, name));
    if (!owners.some((owner) => owner.userId === userId)) return;
    if (owners.length === 1)
      throw new ServiceError('conflict', 'last_owner', `${name} has no other owner. Add one before this one goes.`);
    await tx.delete(galleryOwners).where(and(eq(galleryOwners.namespace, name), eq(galleryOwners.userId, userId)));
    await emitAudit(tx, ctx, {
      action: 'gallery.remove-owner',
      resource: { kind: 'namespace', id: name },
      outcome: 'done',
      sentence: `${ctx.actor.name} took an owner from the gallery’s namespace ${name}.`,
      data: { userId },
    });
  });
}

/** How many of the newest versions of each extension are kept; null = all. */
export async function setKeep(ctx: ServiceContext, input: { namespace: string; keep: number | null }): Promise<void> {
  const { name, keep } = await loadNamespace(ctx.db, input.namespace);
  await requireOwner(ctx, name, { orManager: true });
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
