import { desc, eq, sql } from 'drizzle-orm';
import { personId } from '@/lib/auth/actor';
import type { ServiceContext } from '@/lib/auth/context';
import { isPermitted } from '@/lib/auth/require';
import { galleryTokens, users } from '@/lib/db/schema';
import type { GalleryTokenView } from '../model/view';

/** One's own gallery tokens, newest first; everybody's for whoever may revoke them. What ended stays listed for 30 days. */
export async function listGalleryTokens(ctx: ServiceContext): Promise<GalleryTokenView[]> {
  const me = personId(ctx.actor) ?? '';
  const recent = sql`least(${galleryTokens.expiresAt}, coalesce(${galleryTokens.revokedAt}, 'infinity')) > now() - interval '30 days'`;
  const all = isPermitted(ctx.actor, 'session.manage', null);
  const rows = await ctx.db
    .select({
      token: galleryTokens,
      owner: { id: users.id, name: users.name },
      state: sql<GalleryTokenView['state']>`case when ${galleryTokens.revokedAt} is not null then 'revoked'
        when ${galleryTokens.expiresAt} <= now() then 'expired'
        when ${users.disabledAt} is not null then 'owner_disabled' else 'live' end`,
    })
    .from(galleryTokens)
    .innerJoin(users, eq(users.id, galleryTokens.userId))
    .where(all ? recent : sql`${recent} and ${galleryTokens.userId} = ${me}`)
    .orderBy(sql`(${galleryTokens.userId} = ${me}) desc`, desc(galleryTokens.createdAt), desc(galleryTokens.id))
    .limit(500);
  return rows.map(({ token, owner, state }) => ({
    id: token.id,
    name: token.name,
    owner,
    isYours: owner.id === me,
    last4: token.last4,
    scope: token.scope,
    createdAt: token.createdAt.toISOString(),
    expiresAt: token.expiresAt.toISOString(),
    lastUsedAt: token.lastUsedAt?.toISOString() ?? null,
    state,
  }));
}
