import { and, eq, gt, isNull, sql } from 'drizzle-orm';
import type { z } from 'zod';
import { emitAudit } from '@/lib/audit/emit';
import { personId } from '@/lib/auth/actor';
import type { ServiceContext, Tx } from '@/lib/auth/context';
import { isPermitted } from '@/lib/auth/require';
import { apiTokens, galleryTokens } from '@/lib/db/schema';
import { ServiceError } from '@/lib/kernel/errors';
import type { tokenRef } from '../model/schemas';

/**
 * Ends every token of a person for good, those of the gallery as well, where what the person had may be in somebody
 * else's hands. The caller holds the person's row and writes it down. Returns their ids.
 */
export async function revokeAllTokens(tx: Tx, userId: string): Promise<string[]> {
  const ended = await tx
    .update(apiTokens)
    .set({ revokedAt: sql`now()` })
    .where(and(eq(apiTokens.userId, userId), isNull(apiTokens.revokedAt), gt(apiTokens.expiresAt, sql`now()`)))
    .returning({ id: apiTokens.id });
  const ofGallery = await tx
    .update(galleryTokens)
    .set({ revokedAt: sql`now()` })
    .where(
      and(eq(galleryTokens.userId, userId), isNull(galleryTokens.revokedAt), gt(galleryTokens.expiresAt, sql`now()`)),
    )
    .returning({ id: galleryTokens.id });
  return [...ended, ...ofGallery].map(({ id }) => id).sort();
}

/** Ends a token on its next request. One's own, or anybody's for whoever may end other people's sessions. */
export async function revokeToken(
  ctx: ServiceContext,
  input: z.output<typeof tokenRef>,
): Promise<{ revoked: boolean }> {
  return await ctx.db.transaction(async (tx) => {
    const [row] = await tx.select().from(apiTokens).where(eq(apiTokens.id, input.tokenId)).for('update');
    const own = row?.userId === personId(ctx.actor);
    // Somebody else's token is as unknown as one that never was.
    if (!row || (!own && !isPermitted(ctx.actor, 'session.manage', null)))
      throw new ServiceError('notFound', 'token_unknown', 'There is no such token of yours.');
    const ended = await tx
      .update(apiTokens)
      .set({ revokedAt: sql`now()` })
      .where(and(eq(apiTokens.id, row.id), isNull(apiTokens.revokedAt)));
    if (!ended.rowCount) return { revoked: false };
    await emitAudit(tx, ctx, {
      action: 'token.revoke',
      resource: { kind: 'token', id: row.id },
      outcome: 'done',
      sentence: `${ctx.actor.name} revoked the API token “${row.name}”${own ? '' : ' of somebody else'}.`,
      data: { owner: row.userId },
    });
    return { revoked: true };
  });
}
