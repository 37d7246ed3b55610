import { createAppAuth } from '@octokit/auth-app';
import type { Octokit } from 'octokit';
import { z } from 'zod';
import { Secret } from '@/lib/kernel/secret';
import type { Credential } from '../port';

export type AppCredential = Extract<Credential, { kind: 'app' }>;

/** A token for an App installation; `expiresAt` is epoch milliseconds. */
export interface MintedToken {
  token: Secret;
  expiresAt: number;
}

const tokenSchema = z.object({ token: z.string().min(1), expires_at: z.iso.datetime() });

/** Who the App itself is: a signed JWT of ten minutes, good for `/app` routes only. */
export async function appToken(credential: AppCredential): Promise<Secret> {
  const auth = createAppAuth({ appId: credential.appId, privateKey: credential.privateKey.reveal() });
  return new Secret((await auth({ type: 'app' })).token);
}

/**
 * A new installation token, good for an hour.
 * Minted here and kept per connection, because auth-app shares requests in flight by installation number alone,
 * which two hosts may have in common.
 * Source: https://docs.github.com/en/rest/apps/apps#create-an-installation-access-token-for-an-app
 */
export async function installationToken(
  octokit: Octokit,
  credential: AppCredential,
  fetch: typeof globalThis.fetch,
): Promise<MintedToken> {
  const answer = await octokit.request('POST /app/installations/{installation_id}/access_tokens', {
    installation_id: Number(credential.installationId),
    headers: { authorization: `bearer ${(await appToken(credential)).reveal()}` },
    request: { fetch, retries: 0 },
  });
  const { token, expires_at } = tokenSchema.parse(answer.data);
  return { token: new Secret(token), expiresAt: Date.parse(expires_at) };
}
