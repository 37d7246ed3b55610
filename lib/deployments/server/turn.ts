import { and, asc, eq, isNull, or, sql } from 'drizzle-orm';
import type { Tx } from '@/lib/auth/context';
import { deployments, pins } from '@/lib/db/schema';
import { openPins } from '@/lib/gates/server/holds';
import type { DeploymentRow } from './rows';

interface Whose {
  /** The one that asks: its own gates have been looked at, so it does not step aside. */
  asking?: string;
  /** In a freeze: only what was overridden at or after this moment (ISO 8601), when the newest freeze began to hold. */
  overriddenSince?: string | null;
}

/**
 * Whose turn it is. What a roll-back holds back steps aside for the roll-back itself, or both would wait for ever; so does
 * what a gate of its own keeps back that does not open by itself. In a freeze only what is let through takes part.
 */
export async function nextQueued(
  tx: Tx,
  targetId: string,
  { asking, overriddenSince }: Whose = {},
): Promise<DeploymentRow | null> {
  const held = sql`select from ${pins} where ${and(eq(pins.kind, 'rollback'), eq(pins.targetId, targetId), openPins())}`;
  // A re-run passes with the very commit that is held; see the gate `pin`.
  const heldHere = sql`${held} and (select h.sha from ${deployments} h where h.id = ${pins.deploymentId}) = ${deployments.sha}`;
  const passes = or(
    sql`not exists (${held})`,
    eq(deployments.kind, 'rollback'),
    and(eq(deployments.kind, 'retry'), sql`exists (${heldHere})`),
  );
  const able = isNull(deployments.failureCode);
  const through = sql`(${deployments.freezeOverride} ->> 'at')::timestamptz >= ${overriddenSince}::timestamptz`;
  const [next] = await tx
    .select()
    .from(deployments)
    .where(
      and(
        eq(deployments.targetId, targetId),
        eq(deployments.status, 'queued'),
        passes,
        asking === undefined ? able : or(able, eq(deployments.id, asking)),
        overriddenSince ? through : undefined,
      ),
    )
    .orderBy(asc(deployments.number))
    .limit(1);
  return next ?? null;
}
