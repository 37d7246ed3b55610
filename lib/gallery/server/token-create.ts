import { createHash, randomBytes } from 'node:crypto';
import { and, eq, isNotNull, isNull, sql } from 'drizzle-orm';
import type { z } from 'zod';
import { emitAudit } from '@/lib/audit/emit';
import type { ServiceContext } from '@/lib/auth/context';
import { requireAnywhere, signedOut } from '@/lib/auth/require';
import { galleryTokens, sessions, users } from '@/lib/db/schema';
import { ServiceError } from '@/lib/kernel/errors';
import { newId } from '@/lib/kernel/ids';
import { tokenText } from '@/lib/tokens/model/token-text';
import type { createGalleryTokenInput } from '../model/schemas';
import type { NewGalleryToken } from '../model/view';

/** Live gallery tokens that one person may have at a time. */
const MOST = 50;

/** What is kept of a token. It is random, so a plain hash is enough. */
export const hashOf = (token: string): string => createHash('sha256').update(token).digest('hex');

/**
 * Makes a token for editors and publishers, shown once. It acts for the person who asks and opens nothing but the gallery;
 * only a signed-in person can make one.
 */
export async function createGalleryToken(
  ctx: ServiceContext,
  input: z.output<typeof createGalleryTokenInput>,
): Promise<NewGalleryToken> {
  const { actor } = ctx;
  if (actor.kind !== 'user') throw signedOut();
  requireAnywhere(actor, input.scope === 'publish' ? 'deployment.request' : 'deployment.read');
  const token = tokenText(randomBytes(32).toString('base64url'), 'aeg');
  return await ctx.db.transaction(async (tx) => {
    await tx.select({ id: users.id }).from(users).where(eq(users.id, actor.id)).for('update');
    const ended = and(eq(sessions.idHash, actor.sessionHash), isNotNull(sessions.revokedAt));
    if ((await tx.$count(sessions, ended)) > 0) throw signedOut();
    const mine = and(
      eq(galleryTokens.userId, actor.id),
      isNull(galleryTokens.revokedAt),
      sql`${galleryTokens.expiresAt} > now()`,
    );
    if ((await tx.$count(galleryTokens, mine)) >= MOST)
      throw new ServiceError(
        'conflict',
        'too_many_tokens',
        `You have ${MOST} gallery tokens. Revoke one that is not used.`,
      );
    const [row] = await tx
      .insert(galleryTokens)
      .values({
        id: newId('gtk', ctx.clock.now()),
        userId: actor.id,
        name: input.name,
        tokenHash: hashOf(token),
        last4: token.slice(-4),
        scope: input.scope,
        expiresAt: sql`now() + make_interval(days => ${input.days})`,
      })
      .returning();
    if (!row) throw new Error('The token was not written.');
    await emitAudit(tx, ctx, {
      action: 'gallery.create-token',
      resource: { kind: 'gallery-token', id: row.id },
      outcome: 'done',
      sentence: `${actor.name} made the gallery token “${row.name}” to ${row.scope}, for ${input.days} days.`,
      data: { scope: row.scope, expiresAt: row.expiresAt.toISOString() },
    });
    const { id, name, scope } = row;
    return { id, name, scope, token, expiresAt: row.expiresAt.toISOString() };
  });
}
