import { createHash } from 'node:crypto';
import { eq } from 'drizzle-orm';
import { emitAudit } from '@/lib/audit/emit';
import type { Db } from '@/lib/db/client';
import { users } from '@/lib/db/schema';
import { ServiceError } from '@/lib/kernel/errors';
import { perMinute, requireToken, returnToken } from '@/lib/pipeline/rate-limit';
import { verifyPassword } from './password';
import { createSession, hashSessionId } from './sessions';

/** Attempts per minute and address, and per minute and login; a successful one costs nothing. */
export const SIGN_IN_LIMIT = perMinute(10);

export interface SignedIn {
  userId: string;
  name: string;
}

async function inTurn<T>(keys: string[], work: (key: string) => Promise<T>): Promise<void> {
  for (const key of keys) await work(key);
}

/**
 * Who this login and password are. The same answer, after the same time, for an unknown login, a wrong password and a
 * disabled person. Throws `ServiceError` `rate_limited` or `sign_in_failed`; the caller's edge audits it.
 */
export async function checkPassword(
  db: Db,
  attempt: { login: string; password: string; ip: string | null },
): Promise<SignedIn> {
  const login = attempt.login.trim().toLowerCase().slice(0, 200);
  const digest = createHash('sha256').update(login).digest('hex').slice(0, 32);
  const keys = [`login:ip:${attempt.ip ?? 'unknown'}`, `login:name:${digest}`];
  await inTurn(keys, (key) => requireToken(db, key, SIGN_IN_LIMIT));
  const [user] = await db
    .select()
    .from(users)
    .where(eq(users.login, login.replaceAll('\u0000', '')));
  const fits = await verifyPassword(user?.passwordHash ?? null, attempt.password);
  if (!user || !fits || user.disabledAt !== null) {
    throw new ServiceError(
      'unauthenticated',
      'sign_in_failed',
      'Login or password is wrong. Check both; an administrator can send you a new link.',
    );
  }
  await inTurn(keys, (key) => returnToken(db, key, SIGN_IN_LIMIT));
  return { userId: user.id, name: user.name };
}

/** Whom an attempt is about, for the audit log. What was typed is not kept: people type passwords into login fields. */
export async function auditedLogin(db: Db, login: string): Promise<{ kind: 'member'; id: string | null }> {
  const [user] = await db
    .select({ id: users.id })
    .from(users)
    .where(eq(users.login, login.trim().toLowerCase().replaceAll('\u0000', '')));
  return { kind: 'member', id: user?.id ?? null };
}

/** Starts the session of somebody whose identity was just proven, and says so in the audit log. Returns the opaque id. */
export async function startSession(
  db: Db,
  who: SignedIn,
  from: { requestId: string; ip: string | null; userAgent: string | null; how: string },
): Promise<string> {
  return await db.transaction(async (tx) => {
    const sid = await createSession(tx, { userId: who.userId, ip: from.ip, userAgent: from.userAgent });
    const actor = {
      kind: 'user',
      id: who.userId,
      name: who.name,
      grants: [],
      sessionHash: hashSessionId(sid),
      ip: from.ip,
    } as const;
    await emitAudit(
      tx,
      { actor: { ...actor, grants: [] }, requestId: from.requestId },
      {
        action: 'session.sign-in',
        resource: { kind: 'member', id: who.userId },
        outcome: 'done',
        sentence: `${who.name} signed in (${from.how}).`,
      },
    );
    return sid;
  });
}
