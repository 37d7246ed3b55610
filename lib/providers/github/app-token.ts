import { createAppAuth } from '@octokit/auth-app';
import type { Octokit } from 'octokit';
import { z } from 'zod';
import { Secret } from '@/lib/kernel/secret';
import type { Credential } from '../port';

/** A token for an App installation. Times are epoch milliseconds. */
export interface MintedToken {
  token: Secret;
  mintedAt: number;
  expiresAt: number;
}

const tokenSchema = z.object({ token: z.string().min(1), expires_at: z.string() });
const RENEW_BEFORE_MS = 120_000;

interface MintOptions {
  known: MintedToken | null;
  /** The App itself (a signed JWT) instead of its installation; needed for `/app` routes only. */
  asApp: boolean;
  now: number;
  request: Record<string, unknown>;
}

/**
 * The installation token, renewed two minutes before its hour is over.
 * Minted here and kept per connection, because auth-app shares requests in flight by installation number alone,
 * which two hosts may have in common.
 * Source: https://docs.github.com/en/rest/apps/apps#create-an-installation-access-token-for-an-app
 */
export async function installationToken(
  octokit: Octokit,
  credential: Extract<Credential, { kind: 'app' }>,
  options: MintOptions,
): Promise<MintedToken> {
  const { known, now } = options;
  if (!options.asApp && known && known.expiresAt - now > RENEW_BEFORE_MS) return known;
  const auth = createAppAuth({ appId: credential.appId, privateKey: credential.privateKey.reveal() });
  const app = await auth({ type: 'app' });
  if (options.asApp) return { token: new Secret(app.token), mintedAt: now, expiresAt: Date.parse(app.expiresAt) };
  const answer = await octokit.request('POST /app/installations/{installation_id}/access_tokens', {
    installation_id: Number(credential.installationId),
    headers: { authorization: `bearer ${app.token}` },
    request: options.request,
  });
  const { token, expires_at } = tokenSchema.parse(answer.data);
  return { token: new Secret(token), mintedAt: now, expiresAt: Date.parse(expires_at) };
}
