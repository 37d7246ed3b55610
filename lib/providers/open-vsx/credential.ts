import { type CredentialReport, type ProviderContext, ProviderError } from '../port';
import { isOwned, verifyToken } from './gallery';

/** One cheap read: may this token publish under the namespace? A name that is not there yet is no fault of the token's. */
export async function verifyCredential(c: ProviderContext): Promise<CredentialReport> {
  const account = c.credential.kind === 'basic' ? c.credential.username : '';
  const report = { ok: true, account, scopes: ['publish'], problems: [] as string[], expiresAt: null };
  try {
    await verifyToken(c, account);
  } catch (error) {
    if (!(error instanceof ProviderError) || error.kind !== 'notFound') throw error;
    return { ...report, account: `${account} (no such namespace yet)`, scopes: [] };
  }
  if (await isOwned(c, account)) return report;
  return { ...report, account: `${account} (no owner: anybody may ask for it)` };
}
