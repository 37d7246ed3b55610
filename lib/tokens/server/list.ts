import { desc, eq, sql } from 'drizzle-orm';
import { personId } from '@/lib/auth/actor';
import type { ServiceContext } from '@/lib/auth/context';
import { isPermitted } from '@/lib/auth/require';
import { apiTokens, users } from '@/lib/db/schema';
import type { TokenView } from '../model/view';

/** One's own tokens, newest first; everybody's for whoever may revoke them. What ended stays listed for 30 days. */
export async function listTokens(ctx: ServiceContext): Promise<TokenView[]> {
  const me = personId(ctx.actor) ?? '';
  const recent = sql`least(${apiTokens.expiresAt}, coalesce(${apiTokens.revokedAt}, 'infinity')) > now() - interval '30 days'`;
  const all = isPermitted(ctx.actor, 'session.manage', null);
  const rows = await ctx.db
    .select({
      token: apiTokens,
      owner: { id: users.id, name: users.name },
      state: sql<TokenView['state']>`case when ${apiTokens.revokedAt} is not null then 'revoked'
        when ${apiTokens.expiresAt} <= now() then 'expired'
        when ${users.disabledAt} is not null then 'owner_disabled' else 'live' end`,
    })
    .from(apiTokens)
    .innerJoin(users, eq(users.id, apiTokens.userId))
    .where(all ? recent : sql`${recent} and ${apiTokens.userId} = ${me}`)
    .orderBy(sql`(${apiTokens.userId} = ${me}) desc`, desc(apiTokens.createdAt), desc(apiTokens.id))
    .limit(500);
  return rows.map(({ token, owner, state }) => ({
    id: token.id,
    name: token.name,
    owner,
    isYours: owner.id === me,
    last4: token.last4,
    scopes: token.scopes,
    environmentPattern: token.environmentPattern,
    createdAt: token.createdAt.toISOString(),
    expiresAt: token.expiresAt.toISOString(),
    lastUsedAt: token.lastUsedAt?.toISOString() ?? null,
    state,
  }));
}
