import { createHash, randomBytes } from 'node:crypto';
import { and, eq, isNotNull, isNull, sql } from 'drizzle-orm';
import type { z } from 'zod';
import { emitAudit } from '@/lib/audit/emit';
import type { ServiceContext } from '@/lib/auth/context';
import { signedOut } from '@/lib/auth/require';
import { apiTokens, sessions, users } from '@/lib/db/schema';
import { ServiceError } from '@/lib/kernel/errors';
import { newId } from '@/lib/kernel/ids';
import type { createTokenInput } from '../model/schemas';
import { tokenText } from '../model/token-text';
import type { NewToken } from '../model/view';

/** Live tokens that one person may have at a time. */
const MOST = 50;

/** What is kept of a token. It is random, so a plain hash is enough. */
export function hashToken(token: string): string {
  return createHash('sha256').update(token).digest('hex');
}

/** Makes a token that acts for the person who asks. It is shown once; only a signed-in person can make one, never a token. */
export async function createToken(ctx: ServiceContext, input: z.output<typeof createTokenInput>): Promise<NewToken> {
  const { actor } = ctx;
  if (actor.kind !== 'user') throw signedOut();
  const token = tokenText(randomBytes(32).toString('base64url'));
  return await ctx.db.transaction(async (tx) => {
    await tx.select({ id: users.id }).from(users).where(eq(users.id, actor.id)).for('update');
    // Whoever ended the session meanwhile has ended all tokens; this one must not come after.
    const ended = and(eq(sessions.idHash, actor.sessionHash), isNotNull(sessions.revokedAt));
    if ((await tx.$count(sessions, ended)) > 0) throw signedOut();
    const mine = and(eq(apiTokens.userId, actor.id), isNull(apiTokens.revokedAt), sql`${apiTokens.expiresAt} > now()`);
    if ((await tx.$count(apiTokens, mine)) >= MOST)
      throw new ServiceError('conflict', 'too_many_tokens', `You have ${MOST} tokens. Revoke one that is not used.`);
    const [row] = await tx
      .insert(apiTokens)
      .values({
        id: newId('tok', ctx.clock.now()),
        userId: actor.id,
        name: input.name,
        tokenHash: hashToken(token),
        last4: token.slice(-4),
        scopes: input.scopes,
        environmentPattern: input.environmentPattern,
        expiresAt: sql`now() + make_interval(days => ${input.days})`,
      })
      .returning();
    if (!row) throw new Error('The token was not written.');
    await emitAudit(tx, ctx, {
      action: 'token.create',
      resource: { kind: 'token', id: row.id },
      outcome: 'done',
      sentence: `${actor.name} made the API token “${row.name}”: ${row.scopes.join(', ')} on ${row.environmentPattern}, for ${input.days} days.`,
      data: { scopes: row.scopes, environmentPattern: row.environmentPattern, expiresAt: row.expiresAt.toISOString() },
    });
    return { id: row.id, name: row.name, token, expiresAt: row.expiresAt.toISOString() };
  });
}
