import { eq, sql } from 'drizzle-orm';
import type { z } from 'zod';
import { personId } from '@/lib/auth/actor';
import type { ServiceContext } from '@/lib/auth/context';
import { requirePermission } from '@/lib/auth/require';
import { revokeAllSessions } from '@/lib/auth/sessions';
import { removeOwnTokensOf } from '@/lib/connections/server';
import { invitations, users } from '@/lib/db/schema';
import { ServiceError } from '@/lib/kernel/errors';
import { revokeAllTokens } from '@/lib/tokens/server';
import type { memberRef } from '../model/schemas';
import type { Ended } from '../model/view';
import { lockMember, requireAdministratorLeft } from './administrators';
import { record } from './record';

/** Shuts a person out at once: sessions and tokens end for good, what they stored of their own is gone, links stop working. Their history stays. */
export async function disableMember(ctx: ServiceContext, input: z.output<typeof memberRef>): Promise<Ended> {
  requirePermission(ctx.actor, 'member.manage', null);
  if (personId(ctx.actor) === input.userId) {
    throw new ServiceError('conflict', 'not_yourself', 'You cannot disable yourself. Ask another administrator.');
  }
  return await ctx.db.transaction(async (tx) => {
    const member = await lockMember(tx, input.userId);
    await tx
      .update(users)
      .set({ disabledAt: sql`coalesce(${users.disabledAt}, now())` })
      .where(eq(users.id, member.id));
    await requireAdministratorLeft(tx);
    await tx.delete(invitations).where(eq(invitations.userId, member.id));
    const sessionsEnded = await revokeAllSessions(tx, member.id);
    const revoked = await revokeAllTokens(tx, member.id);
    const ownTokensRemoved = await removeOwnTokensOf(tx, member.id);
    await record(tx, ctx, member.id, {
      verb: 'disable',
      sentence: `Disabled ${member.name}.`,
      data: { sessionsEnded, revoked, ownTokensRemoved },
    });
    return { sessionsEnded, tokensRevoked: revoked.length };
  });
}

/** Lets a disabled person sign in again, with the roles they had; sessions and tokens stay ended. */
export async function enableMember(ctx: ServiceContext, input: z.output<typeof memberRef>): Promise<void> {
  requirePermission(ctx.actor, 'member.manage', null);
  await ctx.db.transaction(async (tx) => {
    const member = await lockMember(tx, input.userId);
    await tx.update(users).set({ disabledAt: null }).where(eq(users.id, member.id));
    await record(tx, ctx, member.id, { verb: 'enable', sentence: `Enabled ${member.name} again.` });
  });
}
