import { eq } from 'drizzle-orm';
import { type Actor, personId } from '@/lib/auth/actor';
import type { Tx } from '@/lib/auth/context';
import { requirePermission } from '@/lib/auth/require';
import { freezes } from '@/lib/db/schema';
import { ServiceError } from '@/lib/kernel/errors';
import type { FreezeRow } from './holds';
import { type EnvironmentRow, environmentUnknown, takeEnvironments } from './locking';

/**
 * A freeze and every environment that it reaches, or is about to reach, locked in the one order. `before` = slug of the
 * environment that it is confined to now; null = all.
 */
export async function takeFreeze(
  tx: Tx,
  id: string,
  alsoEnvironmentId: string | null,
): Promise<{ row: FreezeRow; before: string | null; taken: EnvironmentRow[] }> {
  const seen = await find(tx, id);
  const one = seen.environmentId !== null && seen.environmentId === alsoEnvironmentId;
  const taken = await takeEnvironments(tx, one ? seen.environmentId : null);
  if (alsoEnvironmentId !== null && !taken.some((each) => each.id === alsoEnvironmentId)) throw environmentUnknown();
  const row = await find(tx, id);
  const before = taken.find((each) => each.id === row.environmentId)?.slug ?? null;
  return { row, before, taken };
}

async function find(tx: Tx, id: string): Promise<FreezeRow> {
  const [row] = await tx.select().from(freezes).where(eq(freezes.id, id));
  if (!row || row.endedAt)
    throw new ServiceError('notFound', 'freeze_not_found', 'There is no such freeze any more. Reload the page.');
  return row;
}

/** Planning one is safe, so many may. Letting through again takes its author, or who may override it. */
export function requireOwnFreeze(actor: Actor, row: FreezeRow, environment: string | null): void {
  const own = personId(actor) !== null && personId(actor) === row.createdBy;
  requirePermission(actor, own ? 'freeze.manage' : 'freeze.override', environment);
}
