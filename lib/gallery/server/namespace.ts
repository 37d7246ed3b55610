import { and, eq, isNull, sql } from 'drizzle-orm';
import { type Actor, personId } from '@/lib/auth/actor';
import type { DbOrTx, ServiceContext } from '@/lib/auth/context';
import { isPermittedEverywhere, requireOwnScope } from '@/lib/auth/require';
import { galleryNamespaces, galleryOwners, users } from '@/lib/db/schema';
import { ServiceError } from '@/lib/kernel/errors';
import { explain } from '@/lib/members/model/policy';
import { TOKENS_PAGE } from '../model/scope';

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
    `The private gallery has no namespace ${name}. An administrator makes it under ${TOKENS_PAGE}; it is called like the publisher in package.json.`,
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

function notAnOwner(namespace: string): ServiceError {
  return new ServiceError(
    'forbidden',
    'not_an_owner',
    `You are no owner of the namespace ${namespace}. One of its owners, or an administrator, can make you one under ${TOKENS_PAGE}.`,
  );
}

/** Throws `ServiceError` unless the actor owns the namespace; who manages components may do with `orManager`. */
export async function requireOwner(
  ctx: ServiceContext,
  namespace: string,
  { orManager = false }: { orManager?: boolean } = {},
): Promise<void> {
  if (await isOwner(ctx.db, namespace, personId(ctx.actor))) return;
  if (orManager && isPermittedEverywhere(ctx.actor, 'component.manage')) return;
  throw notAnOwner(namespace);
}

/** Roles alone, whatever a token's scopes leave of them: an owner who may deploy nowhere any more owns in name only. */
export function mayDeploySomewhere(actor: Actor): boolean {
  return (
    (actor.kind === 'user' || actor.kind === 'token') && explain(actor.grants, 'deployment.request', null) === null
  );
}

/**
 * Who decides about the owners of a namespace: any of them who may deploy, and who manages components. A token needs the
 * scope `manage`: with `deploy` alone one that got out would let somebody in who stays when it is revoked.
 */
export async function requireOwnerManagement(ctx: ServiceContext, namespace: string): Promise<void> {
  if (ctx.actor.kind === 'token') requireOwnScope(ctx.actor, 'manage');
  if (isPermittedEverywhere(ctx.actor, 'component.manage')) return;
  if (mayDeploySomewhere(ctx.actor) && (await isOwner(ctx.db, namespace, personId(ctx.actor)))) return;
  throw notAnOwner(namespace);
}
