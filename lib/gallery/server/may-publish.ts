import { and, eq, isNull } from 'drizzle-orm';
import type { DbOrTx } from '@/lib/auth/context';
import { galleryOwners, users } from '@/lib/db/schema';
import { ServiceError } from '@/lib/kernel/errors';
import { TOKENS_PAGE } from '../model/scope';
import { isOwner, loadNamespace } from './namespace';

/**
 * The publisher's namespace, for a person who owns it: one spelling for the publish page, the press, `ovsx` and the worker.
 * Throws `ServiceError` `no_such_namespace`, `not_an_owner`.
 */
export async function requirePublisher(db: DbOrTx, publisher: string, userId: string | null): Promise<string> {
  const namespace = (await loadNamespace(db, publisher)).name;
  if (await isOwner(db, namespace, userId)) return namespace;
  const way = (await hasOwner(db, namespace))
    ? `One of them, or an administrator, can make you one under ${TOKENS_PAGE}.`
    : `It has none, so nobody may. An administrator can make somebody one under ${TOKENS_PAGE}.`;
  throw new ServiceError(
    'forbidden',
    'not_an_owner',
    `Only owners of the namespace ${namespace} may publish to the private gallery. ${way}`,
  );
}

async function hasOwner(db: DbOrTx, namespace: string): Promise<boolean> {
  const rows = await db
    .select({ id: users.id })
    .from(galleryOwners)
    .innerJoin(users, and(eq(users.id, galleryOwners.userId), isNull(users.disabledAt)))
    .where(eq(galleryOwners.namespace, namespace))
    .limit(1);
  return rows.length > 0;
}
