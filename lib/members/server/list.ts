import { asc, sql } from 'drizzle-orm';
import type { ServiceContext } from '@/lib/auth/context';
import { requirePermission } from '@/lib/auth/require';
import { sessionRules } from '@/lib/auth/session-rules';
import { grants, sessions, users } from '@/lib/db/schema';
import type { Grant } from '../model/role';
import type { MemberView } from '../model/view';

/** Everybody, by name, with roles and live sessions. */
export async function listMembers(ctx: ServiceContext): Promise<MemberView[]> {
  requirePermission(ctx.actor, 'member.read', null);
  const live = sql`s.user_id = users.id and s.revoked_at is null and s.expires_at > now() and s.last_seen_at > now() - make_interval(secs => ${sessionRules().idle})`;
  const rows = await ctx.db
    .select({
      id: users.id,
      login: users.login,
      name: users.name,
      disabledAt: users.disabledAt,
      createdAt: users.createdAt,
      hasPassword: sql<boolean>`${users.passwordHash} is not null`,
      hasIdentity: sql<boolean>`${users.identityProvider} is not null`,
      grants: sql<
        Grant[]
      >`coalesce((select json_agg(json_build_object('role', g.role, 'environmentPattern', g.environment_pattern) order by g.id) from ${grants} g where g.user_id = users.id), '[]'::json)`,
      sessions: sql<number>`(select count(*)::int from ${sessions} s where ${live})`,
      lastSeenAt: sql<Date | null>`(select max(s.last_seen_at) from ${sessions} s where s.user_id = users.id)`.mapWith(
        sessions.lastSeenAt,
      ),
    })
    .from(users)
    .orderBy(asc(users.name), asc(users.id))
    .limit(1_000);
  return rows.map(({ hasPassword, hasIdentity, ...row }) => ({
    ...row,
    signIn: hasIdentity ? 'identity' : hasPassword ? 'password' : 'invited',
    disabledAt: row.disabledAt?.toISOString() ?? null,
    createdAt: row.createdAt.toISOString(),
    lastSeenAt: row.lastSeenAt?.toISOString() ?? null,
  }));
}
