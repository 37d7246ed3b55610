import type { CredentialReport, ProviderContext } from '../port';
import { installs, readRoles } from './gallery';
import { hasToken, WORKFLOW_ONLY } from './manifest';

/** When tokens for all organisations end, whatever the token itself says; it does not tell its own end. */
export const RETIRED_AT = '2026-12-01T00:00:00.000Z';

/** One cheap read: has the token's person a role at the publisher? */
export async function verifyCredential(c: ProviderContext): Promise<CredentialReport> {
  const account = c.credential.kind === 'basic' ? c.credential.username : '';
  if (!hasToken(c.credential)) {
    // Nothing to check but that it answers: the workflow signs in by itself.
    await installs(c, { publisher: 'ms-python', name: 'python' });
    return { ok: true, account: WORKFLOW_ONLY, scopes: ['read'], problems: [], expiresAt: null };
  }
  await readRoles(c, account);
  return { ok: true, account, scopes: ['publish'], problems: [], expiresAt: RETIRED_AT };
}
