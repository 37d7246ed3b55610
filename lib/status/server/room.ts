import { and, eq, isNull, sql } from 'drizzle-orm';
import type { Tx } from '@/lib/auth/context';
import { LOCKS } from '@/lib/db/locks';
import { statusSubscribers, subscriptions } from '@/lib/db/schema';
import { ServiceError } from '@/lib/kernel/errors';

/** So many are told at most, from one network, at one host, and in all; who is stopped takes no place. */
const MOST = { source: 5, origin: 20, all: 1_000 } as const;

/** Followers are counted and added one after the other; held until the transaction ends. Before any row is touched. */
export async function lockFollowers(tx: Tx): Promise<void> {
  await tx.execute(sql`select pg_advisory_xact_lock(${LOCKS.statusFollowers})`);
}

/**
 * Room for one follower more, whether it is new or wakes; under `lockFollowers`. `instead`: what to do where there is none.
 * Throws `ServiceError` `no_room`.
 */
export async function requireRoom(tx: Tx, source: string, origin: string, instead: string): Promise<void> {
  const told = and(eq(subscriptions.kind, 'status'), isNull(subscriptions.disabledAt));
  const [counts] = await tx
    .select({
      bySource: sql<number>`count(*) filter (where ${statusSubscribers.source} = ${source})::int`,
      byOrigin: sql<number>`count(*) filter (where ${subscriptions.origin} = ${origin})::int`,
      all: sql<number>`count(*)::int`,
    })
    .from(subscriptions)
    .innerJoin(statusSubscribers, eq(statusSubscribers.subscriptionId, subscriptions.id))
    .where(told);
  const { bySource = 0, byOrigin = 0, all = 0 } = counts ?? {};
  if (bySource < MOST.source && byOrigin < MOST.origin && all < MOST.all) return;
  throw new ServiceError('tooMany', 'no_room', instead);
}
