import { readRetryAfterMs, UNSAID_PAUSE_MS } from '@/lib/http/quota';
import { clockIsWrong } from '@/lib/http/token-request';
import { vendorPhrase } from '@/lib/http/vendor-text';
import { ProviderError } from '../port';
import { errorSchema } from './schema';

interface Refused {
  response: Response;
  text: string;
  operation: string;
  about: string;
  now: number;
}

/**
 * Every failure as a `ProviderError` with a sentence that says what to do.
 * Source: https://docs.aws.amazon.com/AmazonECS/latest/APIReference/CommonErrors.html
 */
export function refused({ response, text, operation, about, now }: Refused): ProviderError {
  const { status, headers, url } = response;
  const { code, words } = saidIn(text);
  if (status === 429 || /Throttl|TooManyRequests/.test(code)) {
    const retryAfterMs = readRetryAfterMs(headers, now) ?? UNSAID_PAUSE_MS;
    const sentence = 'Amazon ECS says that too much was asked of it. It goes on in about a minute.';
    return new ProviderError('rateLimited', 'rate_limited', sentence, { retryAfterMs });
  }
  if (status >= 500) {
    const sentence = `Amazon ECS has trouble (${status}). Check the AWS health dashboard; try again in a moment.`;
    return new ProviderError('unavailable', 'vendor_error', sentence, { ambiguous: operation === 'UpdateService' });
  }
  return aboutKey(code, words, { operation, url }) ?? aboutWork(code, words, { status, about });
}

function saidIn(text: string): { code: string; words: string } {
  try {
    const said = errorSchema.parse(JSON.parse(text));
    return { code: (said.__type ?? '').replace(/^.*#/, ''), words: said.message ?? said.Message ?? '' };
  } catch {
    return { code: '', words: '' };
  }
}

const UNKNOWN = /UnrecognizedClient|InvalidClientTokenId|MissingAuthentication|OptInRequired|ExpiredToken/;

function aboutKey(
  code: string,
  words: string,
  { operation, url }: { operation: string; url: string },
): ProviderError | null {
  const host = URL.parse(url)?.host ?? 'Amazon ECS';
  if (/expired|not yet current/i.test(words) && /Signature|RequestExpired/.test(code)) return clockIsWrong(host);
  if (/AccessDenied|NotAuthorized/.test(code)) {
    const right = /iam:PassRole/.test(words) ? 'iam:PassRole for the roles of its tasks' : `ecs:${operation}`;
    const sentence = `This access key may not do that. Allow its user ${right}; the whole policy stands in the form of the connection.`;
    return new ProviderError('auth', 'missing_permission', sentence);
  }
  if (/Signature/.test(code)) {
    const sentence =
      'AWS knows this access key, and the secret is not its own. Paste the secret access key anew under Connections.';
    return new ProviderError('auth', 'credential_refused', sentence);
  }
  if (!UNKNOWN.test(code)) return null;
  const sentence =
    'AWS does not know this access key: it was deleted or switched off, or is of another part of AWS. Store a new one under Connections.';
  return new ProviderError('auth', 'credential_refused', sentence);
}

function aboutWork(code: string, words: string, { status, about }: { status: number; about: string }): ProviderError {
  if (/^(Cluster|Service)NotFound|^ServiceNotActive/.test(code) || /Unable to describe task definition/i.test(words)) {
    const sentence = `Amazon ECS knows no ${about} in this region. Check the names in the target’s settings, and the region in the connection’s address.`;
    return new ProviderError('notFound', 'not_found', sentence);
  }
  const said = [code, vendorPhrase(words)].filter(Boolean).join(': ');
  const sentence = `Amazon ECS did not accept this (${status}${said ? `, ${said}` : ''}).`;
  return new ProviderError('rejected', `http_${status}`, sentence);
}
