import { eq, sql } from 'drizzle-orm';
import type { Actor } from '@/lib/auth/actor';
import type { ServiceContext } from '@/lib/auth/context';
import { signedOut } from '@/lib/auth/require';
import type { DbOrTx } from '@/lib/db/client';
import { apiTokens, users } from '@/lib/db/schema';
import type { Grant } from '@/lib/members/model/role';
import type { TokenScope } from '@/lib/members/model/token-scope';
import { isTokenText } from '../model/token-text';
import type { CallerView } from '../model/view';
import { hashToken } from './create';

export type TokenActor = Extract<Actor, { kind: 'token' }>;

/** "Last used" is written at most this often. */
const TOUCH_SECONDS = 60;

interface Row extends Record<string, unknown> {
  id: string;
  user_id: string;
  person: string;
  name: string;
  scopes: TokenScope[];
  pattern: string;
  grants: Grant[];
  stale: boolean;
}

/**
 * Who a token is, right now: one read, never cached, so that a revoked token, a disabled owner or a removed grant counts
 * on the very next request. Null when there is no such live token.
 */
export async function readToken(db: DbOrTx, token: string, ip: string | null): Promise<TokenActor | null> {
  if (!isTokenText(token)) return null;
  return await readTokenBy(db, sql`t.token_hash = ${hashToken(token)}`, ip);
}

/** The same for who already proved the token: a long-lived stream asks again and again. */
export async function readTokenById(db: DbOrTx, id: string, ip: string | null): Promise<TokenActor | null> {
  return await readTokenBy(db, sql`t.id = ${id}`, ip);
}

async function readTokenBy(db: DbOrTx, which: ReturnType<typeof sql>, ip: string | null): Promise<TokenActor | null> {
  const found = await db.execute<Row>(sql`
    select t.id, t.user_id, u.name as person, t.name, t.scopes, t.environment_pattern as pattern,
      coalesce(t.last_used_at < now() - make_interval(secs => ${TOUCH_SECONDS}), true) as stale,
      coalesce((select json_agg(json_build_object('role', g.role, 'environmentPattern', g.environment_pattern) order by g.id)
        from grants g where g.user_id = u.id), '[]'::json) as grants
    from api_tokens t join users u on u.id = t.user_id
    where ${which} and t.revoked_at is null and t.expires_at > now() and u.disabled_at is null`);
  const row = found.rows[0];
  if (!row) return null;
  if (row.stale) await db.update(apiTokens).set({ lastUsedAt: sql`now()` }).where(eq(apiTokens.id, row.id));
  return {
    kind: 'token',
    id: row.id,
    userId: row.user_id,
    name: `${row.person} (token “${row.name}”)`,
    // Both patterns have to match; they are not merged, because two patterns have no one pattern in common.
    grants: row.grants.map((grant) => (row.pattern === '*' ? grant : { ...grant, within: row.pattern })),
    scopes: row.scopes,
    ip,
  };
}

/** Who is asking, and what they may. */
export async function readCaller(ctx: ServiceContext): Promise<CallerView> {
  const { actor } = ctx;
  if (actor.kind === 'user')
    return { kind: 'user', person: { id: actor.id, name: actor.name }, grants: actor.grants, token: null };
  if (actor.kind !== 'token') throw signedOut();
  const [row] = await ctx.db
    .select({ token: apiTokens, person: { id: users.id, name: users.name } })
    .from(apiTokens)
    .innerJoin(users, eq(users.id, apiTokens.userId))
    .where(eq(apiTokens.id, actor.id));
  if (!row) throw signedOut();
  const { id, name, scopes, environmentPattern, expiresAt } = row.token;
  return {
    kind: 'token',
    person: row.person,
    grants: actor.grants,
    token: { id, name, scopes, environmentPattern, expiresAt: expiresAt.toISOString() },
  };
}
