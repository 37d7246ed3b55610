import type { OAuthConfig } from 'next-auth/providers/oauth';
import type { ServerEnv } from '@/lib/env/server';

/** What the sign-in page needs to draw a button. */
export interface IdentityProviderView {
  id: string;
  label: string;
}

interface GithubProfile {
  id: number;
  login: string;
  name: string | null;
}

/** Exactly what is read from the profile; the e-mail address is neither asked for nor used. */
export interface IdentityProfile {
  id: string;
  login: string;
  name: string;
}

function apiOrigin(env: ServerEnv): string {
  if (env.GITHUB_OAUTH_API) return env.GITHUB_OAUTH_API.replace(/\/+$/, '');
  return env.GITHUB_OAUTH_ORIGIN === 'https://github.com'
    ? 'https://api.github.com'
    : `${env.GITHUB_OAUTH_ORIGIN}/api/v3`;
}

/**
 * Sign-in with GitHub or a GitHub Enterprise server, when it is configured; null otherwise.
 * Source: https://docs.github.com/en/apps/oauth-apps/building-oauth-apps/authorizing-oauth-apps
 */
export function githubIdentity(env: ServerEnv): OAuthConfig<GithubProfile> | null {
  if (!env.GITHUB_OAUTH_CLIENT_ID || !env.GITHUB_OAUTH_CLIENT_SECRET) return null;
  return {
    id: 'github',
    name: 'GitHub',
    type: 'oauth',
    clientId: env.GITHUB_OAUTH_CLIENT_ID,
    clientSecret: env.GITHUB_OAUTH_CLIENT_SECRET,
    issuer: `${env.GITHUB_OAUTH_ORIGIN}/login/oauth`,
    // No scope: the public profile is all that is needed to know who it is.
    authorization: { url: `${env.GITHUB_OAUTH_ORIGIN}/login/oauth/authorize`, params: { scope: '' } },
    token: `${env.GITHUB_OAUTH_ORIGIN}/login/oauth/access_token`,
    userinfo: `${apiOrigin(env)}/user`,
    checks: ['state', 'pkce'],
    allowDangerousEmailAccountLinking: false,
    profile: (profile) => ({ id: String(profile.id), name: profile.name ?? profile.login }),
  };
}

export function identityProviders(env: ServerEnv): IdentityProviderView[] {
  const github = githubIdentity(env);
  return github ? [{ id: github.id, label: github.name }] : [];
}

/** Reads a vendor's profile defensively; null when it names nobody. */
export function readProfile(profile: unknown): IdentityProfile | null {
  if (typeof profile !== 'object' || profile === null) return null;
  const { id, login, name } = profile as Record<string, unknown>;
  if ((typeof id !== 'number' && typeof id !== 'string') || typeof login !== 'string' || !/^[\w.-]{1,100}$/.test(login))
    return null;
  return { id: String(id), login, name: typeof name === 'string' && name !== '' ? name : login };
}
