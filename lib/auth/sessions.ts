import { createHash } from 'node:crypto';
import { and, eq, isNull, sql } from 'drizzle-orm';
import type { DbOrTx } from '@/lib/db/client';
import { sessions } from '@/lib/db/schema';
import { Batches } from '@/lib/kernel/batches';
import type { Grant } from '@/lib/members/model/role';
import type { SessionView } from '@/lib/members/model/view';
import type { Actor } from './actor';
import { newOneTimeToken } from './one-time-token';
import { sessionRules } from './session-rules';

/** "Last seen" is written at most this often. */
const TOUCH_SECONDS = 60;

export type UserActor = Extract<Actor, { kind: 'user' }>;

export function hashSessionId(sid: string): string {
  return createHash('sha256').update(sid).digest('hex');
}

/** Starts a session; the returned id goes into the cookie and nowhere else, only its SHA-256 is kept. */
export async function createSession(
  db: DbOrTx,
  who: { userId: string; ip: string | null; userAgent: string | null },
): Promise<string> {
  const sid = newOneTimeToken();
  await db.insert(sessions).values({
    idHash: hashSessionId(sid),
    userId: who.userId,
    expiresAt: sql`now() + make_interval(secs => ${sessionRules().absolute})`,
    ip: who.ip,
    userAgent: who.userAgent?.replaceAll('\u0000', '').slice(0, 300) ?? null,
  });
  return sid;
}

interface SessionRow extends Record<string, unknown> {
  id_hash: string;
  user_id: string;
  name: string;
  grants: Grant[];
  stale: boolean;
}

/**
 * Who this session is, right now: one read, never cached, so that a revoked session, a disabled person or a removed
 * grant counts on the very next request. Null when there is no such live session.
 */
export async function readSession(db: DbOrTx, sid: string, ip: string | null): Promise<UserActor | null> {
  const [row] = await find(db, [hashSessionId(sid)]);
  if (!row) return null;
  if (row.stale) await db.update(sessions).set({ lastSeenAt: sql`now()` }).where(eq(sessions.idHash, row.id_hash));
  return actorOf(row, ip);
}

/**
 * The same for a stream that already proved the session and asks again and again; listening is not use. What a thousand of
 * them ask in the same moment is one statement.
 */
export async function readSessionByHash(db: DbOrTx, sessionHash: string, ip: string | null): Promise<UserActor | null> {
  const known = together.get(db) ?? new Batches((hashes) => findAll(db, hashes));
  together.set(db, known);
  const row = await known.add(sessionHash);
  return row && actorOf(row, ip);
}

const together = new WeakMap<DbOrTx, Batches<string, SessionRow | null>>();

async function findAll(db: DbOrTx, hashes: string[]): Promise<Map<string, SessionRow | null>> {
  const found = new Map<string, SessionRow | null>(hashes.map((hash) => [hash, null]));
  for (const row of await find(db, hashes)) found.set(row.id_hash, row);
  return found;
}

const actorOf = (row: SessionRow, ip: string | null): UserActor => ({
  ...{ kind: 'user', id: row.user_id, name: row.name, grants: row.grants },
  ...{ sessionHash: row.id_hash, ip },
});

async function find(db: DbOrTx, hashes: string[]): Promise<SessionRow[]> {
  const found = await db.execute<SessionRow>(sql`
    select s.id_hash, u.id as user_id, u.name, s.last_seen_at < now() - make_interval(secs => ${TOUCH_SECONDS}) as stale,
      coalesce((select json_agg(json_build_object('role', g.role, 'environmentPattern', g.environment_pattern) order by g.id)
        from grants g where g.user_id = u.id), '[]'::json) as grants
    from sessions s join users u on u.id = s.user_id
    where s.id_hash = any(${sql.param(hashes)}::text[]) and s.revoked_at is null and s.expires_at > now() and u.disabled_at is null
      and s.last_seen_at > now() - make_interval(secs => ${sessionRules().idle})`);
  return found.rows;
}

/** Whether the person behind this session proved who they are a short while ago. */
export async function provenLately(db: DbOrTx, sessionHash: string): Promise<boolean> {
  const found = await db.execute(sql`
    select 1 from sessions where id_hash = ${sessionHash}
      and authenticated_at > now() - make_interval(secs => ${sessionRules().proof})`);
  return found.rows.length > 0;
}

/** Ends one session; effective on its next request. Returns the person's id, or null when it had ended already. */
export async function revokeSession(db: DbOrTx, sessionHash: string): Promise<string | null> {
  const ended = await db
    .update(sessions)
    .set({ revokedAt: sql`now()` })
    .where(and(eq(sessions.idHash, sessionHash), isNull(sessions.revokedAt)))
    .returning({ userId: sessions.userId });
  return ended[0]?.userId ?? null;
}

/** Ends every session of a person, except one when given. Returns how many. */
export async function revokeAllSessions(db: DbOrTx, userId: string, exceptHash: string | null = null): Promise<number> {
  const ended = await db
    .update(sessions)
    .set({ revokedAt: sql`now()` })
    .where(
      and(
        eq(sessions.userId, userId),
        isNull(sessions.revokedAt),
        exceptHash === null ? undefined : sql`${sessions.idHash} <> ${exceptHash}`,
      ),
    )
    .returning({ idHash: sessions.idHash });
  return ended.length;
}

/** A person's live sessions, newest use first. The hash identifies a session; it does not open one. */
export async function listSessions(
  db: DbOrTx,
  userId: string,
  currentHash: string | null = null,
): Promise<SessionView[]> {
  const rows = await db
    .select()
    .from(sessions)
    .where(
      and(
        eq(sessions.userId, userId),
        isNull(sessions.revokedAt),
        sql`${sessions.expiresAt} > now()`,
        sql`${sessions.lastSeenAt} > now() - make_interval(secs => ${sessionRules().idle})`,
      ),
    )
    .orderBy(sql`${sessions.lastSeenAt} desc`)
    .limit(100);
  return rows.map((row) => ({
    id: row.idHash,
    createdAt: row.createdAt.toISOString(),
    lastSeenAt: row.lastSeenAt.toISOString(),
    expiresAt: row.expiresAt.toISOString(),
    ip: row.ip,
    userAgent: row.userAgent,
    isCurrent: row.idHash === currentHash,
  }));
}

/** Drops what ended more than 30 days ago: nobody looks for it any more. Returns how many. */
export async function pruneSessions(db: DbOrTx): Promise<number> {
  const gone = await db
    .delete(sessions)
    .where(
      sql`greatest(${sessions.expiresAt}, coalesce(${sessions.revokedAt}, ${sessions.expiresAt})) < now() - interval '30 days'`,
    );
  return gone.rowCount ?? 0;
}
