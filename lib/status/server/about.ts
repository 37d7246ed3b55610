import { eq, inArray, sql } from 'drizzle-orm';
import type { Tx } from '@/lib/auth/context';
import { deployments, freezes, incidents, maintenances, targets } from '@/lib/db/schema';
import { ServiceError } from '@/lib/kernel/errors';

const gone = (what: string, where: string) =>
  new ServiceError(
    'notFound',
    `${what}_not_found`,
    `There is no such ${what}. Go back to ${where} and choose another.`,
  );

/** The row, held until the transaction ends. Throws `ServiceError` notFound. */
export async function lockIncident(tx: Tx, id: string): Promise<typeof incidents.$inferSelect> {
  const [row] = await tx.select().from(incidents).where(eq(incidents.id, id)).for('update');
  if (!row) throw gone('incident', 'Status page');
  return row;
}

/** The same, with the moment that counts: the database's. */
export async function lockMaintenance(tx: Tx, id: string) {
  const [row] = await tx
    .select({ row: maintenances, now: sql`now()`.mapWith(maintenances.createdAt) })
    .from(maintenances)
    .where(eq(maintenances.id, id))
    .for('update');
  if (!row) throw gone('maintenance', 'Status page');
  return row;
}

export async function databaseNow(tx: Tx): Promise<number> {
  const { rows } = await tx.execute<{ at: number }>(sql`select extract(epoch from now())::float8 * 1000 as at`);
  return Number(rows[0]?.at ?? Number.NaN);
}

export function changedMeanwhile(): ServiceError {
  const sentence = 'Somebody changed this meanwhile. Reload to see how it is now, then try again.';
  return new ServiceError('precondition', 'changed_meanwhile', sentence);
}

const unknown = (field: string, what: string) => {
  const sentence = `${what} is not there any more. Reload the page and choose again.`;
  return new ServiceError('invalid', 'unknown_reference', sentence, { [field]: sentence });
};

/** Throws `ServiceError` invalid when one of these is not there. */
export async function requireTargets(tx: Tx, ids: readonly string[]): Promise<void> {
  if (ids.length === 0) return;
  const rows = await tx
    .select({ id: targets.id })
    .from(targets)
    .where(inArray(targets.id, [...ids]));
  if (rows.length !== ids.length) throw unknown('targetIds', 'A place that was chosen');
}

export async function requireDeployment(tx: Tx, id: string | null): Promise<void> {
  if (id === null) return;
  const [row] = await tx.select({ id: deployments.id }).from(deployments).where(eq(deployments.id, id));
  if (!row) throw unknown('deploymentId', 'The deployment');
}

export async function requireFreeze(tx: Tx, id: string | null): Promise<void> {
  if (id === null) return;
  const [row] = await tx.select({ id: freezes.id }).from(freezes).where(eq(freezes.id, id));
  if (!row) throw unknown('freezeId', 'The freeze');
}
