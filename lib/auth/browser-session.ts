import 'server-only';
import { cookies, headers } from 'next/headers';
import { encode } from 'next-auth/jwt';
import { serverEnv } from '@/lib/env/server';
import type { ServiceContext } from './context';
import { cookieName, cookieOptions, sessionCookieName } from './cookies';
import { sessionRules } from './session-rules';
import { type SignedIn, startSession } from './sign-in';

/** Signs the browser in whose form is being handled: the same cookie that the sign-in endpoints would set. */
export async function signInBrowser(ctx: ServiceContext, who: SignedIn, how: string): Promise<void> {
  const env = serverEnv();
  const ip = ctx.actor.kind === 'anonymous' || ctx.actor.kind === 'user' ? ctx.actor.ip : null;
  const sid = await startSession(ctx.db, who, {
    requestId: ctx.requestId,
    ip,
    userAgent: (await headers()).get('user-agent'),
    how,
    former: ctx.actor.kind === 'user' ? ctx.actor.sessionHash : null,
  });
  const token = await encode({ token: { sid }, secret: env.NEXTAUTH_SECRET, maxAge: sessionRules().absolute });
  const options = { ...cookieOptions(env.NEXTAUTH_URL), maxAge: sessionRules().absolute };
  (await cookies()).set(sessionCookieName(env.NEXTAUTH_URL), token, options);
}

/** Keeps an invitation for the way to the identity provider and back: 10 minutes, this browser only. */
export async function rememberInvitation(token: string): Promise<void> {
  const { NEXTAUTH_URL } = serverEnv();
  (await cookies()).set(cookieName(NEXTAUTH_URL, 'invitation'), token, { ...cookieOptions(NEXTAUTH_URL), maxAge: 600 });
}
