import type { CredentialReport, ProviderContext } from '../port';
import { call } from './client';
import { userSchema } from './schema';

/** One cheap read. A token may do what its person may do; Netlify tells neither its rights nor its end. */
export async function verifyCredential(c: ProviderContext): Promise<CredentialReport> {
  const user = await call(c, { method: 'GET', path: '/user', about: 'user of this token' }, userSchema);
  const account = user.email || user.full_name || user.id || 'unknown';
  return { ok: true, account, scopes: [], problems: [], expiresAt: null };
}
