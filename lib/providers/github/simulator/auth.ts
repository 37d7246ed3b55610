import { OPERATOR, PEOPLE } from './history';
import { problem, type Reply } from './respond';
import type { Route } from './router';
import type { State } from './state';

export interface Caller {
  kind: 'user' | 'app' | 'installation' | 'nobody';
  login: string;
  /** What the quota is counted by. */
  key: string;
  /** `all`, or permission → `read` | `write`. */
  permissions: 'all' | Record<string, string>;
  /** Only classic and OAuth tokens have scopes. */
  scopes: string | null;
  expiresAt: number | null;
}

export const APP = { id: 402_117, slug: 'aetherstack-release', clientId: 'Iv23liAetherStack0001' };
export const INSTALLATION_ID = 61_330_208;
export const APP_PERMISSIONS: Record<string, string> = {
  actions: 'write',
  actions_variables: 'write',
  administration: 'read',
  checks: 'write',
  contents: 'write',
  deployments: 'write',
  environments: 'write',
  metadata: 'read',
  pages: 'write',
  pull_requests: 'write',
  repository_hooks: 'write',
  secrets: 'write',
  statuses: 'write',
  workflows: 'write',
};
const READONLY = {
  actions: 'read',
  checks: 'read',
  contents: 'read',
  environments: 'read',
  metadata: 'read',
  pages: 'read',
  statuses: 'read',
};
const FULL_SCOPES = 'admin:repo_hook, read:org, repo, user:email, workflow';

const nobody: Caller = { kind: 'nobody', login: '', key: 'nobody', permissions: {}, scopes: null, expiresAt: null };

/** Who calls, by the sandbox's conventions for tokens; a 401 when the credential is not good. */
export function authenticate(header: string | null, state: State, now: number): Caller | Reply {
  if (!header) return nobody;
  const token = /^(?:token|bearer)\s+(\S+)$/i.exec(header)?.[1];
  if (!token) return badCredentials();
  const user: Caller = {
    kind: 'user',
    login: OPERATOR.login,
    key: token,
    permissions: 'all',
    scopes: null,
    expiresAt: null,
  };
  if (token === 'sandbox-token') return { ...user, scopes: FULL_SCOPES };
  if (token === 'readonly-token') return { ...user, permissions: READONLY, expiresAt: now + 90 * 86_400_000 };
  const named = /^sandbox-token-([a-z]+(?:-[a-z]+)*)$/.exec(token)?.[1];
  if (named && PEOPLE.some((one) => one.login === named)) return { ...user, login: named, scopes: FULL_SCOPES };
  if (token.split('.').length === 3) return appByJwt(token, now);
  const issued = state.tokens.get(token);
  if (!issued || (issued.expiresAt !== null && issued.expiresAt <= now)) return badCredentials();
  if (issued.kind === 'oauth') return { ...user, login: issued.login, scopes: issued.scopes };
  return {
    kind: 'installation',
    login: issued.login,
    key: token,
    permissions: issued.permissions,
    scopes: null,
    expiresAt: issued.expiresAt,
  };
}

function badCredentials(): Reply {
  return problem(401, 'Bad credentials');
}

/**
 * Checks the shape and times of an app's token; the signature is not checked, since the sandbox has no public key.
 * Source: https://docs.github.com/apps/creating-github-apps/authenticating-with-a-github-app/generating-a-json-web-token-jwt-for-a-github-app
 */
function appByJwt(token: string, now: number): Caller | Reply {
  const [header, payload] = token.split('.').slice(0, 2).map(decodePart);
  if (!header || !payload || header.alg !== 'RS256') return problem(401, 'A JSON web token could not be decoded');
  const { exp, iat, iss } = payload;
  const seconds = Math.floor(now / 1000);
  if (iss === undefined || typeof exp !== 'number' || typeof iat !== 'number')
    return problem(401, 'A JSON web token could not be decoded');
  if (exp <= seconds)
    return problem(
      401,
      "'Expiration time' claim ('exp') must be a numeric value representing the future time at which the assertion expires",
    );
  if (exp > seconds + 660) return problem(401, "'Expiration time' claim ('exp') is too far in the future");
  if (iat > seconds + 60)
    return problem(
      401,
      "'Issued at' claim ('iat') must be an Integer representing the time that the assertion was issued",
    );
  return { kind: 'app', login: APP.slug, key: `app-${iss}`, permissions: {}, scopes: null, expiresAt: null };
}

function decodePart(part: string): Record<string, unknown> | null {
  try {
    const value: unknown = JSON.parse(Buffer.from(part, 'base64url').toString());
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : null;
  } catch {
    return null;
  }
}

/** A 401 or 403 when this caller may not use this route, else null. */
export function refuse(caller: Caller, route: Route): Reply | null {
  if (route.who === 'anyone') return null;
  if (caller.kind === 'nobody') return problem(401, 'Requires authentication', route.docs);
  if (route.who === 'app')
    return caller.kind === 'app' ? null : problem(401, 'A JSON web token could not be decoded', route.docs);
  if (caller.kind === 'app') return problem(401, 'Bad credentials', route.docs);
  if (route.who === 'installation' && caller.kind !== 'installation') {
    return problem(
      403,
      'You must authenticate with an installation access token in order to list repositories for an installation.',
      route.docs,
    );
  }
  return lacksPermission(caller, route);
}

function lacksPermission(caller: Caller, route: Route): Reply | null {
  const [name, level] = route.needs?.split('=') ?? [];
  if (!name || caller.permissions === 'all') return null;
  const has = caller.permissions[name];
  if (has === 'write' || (has === 'read' && level === 'read')) return null;
  const what = caller.kind === 'installation' ? 'integration' : 'personal access token';
  return {
    ...problem(403, `Resource not accessible by ${what}`, route.docs),
    headers: { 'x-accepted-github-permissions': route.needs ?? '' },
  };
}

/** Headers that tell a client about its credential. */
export function credentialHeaders(caller: Caller): Record<string, string> {
  return {
    ...(caller.scopes === null ? {} : { 'x-oauth-scopes': caller.scopes, 'x-accepted-oauth-scopes': '' }),
    ...(caller.kind === 'user' && caller.expiresAt !== null
      ? {
          'github-authentication-token-expiration': `${new Date(caller.expiresAt).toISOString().slice(0, 19).replace('T', ' ')} UTC`,
        }
      : {}),
  };
}
