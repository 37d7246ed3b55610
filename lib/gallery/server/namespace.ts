import { and, eq, inArray, isNull, sql } from 'drizzle-orm';
import { type Actor, personId } from '@/lib/auth/actor';
import type { DbOrTx, ServiceContext, Tx } from '@/lib/auth/context';
import { isPermittedEverywhere, requireOwnScope } from '@/lib/auth/require';
import { galleryNamespaces, galleryOwners, grants, users } from '@/lib/db/schema';
import { ServiceError } from '@/lib/kernel/errors';
import { explain } from '@/lib/members/model/policy';
import type { Grant } from '@/lib/members/model/role';
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

/** Throws `ServiceError` `not_an_owner` unless the actor owns the namespace, or manages components. */
export async function requireOwner({ db, actor }: ServiceContext, namespace: string): Promise<void> {
  if (isPermittedEverywhere(actor, 'component.manage') || (await isOwner(db, namespace, personId(actor)))) return;
  throw notAnOwner(namespace);
}

/** Shuts out whoever else changes the owners until the transaction ends. Throws `ServiceError` `no_such_namespace`. */
export async function lockNamespace(tx: Tx, called: string): Promise<string> {
  const { name } = await loadNamespace(tx, called);
  await tx.select().from(galleryNamespaces).where(eq(galleryNamespaces.name, name)).for('update');
  return name;
}

/** Of these people, who can sign in and may deploy somewhere: others own in name only. */
export async function deployersAmong(db: DbOrTx, userIds: string[]): Promise<Set<string>> {
  const rows = await db
    .select({ id: users.id, role: grants.role, environmentPattern: grants.environmentPattern })
    .from(grants)
    .innerJoin(users, and(eq(users.id, grants.userId), isNull(users.disabledAt)))
    .where(inArray(users.id, userIds));
  return new Set(rows.filter((row) => explain([row], 'deployment.request', null) === null).map(({ id }) => id));
}

/**
 * By roles alone, whatever a token's scopes leave of them. A namespace belongs to the whole installation: a token that is
 * limited to environments decides nothing about it, though a person with a role in one environment does.
 */
export function mayDeploySomewhere(actor: Actor): boolean {
  if (actor.kind !== 'user' && actor.kind !== 'token') return false;
  return explain(actor.grants.filter(isUnlimited), 'deployment.request', null) === null;
}

const isUnlimited = ({ within }: Grant) => within === undefined || within === '*';

/**
 * What a token needs to decide about owners. With the scope `deploy` alone one that got out would let somebody in who
 * stays when it is revoked. Throws `ServiceError` forbidden.
 */
export function requireOwnersToken(actor: Actor): void {
  if (actor.kind === 'token') requireOwnScope(actor, 'manage');
  requireUnlimited(actor);
}

/** A token that is limited to environments. */
export const isLimited = (actor: Actor): boolean =>
  actor.kind === 'token' && actor.grants.length > 0 && !actor.grants.some(isUnlimited);

/** For all that is decided about a namespace as a whole, by whichever scope. Throws `ServiceError` forbidden. */
export function requireUnlimited(actor: Actor): void {
  if (!isLimited(actor)) return;
  throw new ServiceError(
    'forbidden',
    'forbidden',
    'This token is limited to environments, and a namespace belongs to all of them. Use one that is not, or do it in the console.',
  );
}

/** Who decides about the owners of a namespace: any of them who may deploy, and who manages components. */
export async function requireOwnerManagement(db: DbOrTx, actor: Actor, namespace: string): Promise<void> {
  requireOwnersToken(actor);
  if (isPermittedEverywhere(actor, 'component.manage')) return;
  if (mayDeploySomewhere(actor) && (await isOwner(db, namespace, personId(actor)))) return;
  throw notAnOwner(namespace);
}
