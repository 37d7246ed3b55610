import { eq, sql } from 'drizzle-orm';
import type { Tx } from '@/lib/auth/context';
import { setupNeeded } from '@/lib/auth/first-administrator';
import { users } from '@/lib/db/schema';
import { ServiceError } from '@/lib/kernel/errors';

/** Any constant: changes to who may administer come one after the other, so that two cannot each leave the other. */
const ADMINISTRATORS_LOCK = 7_420_114;

export type UserRow = typeof users.$inferSelect;

/** Holds the member and the question "who is left?" until the transaction ends. Throws `ServiceError` notFound. */
export async function lockMember(tx: Tx, userId: string): Promise<UserRow> {
  await tx.execute(sql`select pg_advisory_xact_lock(${ADMINISTRATORS_LOCK})`);
  const [user] = await tx.select().from(users).where(eq(users.id, userId)).for('update');
  if (!user)
    throw new ServiceError('notFound', 'member_unknown', 'This person is not a member any more. Reload the list.');
  return user;
}

/** After the change, before the commit: somebody must still be able to administer. */
export async function requireAdministratorLeft(tx: Tx): Promise<void> {
  if (!(await setupNeeded(tx))) return;
  throw new ServiceError(
    'conflict',
    'last_admin',
    'This is the last administrator. Make somebody else administrator on * first.',
  );
}
