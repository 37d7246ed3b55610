import { readRetryAfterMs, UNSAID_PAUSE_MS } from '@/lib/http/quota';
import { vendorPhrase } from '@/lib/http/vendor-text';
import { ProviderError } from '../port';
import { errorSchema } from './schema';

interface About {
  mutation: boolean;
  about: string;
  now: number;
}

/**
 * Every failure as a `ProviderError` with a sentence that says what to do.
 * Source: https://devcenter.heroku.com/articles/platform-api-reference#errors
 */
export async function refused(response: Response, { mutation, about, now }: About): Promise<ProviderError> {
  const { status, headers } = response;
  if (status === 401) {
    const sentence =
      'Heroku refuses this token: it has ended or was revoked. Make a new one and store it under Connections.';
    return new ProviderError('auth', 'credential_refused', sentence);
  }
  if (status === 403) {
    const sentence = mutation
      ? `The token may not write config vars of ${about}. It needs the scope write-protected, and its account the right to operate that app.`
      : `The token may not read this of ${about}. It needs the scopes identity and read-protected, and its account access to that app.`;
    return new ProviderError('auth', 'missing_permission', sentence);
  }
  if (status === 404) {
    const sentence = `Heroku knows no ${about}, or this token’s account may not see it. Check its name in the target’s settings.`;
    return new ProviderError('notFound', 'not_found', sentence);
  }
  if (status === 429) {
    // It names no end: the account’s pool fills by about 75 requests a minute.
    const retryAfterMs = readRetryAfterMs(headers, now) ?? UNSAID_PAUSE_MS;
    const sentence = 'Heroku says that this account has asked for too much. It goes on in about a minute.';
    return new ProviderError('rateLimited', 'rate_limited', sentence, { retryAfterMs });
  }
  if (status >= 500) {
    const sentence = `Heroku has trouble (${status}). Check its status page; try again in a moment.`;
    return new ProviderError('unavailable', 'vendor_error', sentence, { ambiguous: mutation });
  }
  return said(status, await response.json().catch(() => null));
}

function said(status: number, body: unknown): ProviderError {
  const parsed = errorSchema.safeParse(body);
  const text = parsed.success ? vendorPhrase(parsed.data.message) : '';
  if (/attachment/i.test(text)) {
    const sentence = `An add-on sets this name, so Heroku lets nobody else change it (${text}). Detach the add-on, or write another name.`;
    return new ProviderError('rejected', 'set_by_addon', sentence);
  }
  const sentence = `Heroku did not accept this (${status}${text ? `: ${text}` : ''}).`;
  return new ProviderError('rejected', `http_${status}`, sentence);
}
