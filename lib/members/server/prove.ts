import { eq, sql } from 'drizzle-orm';
import type { z } from 'zod';
import { emitAudit } from '@/lib/audit/emit';
import type { ServiceContext } from '@/lib/auth/context';
import { verifyPassword } from '@/lib/auth/password';
import { signedOut } from '@/lib/auth/require';
import { sessions, users } from '@/lib/db/schema';
import { ServiceError } from '@/lib/kernel/errors';
import type { proveInput } from '../model/schemas';

/** The person behind this session enters their password once more; risky actions go through for a while. */
export async function proveIdentity(ctx: ServiceContext, input: z.output<typeof proveInput>): Promise<void> {
  const { actor } = ctx;
  if (actor.kind !== 'user') throw signedOut();
  const [user] = await ctx.db.select({ hash: users.passwordHash }).from(users).where(eq(users.id, actor.id));
  if (!(await verifyPassword(user?.hash ?? null, input.password)))
    throw new ServiceError('forbidden', 'password_wrong', 'This is not your password. Try again.', {
      password: 'This is not your password.',
    });
  await ctx.db.transaction(async (tx) => {
    await tx.update(sessions).set({ authenticatedAt: sql`now()` }).where(eq(sessions.idHash, actor.sessionHash));
    await emitAudit(tx, ctx, {
      action: 'session.prove',
      resource: { kind: 'member', id: actor.id },
      outcome: 'done',
      sentence: `${actor.name} proved once more who they are.`,
    });
  });
}
