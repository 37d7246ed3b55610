import { serviceAccountToken } from '@/lib/http/service-account';
import { type CredentialReport, type ProviderContext, ProviderError } from '../port';
import { call, keyOf, WANTED } from './client';
import { servicesSchema } from './schema';

/** Any will do: a role in the project counts in all of them, and the list of one is asked for by its name. */
const REGION = 'us-central1';

/**
 * Is the key taken (a token is made anew, so that one that is kept says nothing), and may the account see services of its
 * own project? A role on single services shows only where they are read.
 */
export async function verifyCredential(c: ProviderContext): Promise<CredentialReport> {
  const key = keyOf(c);
  const { until } = await serviceAccountToken(c, key, WANTED);
  const problems: string[] = [];
  const notes = [
    `Tokens are made from this key and renewed by themselves; the one of this check lasts until ${new Date(until).toISOString().slice(11, 16)} UTC. The key itself tells no end.`,
  ];
  if (key.project) {
    const path = `/v2/projects/${key.project}/locations/${REGION}/services`;
    const asked = { method: 'GET', path, query: { pageSize: '1' }, about: 'services', project: key.project } as const;
    try {
      await call(c, asked, servicesSchema);
    } catch (error) {
      if (!(error instanceof ProviderError) || (error.kind !== 'auth' && error.kind !== 'notFound')) throw error;
      if (error.code === 'credential_refused') throw error;
      problems.push(`${error.message} Nothing is wrong where its role is on single services, or in another project.`);
    }
  }
  return { ok: true, account: key.email, scopes: [], problems, expiresAt: null, notes };
}
