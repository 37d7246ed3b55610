import type { CredentialReport, ProviderContext } from '../port';
import { call } from './client';
import { userSchema } from './schema';

/**
 * One cheap read. Vercel does not tell what a token may do: a limited one (bound to a team by single sign-on) says only that.
 * Source: https://vercel.com/docs/rest-api/reference/endpoints/user/get-the-user
 */
export async function verifyCredential(c: ProviderContext): Promise<CredentialReport> {
  const { user } = await call(c, { method: 'GET', path: '/v2/user', about: 'user of this token' }, userSchema);
  return { ok: true, account: user.username, scopes: [], problems: [], expiresAt: null };
}
