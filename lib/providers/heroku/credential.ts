import type { CredentialReport, ProviderContext } from '../port';
import { call } from './client';
import { accountSchema, poolSchema } from './schema';

/**
 * Two cheap reads, of which the second is free: whose token it is, and how many requests that account has left.
 * Neither its scopes nor its end are told.
 */
export async function verifyCredential(c: ProviderContext): Promise<CredentialReport> {
  const about = 'account of this token';
  const { email } = await call(c, { method: 'GET', path: '/account', about }, accountSchema);
  const { remaining } = await call(c, { method: 'GET', path: '/account/rate-limits', about }, poolSchema);
  const left = `This account may ask ${remaining} times more now; about 75 a minute are added, up to 4,500.`;
  return { ok: true, account: email, scopes: [], problems: [], expiresAt: null, notes: [left] };
}
