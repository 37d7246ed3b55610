import { asc, eq, type SQL, sql } from 'drizzle-orm';
import type { Actor } from '@/lib/auth/actor';
import type { DbOrTx, Tx } from '@/lib/auth/context';
import { isPermitted, requirePermission } from '@/lib/auth/require';
import { environments, targets } from '@/lib/db/schema';
import { policyOf } from '@/lib/gates/model/policy';
import { approversAmong } from '@/lib/gates/server/approvals';

/** An extension (publisher.name, in whatever spelling) where a target publishes it. */
export interface About {
  targetId: string | SQL;
  extension: string | SQL;
}

/** Ids of all targets that publish the extension to the same gallery: it is one thing there, whichever of them is pressed. */
export function samePlaces({ targetId, extension }: About): SQL {
  return sql`(select t.id from targets t join connections c on c.id = t.connection_id
    where t.id = ${targetId} or (lower(t.config ->> 'extension') = lower(${extension}) and (c.provider_id, c.origin) =
      (select oc.provider_id, oc.origin from targets o join connections oc on oc.id = o.connection_id where o.id = ${targetId})))`;
}

/** What taking the whole extension away there has to pass. */
export interface Strictest {
  targetIds: string[];
  slugs: string[];
  /** The most that any of their environments takes. */
  approvals: number;
}

export async function strictestOf(db: DbOrTx, about: About): Promise<Strictest> {
  const rows = await db
    .select({ id: targets.id, slug: environments.slug, policy: environments.policy })
    .from(targets)
    .innerJoin(environments, eq(environments.id, targets.environmentId))
    .where(sql`${targets.id} in ${samePlaces(about)}`)
    .orderBy(asc(targets.id));
  return {
    targetIds: rows.map(({ id }) => id),
    slugs: [...new Set(rows.map(({ slug }) => slug))],
    approvals: Math.max(0, ...rows.map(({ policy }) => policyOf(policy).approvals)),
  };
}

/** The rows of all of them, in the order of their ids, until the end of the transaction. */
export async function lockPlaces(tx: Tx, about: About): Promise<void> {
  await tx
    .select({ id: targets.id })
    .from(targets)
    .where(sql`${targets.id} in ${samePlaces(about)}`)
    .orderBy(asc(targets.id))
    .for('no key update');
}

type Permission = 'deployment.approve' | 'deployment.request';

export const mayInAll = (actor: Actor, permission: Permission, slugs: readonly string[]): boolean =>
  slugs.every((slug) => isPermitted(actor, permission, slug));

export function requireInAll(actor: Actor, permission: Permission, slugs: readonly string[]): void {
  for (const slug of slugs) requirePermission(actor, permission, slug);
}

/** Of these people, who may approve in every one of the environments. */
export async function approversInAll(tx: Tx, ids: readonly string[], slugs: readonly string[]): Promise<Set<string>> {
  let able = new Set(ids);
  for (const slug of slugs) able = await approversAmong(tx, [...able], slug);
  return able;
}
