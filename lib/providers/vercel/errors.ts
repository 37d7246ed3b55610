import { pauseMs } from '@/lib/http/quota';
import { vendorPhrase } from '@/lib/http/vendor-text';
import { PLAN_LIMIT, ProviderError } from '../port';
import { errorSchema } from './schema';

interface About {
  mutation: boolean;
  about: string;
  now: number;
}

/**
 * Every failure as a `ProviderError` with a sentence that says what to do.
 * Source: https://vercel.com/docs/rest-api/reference/errors
 */
export async function refused(response: Response, { mutation, about, now }: About): Promise<ProviderError> {
  const { status, headers } = response;
  const parsed = errorSchema.safeParse(await response.json().catch(() => null));
  const said = parsed.success ? parsed.data.error : null;
  if (status === 401 || (status === 403 && said?.invalidToken)) return credentialRefused();
  if (status === 403) return missingPermission(about);
  if (status === 429) {
    const retryAfterMs = pauseMs(headers, now);
    const sentence = 'Vercel says that too much was asked of it. It goes on when the pause that it named is over.';
    return new ProviderError('rateLimited', 'rate_limited', sentence, { retryAfterMs });
  }
  if (status >= 500) {
    const sentence = `Vercel has trouble (${status}). Check its status page; try again in a moment.`;
    return new ProviderError('unavailable', 'vendor_error', sentence, { ambiguous: mutation });
  }
  if (status === 404) {
    const sentence = `Vercel knows no ${about}, or this token may not see it. Check the name and the team in the target’s settings.`;
    return new ProviderError('notFound', 'not_found', sentence);
  }
  if (status === 402) {
    const sentence = `Vercel’s plan does not allow this${because(said?.message)}. Look at the team’s billing page there.`;
    return new ProviderError('rejected', PLAN_LIMIT, sentence);
  }
  const code = said && /^[a-z_]{1,60}$/.test(said.code) ? said.code : `http_${status}`;
  return new ProviderError('rejected', code, `Vercel did not accept this (${status}${because(said?.message)}).`);
}

function credentialRefused(): ProviderError {
  const sentence =
    'Vercel refuses this token: it has ended or was revoked. Make a new one and store it under Connections.';
  return new ProviderError('auth', 'credential_refused', sentence);
}

function missingPermission(about: string): ProviderError {
  const sentence = `The token may not do this with ${about}. Make one whose scope is the team that owns it, as a member who may deploy.`;
  return new ProviderError('auth', 'missing_permission', sentence);
}

function because(message: string | undefined): string {
  const clean = vendorPhrase(message ?? '');
  return clean === '' ? '' : `: ${clean}`;
}
