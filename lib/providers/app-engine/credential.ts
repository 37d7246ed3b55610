import { serviceAccountToken } from '@/lib/http/service-account';
import { type CredentialReport, type ProviderContext, ProviderError } from '../port';
import { keyOf, read, WANTED } from './client';
import { appSchema } from './schema';

/** Is the key taken (a token is made anew, so that one that is kept says nothing), and may the account see its project's app? */
export async function verifyCredential(c: ProviderContext): Promise<CredentialReport> {
  const key = keyOf(c);
  const { until } = await serviceAccountToken(c, key, WANTED);
  const problems: string[] = [];
  const notes = [
    `Tokens are made from this key and renewed by themselves; the one of this check lasts until ${new Date(until).toISOString().slice(11, 16)} UTC. The key itself tells no end.`,
  ];
  if (key.project) {
    try {
      await read(c, { path: `/v1/apps/${key.project}`, about: 'app', project: key.project }, appSchema);
    } catch (error) {
      if (!(error instanceof ProviderError) || (error.kind !== 'auth' && error.kind !== 'notFound')) throw error;
      if (error.code === 'credential_refused') throw error;
      problems.push(`${error.message} Nothing is wrong where its role is in another project.`);
    }
  }
  return { ok: true, account: key.email, scopes: [], problems, expiresAt: null, notes };
}
