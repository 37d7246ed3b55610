import { and, eq, isNull, sql } from 'drizzle-orm';
import { emitAudit } from '@/lib/audit/emit';
import { personId } from '@/lib/auth/actor';
import type { ServiceContext } from '@/lib/auth/context';
import { isPermitted } from '@/lib/auth/require';
import { galleryTokens } from '@/lib/db/schema';
import { ServiceError } from '@/lib/kernel/errors';

/** Ends a gallery token on its next request. One's own, or anybody's for whoever may end other people's sessions. */
export async function revokeGalleryToken(
  ctx: ServiceContext,
  { tokenId }: { tokenId: string },
): Promise<{ revoked: boolean }> {
  return await ctx.db.transaction(async (tx) => {
    const [row] = await tx.select().from(galleryTokens).where(eq(galleryTokens.id, tokenId)).for('update');
    const own = row?.userId === personId(ctx.actor);
    if (!row || (!own && !isPermitted(ctx.actor, 'session.manage', null)))
      throw new ServiceError('notFound', 'token_unknown', 'There is no such gallery token of yours.');
    const ended = await tx
      .update(galleryTokens)
      .set({ revokedAt: sql`now()` })
      .where(and(eq(galleryTokens.id, row.id), isNull(galleryTokens.revokedAt)));
    if (!ended.rowCount) return { revoked: false };
    await emitAudit(tx, ctx, {
      action: 'gallery.revoke-token',
      resource: { kind: 'gallery-token', id: row.id },
      outcome: 'done',
      sentence: `${ctx.actor.name} revoked the gallery token “${row.name}”${own ? '' : ' of somebody else'}.`,
      data: { owner: row.userId },
    });
    return { revoked: true };
  });
}
