import { and, inArray, sql } from 'drizzle-orm';
import { union } from 'drizzle-orm/pg-core';
import type { ServiceContext } from '@/lib/auth/context';
import { deployments, targets } from '@/lib/db/schema';
import { IN_FLIGHT_STATUSES } from '@/lib/deployments/model/status';

/**
 * Of several connections with one secret, those that have a target, or something on its way, in the repository of a delivery: what
 * others' repositories send is neither counted against them nor taken for a sign of their own hook. All, where it is nobody's.
 */
export async function concernedBy(
  { db }: Pick<ServiceContext, 'db'>,
  connectionIds: readonly string[],
  repository: string | null,
): Promise<readonly string[]> {
  if (connectionIds.length < 2 || repository === null) return connectionIds;
  const name = repository.toLowerCase();
  const rows = await union(
    db
      .select({ id: targets.connectionId })
      .from(targets)
      .where(
        and(inArray(targets.connectionId, [...connectionIds]), sql`lower(${targets.config}->>'repository') = ${name}`),
      ),
    db
      .select({ id: deployments.connectionId })
      .from(deployments)
      .where(
        and(
          inArray(deployments.connectionId, [...connectionIds]),
          inArray(deployments.status, [...IN_FLIGHT_STATUSES]),
          sql`lower(${deployments.config}->>'repository') = ${name}`,
        ),
      ),
  );
  const concerned = connectionIds.filter((id) => rows.some((row) => row.id === id));
  return concerned.length > 0 ? concerned : connectionIds;
}
