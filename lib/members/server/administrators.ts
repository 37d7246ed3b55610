import { eq, sql } from 'drizzle-orm';
import type { Tx } from '@/lib/auth/context';
import { setupNeeded } from '@/lib/auth/first-administrator';
import { LOCKS } from '@/lib/db/locks';
import { users } from '@/lib/db/schema';
import { ServiceError } from '@/lib/kernel/errors';

export type UserRow = typeof users.$inferSelect;

/** Holds the member and the question "who is left?" until the transaction ends. Throws `ServiceError` notFound. */
export async function lockMember(tx: Tx, userId: string): Promise<UserRow> {
  await tx.execute(sql`select pg_advisory_xact_lock(${LOCKS.administrators})`);
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
