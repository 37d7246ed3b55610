import 'server-only';
import { cookies, headers } from 'next/headers';
import { decode } from 'next-auth/jwt';
import { cache } from 'react';
import { serverEnv } from '@/lib/env/server';
import { ServiceError } from '@/lib/kernel/errors';
import { getRuntime } from '@/lib/runtime';
import type { Actor } from './actor';
import { clientIp } from './client-ip';
import { sessionCookieName } from './cookies';
import { readSession, type UserActor } from './sessions';

export { listSessions, revokeAllSessions, revokeSession } from './sessions';

/** The opaque session id inside the cookie, or null. A forged, foreign or malformed cookie is no cookie. */
async function sessionIdFromCookie(): Promise<string | null> {
  const env = serverEnv();
  const token = (await cookies()).get(sessionCookieName(env.NEXTAUTH_URL))?.value;
  if (!token || token.length > 4_000) return null;
  try {
    const payload = await decode({ token, secret: env.NEXTAUTH_SECRET });
    return typeof payload?.sid === 'string' ? payload.sid : null;
  } catch {
    return null;
  }
}

/** Who sends this request; read from the database each time, shared only within one rendering. */
export const currentActor = cache(async (): Promise<Actor> => {
  const ip = clientIp(await headers(), serverEnv().AETHERSTACK_TRUSTED_PROXY_HOPS);
  const anonymous: Actor = { kind: 'anonymous', name: 'anonymous', ip };
  const sid = await sessionIdFromCookie();
  if (sid === null) return anonymous;
  const runtime = await getRuntime();
  return (await readSession(runtime.contextFor(anonymous).db, sid, ip)) ?? anonymous;
});

/** The signed-in person, or `ServiceError` unauthenticated. */
export async function requireActor(): Promise<UserActor> {
  const actor = await currentActor();
  if (actor.kind !== 'user')
    throw new ServiceError('unauthenticated', 'signed_out', 'You are signed out. Sign in and try again.');
  return actor;
}
