import 'server-only';
import type { AuthOptions } from 'next-auth';
import CredentialsProvider from 'next-auth/providers/credentials';
import { emitAudit } from '@/lib/audit/emit';
import type { Db } from '@/lib/db/client';
import type { ServerEnv } from '@/lib/env/server';
import { ServiceError } from '@/lib/kernel/errors';
import { describeError, log } from '@/lib/kernel/log';
import { signInInput } from '@/lib/members/model/schemas';
import { cookieName, cookieOptions } from './cookies';
import { admitIdentity } from './identity';
import { githubIdentity, readProfile } from './identity-providers';
import { safePath } from './safe-path';
import { sessionRules } from './session-rules';
import { hashSessionId, revokeSession } from './sessions';
import { auditedLogin, checkPassword, type SignedIn, startSession } from './sign-in';

/** One request to the sign-in endpoints: the options are made anew for each, so they may know who asks. */
export interface AuthRequest {
  env: ServerEnv;
  db: Db;
  requestId: string;
  ip: string | null;
  userAgent: string | null;
  /** From the cookie that an invitation link leaves for the way to the identity provider and back. */
  invitationToken: string | null;
  /** Hash of the live session that the browser comes with. */
  former: string | null;
}

async function auditRefusal(
  request: AuthRequest,
  resource: { kind: string; id: string | null },
  error: ServiceError,
): Promise<void> {
  const source = {
    actor: { kind: 'anonymous', name: 'anonymous', ip: request.ip },
    requestId: request.requestId,
  } as const;
  const entry = {
    action: 'session.sign-in',
    resource,
    outcome: 'refused',
    code: error.code,
    sentence: error.sentence,
  } as const;
  await emitAudit(request.db, source, entry).catch((auditError) =>
    log.error('a refusal could not be audited', describeError(auditError)),
  );
}

/** The code travels in the redirect to the sign-in page, which knows the sentence. */
async function refusal(
  request: AuthRequest,
  resource: { kind: string; id: string | null },
  error: unknown,
): Promise<string> {
  if (!(error instanceof ServiceError)) {
    log.error('sign-in failed', { requestId: request.requestId, ...describeError(error) });
    return 'internal';
  }
  await auditRefusal(request, resource, error);
  return error.code;
}

function passwordProvider(request: AuthRequest) {
  return CredentialsProvider({
    name: 'Password',
    credentials: { login: { label: 'Login' }, password: { label: 'Password', type: 'password' } },
    async authorize(raw) {
      const parsed = signInInput.safeParse({ login: raw?.login, password: raw?.password });
      const login = parsed.success ? parsed.data.login : '';
      try {
        if (!parsed.success)
          throw new ServiceError('unauthenticated', 'sign_in_failed', 'Login or password is missing.');
        const who = await checkPassword(request.db, { ...parsed.data, ip: request.ip });
        return { id: who.userId, name: who.name };
      } catch (error) {
        throw new Error(await refusal(request, await auditedLogin(request.db, login), error));
      }
    },
  });
}

function cookies(url: string): AuthOptions['cookies'] {
  const options = cookieOptions(url);
  const entry = (what: string, maxAge?: number) => ({
    name: cookieName(url, what),
    options: maxAge === undefined ? options : { ...options, maxAge },
  });
  return {
    sessionToken: entry('session'),
    callbackUrl: entry('callback-url'),
    csrfToken: entry('csrf'),
    pkceCodeVerifier: entry('pkce', 900),
    state: entry('state', 900),
    nonce: entry('nonce', 900),
  };
}

function callbacks(request: AuthRequest): NonNullable<AuthOptions['callbacks']> {
  // `signIn` proves who it is, `jwt` (right after it, same request) opens the session for exactly that person.
  let admitted: SignedIn | null = null;
  return {
    async signIn({ user, account, profile }) {
      if (account?.type === 'credentials') {
        admitted = { userId: user.id, name: user.name ?? '' };
        return true;
      }
      const seen = readProfile(profile);
      if (!account || !seen || seen.id !== account.providerAccountId) return '/sign-in?error=identity_unreadable';
      const { env, requestId, ip, invitationToken } = request;
      try {
        const how = { allowedLogins: env.AETHERSTACK_ALLOWED_LOGINS, invitationToken, requestId, ip };
        admitted = await admitIdentity(
          request.db,
          { provider: account.provider, accountId: seen.id, login: seen.login, name: seen.name },
          how,
        );
        return true;
      } catch (error) {
        return `/sign-in?error=${await refusal(request, { kind: 'identity', id: `${account.provider}:${seen.login}` }, error)}`;
      }
    },
    async jwt({ token, account }) {
      if (!account) return typeof token.sid === 'string' ? { sid: token.sid } : {};
      if (!admitted) throw new Error('no admitted person');
      const how = account.type === 'credentials' ? 'password' : account.provider;
      return { sid: await startSession(request.db, admitted, { ...request, how }) };
    },
    // The console reads the database instead; this endpoint tells nothing about anybody.
    session: ({ session }) => ({ expires: session.expires }),
    redirect: ({ url, baseUrl }) =>
      url === '/sign-in' || url === `${baseUrl}/sign-in` ? `${baseUrl}/sign-in` : `${baseUrl}${safePath(url, baseUrl)}`,
  };
}

/** JWT strategy, but the token holds only an opaque session id: each request re-reads the row behind it. */
export function authOptions(request: AuthRequest): AuthOptions {
  const { env } = request;
  const github = githubIdentity(env);
  return {
    secret: env.NEXTAUTH_SECRET,
    session: { strategy: 'jwt', maxAge: sessionRules().absolute },
    useSecureCookies: env.NEXTAUTH_URL.startsWith('https:'),
    cookies: cookies(env.NEXTAUTH_URL),
    pages: { signIn: '/sign-in', error: '/sign-in', signOut: '/sign-in' },
    providers: [passwordProvider(request), ...(github ? [github] : [])],
    callbacks: callbacks(request),
    events: {
      async signOut({ token }) {
        if (typeof token?.sid === 'string') await revokeSession(request.db, hashSessionId(token.sid));
      },
    },
    logger: {
      error: (code, metadata) =>
        log.error('sign-in library', {
          code,
          requestId: request.requestId,
          ...describeError('error' in metadata ? metadata.error : metadata),
        }),
      warn: (code) => log.debug('sign-in library', { code }),
      debug: () => {},
    },
  };
}
