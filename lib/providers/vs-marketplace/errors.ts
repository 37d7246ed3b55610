import { pauseMs } from '@/lib/http/quota';
import { vendorPhrase } from '@/lib/http/vendor-text';
import { ProviderError } from '../port';
import { PAT_ENDS } from './manifest';
import { errorSchema } from './schema';

interface About {
  mutation: boolean;
  about: string;
  now: number;
}

/** Every failure as a `ProviderError` with a sentence that says what to do. Source: what `publish.ts` of vsce tells apart. */
export async function refused(response: Response, { mutation, about, now }: About): Promise<ProviderError> {
  const { status, headers } = response;
  if (status === 401 || status === 302 || status === 203) {
    const sentence = `The Marketplace refuses this token: it has ended, was revoked, or is of a kind that is not taken. ${PAT_ENDS}`;
    return new ProviderError('auth', 'credential_refused', sentence);
  }
  if (status === 403) {
    const sentence = `The token’s person may not do this with ${about}. They need to be a member of the publisher, and the token the scope Marketplace → Manage.`;
    return new ProviderError('auth', 'missing_permission', sentence);
  }
  if (status === 404) return new ProviderError('notFound', 'not_found', `The Marketplace knows no ${about}.`);
  if (status === 409) {
    const sentence =
      'The Marketplace has this version already. A version is never replaced: raise it, and publish that.';
    return new ProviderError('rejected', 'already_there', sentence);
  }
  if (status === 429) {
    const retryAfterMs = pauseMs(headers, now);
    const sentence = 'The Marketplace says that too much was asked of it. It goes on when its pause is over.';
    return new ProviderError('rateLimited', 'rate_limited', sentence, { retryAfterMs });
  }
  if (status >= 500) {
    const sentence = `The Marketplace has trouble (${status}). It is asked again in a moment.`;
    return new ProviderError('unavailable', 'vendor_error', sentence, { ambiguous: mutation });
  }
  const parsed = errorSchema.safeParse(await response.json().catch(() => null));
  const said = parsed.success ? vendorPhrase(parsed.data.message) : '';
  if (/already exists/i.test(said)) {
    const sentence = `The Marketplace has this version already (${said}). Raise it, and publish that.`;
    return new ProviderError('rejected', 'already_there', sentence);
  }
  const sentence = `The Marketplace did not accept this (${status}${said ? `: ${said}` : ''}).`;
  return new ProviderError('rejected', `http_${status}`, sentence);
}
