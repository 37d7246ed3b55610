import { z } from 'zod';
import { amzDate, sha256Hex, signed } from '@/lib/http/signature-v4';
import { askForToken, clockIsWrong, notAToken, notMade, type Refusal } from '@/lib/http/token-request';
import { Secret } from '@/lib/kernel/secret';
import { type ProviderContext, ProviderError } from '../port';
import type { Login, LoginKey } from './login-terms';

type AccessKey = Extract<LoginKey, { kind: 'access-key' }>;

const TARGET = 'AmazonEC2ContainerRegistry_V20150921.GetAuthorizationToken';
/** What AWS promises; `expiresAt` may be left out. */
const LONGEST_MS = 12 * 3_600_000;
const answerSchema = z.object({
  authorizationData: z
    .array(z.object({ authorizationToken: z.string().min(8).max(10_000), expiresAt: z.number().positive().optional() }))
    .min(1),
});

/**
 * A token of twelve hours for every registry that the key's owner may read. The secret signs and is sent to nobody. Throws
 * `ProviderError`. https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_GetAuthorizationToken.html
 */
export async function accessKeyLogin(c: ProviderContext, key: AccessKey): Promise<Omit<Login, 'renewAt'>> {
  const url = new URL(key.host.api);
  const body = '{}';
  const headers = { 'content-type': 'application/x-amz-json-1.1', 'x-amz-target': TARGET };
  const sent = signed(
    { method: 'POST', url, headers, payload: sha256Hex(body) },
    { region: key.host.region, service: 'ecr', accessKeyId: key.id, secretAccessKey: key.secret.reveal() },
    amzDate(new Date(c.now())),
  );
  // The transport says it by itself.
  delete sent.host;
  const said = await askForToken(c, url.href, { headers: sent, body });
  if ('refusal' in said) throw refused(said.refusal);
  const [data] = answerSchema.safeParse(said.answer).data?.authorizationData ?? [];
  const [, username, password] = /^([^:]{1,200}):(.+)$/s.exec(opened(data?.authorizationToken ?? '')) ?? [];
  if (!username || !password) throw notAToken(url.href);
  const longest = c.now() + LONGEST_MS;
  return { username, password: new Secret(password), until: Math.min((data?.expiresAt ?? Infinity) * 1000, longest) };
}

function opened(base64: string): string {
  return Buffer.from(base64, 'base64').toString('latin1');
}

/** https://docs.aws.amazon.com/AmazonECR/latest/APIReference/CommonErrors.html */
function refused(refusal: Refusal): ProviderError {
  const { host, code, words } = refusal;
  if (/expired|not yet current/i.test(words) && /Signature|RequestExpired/.test(code)) return clockIsWrong(host);
  if (code.startsWith('AccessDenied')) {
    const sentence = `${host} knows this access key, and it may not sign in at a registry. Allow its user ecr:GetAuthorizationToken on “*”, or give it AmazonEC2ContainerRegistryReadOnly.`;
    return new ProviderError('auth', 'sign_in_denied', sentence);
  }
  if (/Signature/.test(code)) {
    const sentence = `${host} knows this access key, and the secret is not its own. Paste the secret access key anew under Connections.`;
    return new ProviderError('auth', 'credential_refused', sentence);
  }
  if (
    /UnrecognizedClient|InvalidClientTokenId|MissingAuthentication|OptInRequired|NotAuthorized|ExpiredToken/.test(code)
  ) {
    const sentence = `${host} does not know this access key: it was deleted or switched off, or is of another part of AWS. Store a new one under Connections.`;
    return new ProviderError('auth', 'credential_refused', sentence);
  }
  return notMade(refusal);
}
