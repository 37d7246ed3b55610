import type { CredentialReport, ProviderContext } from '../port';
import { installs, readRoles } from './gallery';
import { hasToken, WORKFLOW_ONLY } from './manifest';

/** When tokens for all organisations end. A token tells neither its own end nor for how many organisations it is. */
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
  // What works when they are over is not one of them.
  const expiresAt = c.now() < Date.parse(RETIRED_AT) ? RETIRED_AT : null;
  return { ok: true, account, scopes: ['publish'], problems: [], expiresAt };
}
