import { asc, eq, inArray } from 'drizzle-orm';
import type { Tx } from '@/lib/auth/context';
import { environments } from '@/lib/db/schema';
import { ServiceError } from '@/lib/kernel/errors';

/*
 * The order of locks, everywhere: environment → target → deployment → pin, approval, person. Whoever changes what holds
 * (lock, freeze, policy) takes the environments that it reaches for update; whoever acts on what holds (request, claim,
 * send again, approve) takes its one for share. So no check is older than its act: one of the two waits.
 */

export type EnvironmentRow = typeof environments.$inferSelect;

/** Before acting on what holds in an environment: until the end of the transaction nobody changes it. */
export async function holdEnvironment(tx: Tx, environmentId: string): Promise<EnvironmentRow> {
  const [row] = await tx.select().from(environments).where(eq(environments.id, environmentId)).for('share');
  if (!row) throw environmentUnknown();
  return row;
}

/** Before changing what holds: waits for everything that is acting there. Null = all environments. */
export async function takeEnvironments(tx: Tx, environmentId: string | null): Promise<EnvironmentRow[]> {
  const rows = await tx
    .select()
    .from(environments)
    .where(environmentId === null ? undefined : inArray(environments.id, [environmentId]))
    .orderBy(asc(environments.id))
    .for('update');
  if (environmentId !== null && rows.length === 0) throw environmentUnknown();
  return rows;
}

export function environmentUnknown(): ServiceError {
  return new ServiceError(
    'notFound',
    'environment_not_found',
    'There is no such environment. Choose one under “What runs where”.',
  );
}
