import { eq, sql } from 'drizzle-orm';
import type { Actor } from '@/lib/auth/actor';
import type { DbOrTx } from '@/lib/auth/context';
import { galleryTokens } from '@/lib/db/schema';
import type { Grant } from '@/lib/members/model/role';
import type { TokenScope } from '@/lib/members/model/token-scope';
import { isTokenText } from '@/lib/tokens/model/token-text';
import type { GalleryScope } from '../model/scope';
import { hashOf } from './token-create';

/** "Last used" is written at most this often. */
const TOUCH_SECONDS = 60;

export interface GalleryCaller {
  actor: Extract<Actor, { kind: 'token' }>;
  scope: GalleryScope;
  /** ISO 8601 in UTC. */
  expiresAt: string;
}

interface Row extends Record<string, unknown> {
  id: string;
  user_id: string;
  person: string;
  name: string;
  scope: GalleryScope;
  grants: Grant[];
  stale: boolean;
  expires_at: string;
}

/** What each scope may ask for, of what its owner may. Making a namespace takes an owner who manages components. */
const SCOPES: Record<GalleryScope, readonly TokenScope[]> = { read: ['read'], publish: ['read', 'deploy', 'manage'] };

/**
 * Who a gallery token is, right now: one read, never cached, so that a revoked token, a disabled owner or a removed grant
 * counts on the very next request. Null when there is no such live token.
 */
export async function readGalleryToken(db: DbOrTx, token: string, ip: string | null): Promise<GalleryCaller | null> {
  if (!isTokenText(token, 'aeg')) return null;
  const found = await db.execute<Row>(sql`
    select t.id, t.user_id, u.name as person, t.name, t.scope,
      to_char(t.expires_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') as expires_at,
      coalesce(t.last_used_at < now() - make_interval(secs => ${TOUCH_SECONDS}), true) as stale,
      coalesce((select json_agg(json_build_object('role', g.role, 'environmentPattern', g.environment_pattern) order by g.id)
        from grants g where g.user_id = u.id), '[]'::json) as grants
    from gallery_tokens t join users u on u.id = t.user_id
    where t.token_hash = ${hashOf(token)} and t.revoked_at is null and t.expires_at > now() and u.disabled_at is null`);
  const row = found.rows[0];
  if (!row) return null;
  if (row.stale) await db.update(galleryTokens).set({ lastUsedAt: sql`now()` }).where(eq(galleryTokens.id, row.id));
  const name = `${row.person} (gallery token “${row.name}”)`;
  const scopes = SCOPES[row.scope];
  return {
    actor: { kind: 'token', id: row.id, userId: row.user_id, name, grants: row.grants, scopes, ip },
    scope: row.scope,
    expiresAt: row.expires_at,
  };
}
