import { z } from 'zod';
import { type CredentialReport, type ProviderContext, ProviderError } from '../port';
import { call, keyOf } from './client';

const clustersSchema = z.object({ clusters: z.array(z.unknown()).default([]) });

/** One cheap read: the default cluster, which need not be there. A key that may not see it is known all the same. */
export async function verifyCredential(c: ProviderContext): Promise<CredentialReport> {
  const { accessKeyId, region } = keyOf(c);
  const problems: string[] = [];
  try {
    await call(c, { operation: 'DescribeClusters', input: {}, about: 'clusters' }, clustersSchema);
  } catch (error) {
    if (!(error instanceof ProviderError) || error.code !== 'missing_permission') throw error;
    problems.push(`${error.message} Nothing is wrong where its rights are on single clusters.`);
  }
  // An id of a key is no secret, and is masked wherever it stands whole.
  const account = `access key …${accessKeyId.slice(-4)} in ${region}`;
  return { ok: true, account, scopes: [], problems, expiresAt: null };
}
