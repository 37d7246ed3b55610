import { asc, eq, inArray, sql } from 'drizzle-orm';
import type { Tx } from '@/lib/auth/context';
import { LOCK_PREFIXES } from '@/lib/db/locks';
import { environments } from '@/lib/db/schema';
import { ServiceError } from '@/lib/kernel/errors';

/*
 * The order of locks, everywhere: environment → target → deployment → pin, approval, person. Whoever changes what holds
 * (lock, freeze, policy) takes the environments that it reaches for update; whoever acts on what holds (request, claim,
 * send again, approve) takes its one for share. So no check is older than its act: one of the two waits.
 *
 * Row locks alone are not fair: those who share one go on joining each other while somebody waits to have it alone, and a
 * freeze in a storm of claims would wait for ever. So everybody queues at an advisory lock of the environment first.
 */

async function queueUp(tx: Tx, environmentId: string, how: 'share' | 'alone'): Promise<void> {
  const key = sql`hashtextextended(${LOCK_PREFIXES.environment + environmentId}, 0)`;
  await tx.execute(
    how === 'share' ? sql`select pg_advisory_xact_lock_shared(${key})` : sql`select pg_advisory_xact_lock(${key})`,
  );
}

export type EnvironmentRow = typeof environments.$inferSelect;

/** Before acting on what holds in an environment: until the end of the transaction nobody changes it. */
export async function holdEnvironment(tx: Tx, environmentId: string): Promise<EnvironmentRow> {
  await queueUp(tx, environmentId, 'share');
  const [row] = await tx.select().from(environments).where(eq(environments.id, environmentId)).for('share');
  if (!row) throw environmentUnknown();
  return row;
}

/** Before changing what holds: waits for everything that is acting there. Null = all environments. */
export async function takeEnvironments(tx: Tx, environmentId: string | null): Promise<EnvironmentRow[]> {
  const ids = environmentId === null ? await allIds(tx) : [environmentId];
  for (const id of ids) await queueUp(tx, id, 'alone');
  const rows = await tx
    .select()
    .from(environments)
    .where(environmentId === null ? undefined : inArray(environments.id, [environmentId]))
    .orderBy(asc(environments.id))
    .for('update');
  if (environmentId !== null && rows.length === 0) throw environmentUnknown();
  return rows;
}

async function allIds(tx: Tx): Promise<string[]> {
  const rows = await tx.select({ id: environments.id }).from(environments).orderBy(asc(environments.id));
  return rows.map((row) => row.id);
}

export function environmentUnknown(): ServiceError {
  return new ServiceError(
    'notFound',
    'environment_not_found',
    'There is no such environment. Choose one under “What runs where”.',
  );
}
