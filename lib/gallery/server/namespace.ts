import { and, eq, isNull, sql } from 'drizzle-orm';
import { personId } from '@/lib/auth/actor';
import type { DbOrTx, ServiceContext } from '@/lib/auth/context';
import { isPermittedEverywhere } from '@/lib/auth/require';
import { galleryNamespaces, galleryOwners, users } from '@/lib/db/schema';
import { ServiceError } from '@/lib/kernel/errors';

export type NamespaceRow = typeof galleryNamespaces.$inferSelect;

/** However it is spelled. */
export async function findNamespace(db: DbOrTx, name: string): Promise<NamespaceRow | null> {
  const [row] = await db
    .select()
    .from(galleryNamespaces)
    .where(sql`lower(${galleryNamespaces.name}) = ${name.toLowerCase()}`);
  return row ?? null;
}

/** Throws `ServiceError` notFound `no_such_namespace`. */
export async function loadNamespace(db: DbOrTx, name: string): Promise<NamespaceRow> {
  const row = await findNamespace(db, name);
  if (row) return row;
  throw new ServiceError(
    'notFound',
    'no_such_namespace',
    `There is no namespace ${name}. Create it first; it is called like the publisher in package.json.`,
  );
}

export async function isOwner(db: DbOrTx, namespace: string, userId: string | null): Promise<boolean> {
  if (userId === null) return false;
  const owned = await db
    .select({ id: users.id })
    .from(galleryOwners)
    .innerJoin(users, and(eq(users.id, galleryOwners.userId), isNull(users.disabledAt)))
    .where(and(eq(galleryOwners.namespace, namespace), eq(galleryOwners.userId, userId)));
  return owned.length > 0;
}

/** Whether there is any namespace that the person may publish to. */
export async function ownsAny(db: DbOrTx, userId: string): Promise<boolean> {
  return (await db.$count(galleryOwners, eq(galleryOwners.userId, userId))) > 0;
}

/** Throws `ServiceError` unless the actor owns the namespace; who manages components may do with `orManager`. */
export async function requireOwner(
  ctx: ServiceContext,
  namespace: string,
  { orManager = false }: { orManager?: boolean } = {},
): Promise<void> {
  if (await isOwner(ctx.db, namespace, personId(ctx.actor))) return;
  if (orManager && isPermittedEverywhere(ctx.actor, 'component.manage')) return;
  throw new ServiceError(
    'forbidden',
    'not_an_owner',
    `You are no owner of the namespace ${namespace}. One of its owners can add you.`,
  );
}
