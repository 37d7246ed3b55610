import { and, eq } from 'drizzle-orm';
import type { z } from 'zod';
import type { ServiceContext } from '@/lib/auth/context';
import { requirePermission, signedOut } from '@/lib/auth/require';
import { listSessions, revokeAllSessions, revokeSession } from '@/lib/auth/sessions';
import { sessions } from '@/lib/db/schema';
import { ServiceError } from '@/lib/kernel/errors';
import { revokeAllTokens } from '@/lib/tokens/server';
import type { memberRef, revokeSessionInput } from '../model/schemas';
import type { Ended, SessionView } from '../model/view';
import { lockMember } from './administrators';
import { record } from './record';

/** Ends every session and API token of a member; they and their programs are out on the next request. */
export async function revokeMemberSessions(ctx: ServiceContext, input: z.output<typeof memberRef>): Promise<Ended> {
  requirePermission(ctx.actor, 'session.manage', null);
  return await ctx.db.transaction(async (tx) => {
    const member = await lockMember(tx, input.userId);
    const sessionsEnded = await revokeAllSessions(tx, member.id);
    const revoked = await revokeAllTokens(tx, member.id);
    await record(tx, ctx, member.id, {
      verb: 'end-sessions',
      sentence: `Ended ${sessionsEnded} sessions and ${revoked.length} API tokens of ${member.name}.`,
      data: { sessionsEnded, revoked },
    });
    return { sessionsEnded, tokensRevoked: revoked.length };
  });
}

/** One's own live sessions. */
export async function listOwnSessions(ctx: ServiceContext): Promise<SessionView[]> {
  if (ctx.actor.kind !== 'user') throw signedOut();
  return await listSessions(ctx.db, ctx.actor.id, ctx.actor.sessionHash);
}

/** Ends one of one's own sessions; that of somebody else is as unknown as one that never was. */
export async function revokeOwnSession(ctx: ServiceContext, input: z.output<typeof revokeSessionInput>): Promise<void> {
  const { actor } = ctx;
  if (actor.kind !== 'user') throw signedOut();
  await ctx.db.transaction(async (tx) => {
    const [own] = await tx
      .select({ idHash: sessions.idHash })
      .from(sessions)
      .where(and(eq(sessions.idHash, input.sessionId), eq(sessions.userId, actor.id)));
    if (!own) throw new ServiceError('notFound', 'session_unknown', 'This session has ended already.');
    await revokeSession(tx, own.idHash);
    await record(tx, ctx, actor.id, {
      verb: 'end-own-session',
      sentence: `${actor.name} ended one of their sessions.`,
    });
  });
}
