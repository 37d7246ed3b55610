import { pauseMs } from '@/lib/http/quota';
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
 * Source: https://docs.netlify.com/api-and-cli-guides/api-guides/get-started-with-api/
 */
export async function refused(response: Response, { mutation, about, now }: About): Promise<ProviderError> {
  const { status, headers } = response;
  if (status === 401) {
    const sentence =
      'Netlify refuses this token: it has ended or was revoked. Make a new one and store it under Connections.';
    return new ProviderError('auth', 'credential_refused', sentence);
  }
  if (status === 403) {
    const sentence = `The token may not do this with ${about}. It belongs to a person: that person needs a role in the team that may deploy.`;
    return new ProviderError('auth', 'missing_permission', sentence);
  }
  if (status === 404) {
    const sentence = `Netlify knows no ${about}, or this token may not see it. Check the id or address in the target’s settings.`;
    return new ProviderError('notFound', 'not_found', sentence);
  }
  if (status === 429) {
    const retryAfterMs = pauseMs(headers, now);
    const sentence = 'Netlify says that too much was asked of it. It goes on when the pause that it named is over.';
    return new ProviderError('rateLimited', 'rate_limited', sentence, { retryAfterMs });
  }
  if (status >= 500) {
    const sentence = `Netlify has trouble (${status}). Check its status page; try again in a moment.`;
    return new ProviderError('unavailable', 'vendor_error', sentence, { ambiguous: mutation });
  }
  const parsed = errorSchema.safeParse(await response.json().catch(() => null));
  const said = parsed.success ? vendorPhrase(parsed.data.message) : '';
  return new ProviderError(
    'rejected',
    `http_${status}`,
    `Netlify did not accept this (${status}${said ? `: ${said}` : ''}).`,
  );
}
