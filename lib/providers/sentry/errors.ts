import { readRetryAfterMs, UNSAID_PAUSE_MS } from '@/lib/http/quota';
import { vendorPhrase } from '@/lib/http/vendor-text';
import { ProviderError } from '../port';
import { errorSchema } from './schema';

/** What it says of a question repeats the question; shortened. */

/** Statuses: https://docs.sentry.io/api/requests/ and https://docs.sentry.io/api/ratelimits/ */
export async function refusalOf(answer: Response, host: string, now: number, writing: boolean): Promise<ProviderError> {
  const { status, headers } = answer;
  if (status === 400) return badQuestion(answer, host);
  if (status === 401)
    return new ProviderError(
      'auth',
      'credential_refused',
      `${host} refuses this token. Enter another under Connections.`,
    );
  if (status === 403)
    return new ProviderError(
      'auth',
      'missing_permission',
      writing
        ? `${host} does not let this token write releases. Give its integration “Release: Admin”.`
        : `${host} does not let this token read this. Give its integration “Organization: Read” and “Issue & Event: Read”.`,
    );
  if (status === 404)
    return new ProviderError(
      'notFound',
      'not_found',
      `${host} knows no such organization or project, or hides it from this token. Check the organization’s slug and the region of the connection’s address.`,
    );
  if (status === 429) {
    const retryAfterMs = readRetryAfterMs(headers, now) ?? UNSAID_PAUSE_MS;
    return new ProviderError('rateLimited', 'rate_limited', `${host} asks for a pause. It is asked again afterwards.`, {
      retryAfterMs,
    });
  }
  if (status >= 500)
    return new ProviderError('unavailable', 'vendor_error', `${host} has trouble (${status}). It is asked again.`, {
      ambiguous: writing,
    });
  return new ProviderError('rejected', `http_${status}`, `${host} did not accept what it was asked (${status}).`);
}

async function badQuestion(answer: Response, host: string): Promise<ProviderError> {
  const read = errorSchema.safeParse(await answer.json().catch(() => null));
  const detail = read.success ? read.data.detail : '';
  const text = vendorPhrase(typeof detail === 'string' ? detail : detail.message);
  const said = text === '' ? '' : `: ${text}`;
  return new ProviderError('rejected', 'bad_expression', `${host} cannot work this out${said}. Mend it at the target.`);
}
