import { createHash } from 'node:crypto';
import { eq } from 'drizzle-orm';
import { emitAudit } from '@/lib/audit/emit';
import type { Db } from '@/lib/db/client';
import { users } from '@/lib/db/schema';
import { ServiceError } from '@/lib/kernel/errors';
import { perMinute, type RateRule, requireToken, returnToken } from '@/lib/pipeline/rate-limit';
import { networkOf } from './client-ip';
import { verifyPassword } from './password';
import { createSession, hashSessionId, revokeSession } from './sessions';

/**
 * Wrong attempts: few for one login from one network, so that a stranger who knows a login locks out nobody but himself;
 * more for one network; far more for one login from everywhere. A successful one costs nothing.
 */
export const SIGN_IN_LIMIT = perMinute(10);
const NETWORK_LIMIT = perMinute(30);
const LOGIN_LIMIT = perMinute(100);

export interface SignedIn {
  userId: string;
  name: string;
}

type Bucket = [key: string, rule: RateRule];

async function inTurn<T>(buckets: Bucket[], work: (...bucket: Bucket) => Promise<T>): Promise<void> {
  for (const bucket of buckets) await work(...bucket);
}

function bucketsOf(login: string, ip: string | null): Bucket[] {
  const digest = createHash('sha256').update(login).digest('hex').slice(0, 32);
  const network = networkOf(ip);
  // The narrow one first: attempts that it turns away do not use up the wide one, which everybody shares.
  return [
    [`login:from:${network}:${digest}`, SIGN_IN_LIMIT],
    [`login:ip:${network}`, NETWORK_LIMIT],
    [`login:name:${digest}`, LOGIN_LIMIT],
  ];
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
  const buckets = bucketsOf(login, attempt.ip);
  await inTurn(buckets, (key, rule) => requireToken(db, key, rule));
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
  await inTurn(buckets, (key, rule) => returnToken(db, key, rule));
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
  from: {
    requestId: string;
    ip: string | null;
    userAgent: string | null;
    how: string;
    /** Hash of the session that the browser came with: this one takes its place. */
    former: string | null;
  },
): Promise<string> {
  return await db.transaction(async (tx) => {
    if (from.former !== null) await revokeSession(tx, from.former);
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
