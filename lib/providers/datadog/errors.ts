import { readRetryAfterMs, UNSAID_PAUSE_MS } from '@/lib/http/quota';
import { vendorPhrase } from '@/lib/http/vendor-text';
import { ProviderError } from '../port';
import { errorSchema } from './schema';

/** What it says of a question repeats the question; shortened. */
const SECOND = 1_000;

/** Limits are told in seconds until they end, not as a moment. https://docs.datadoghq.com/api/latest/rate-limits/ */
function pauseOf(headers: Headers, now: number): number {
  const reset = /^\d{1,6}$/.exec(headers.get('x-ratelimit-reset')?.trim() ?? '');
  return readRetryAfterMs(headers, now) ?? (reset ? Number(reset[0]) * SECOND : UNSAID_PAUSE_MS);
}

export async function refusalOf(answer: Response, host: string, now: number, writing: boolean): Promise<ProviderError> {
  const { status, headers } = answer;
  if (status === 400 || status === 422) return badQuestion(host, await saidIn(answer));
  if (status === 401)
    return new ProviderError(
      'auth',
      'credential_refused',
      `${host} refuses this credential. Enter another under Connections, and look at the site of the connection’s address.`,
    );
  if (status === 403)
    return new ProviderError(
      'auth',
      'missing_permission',
      writing
        ? `${host} lets this credential write no event. Events need an API key: enter it with an application key under Connections.`
        : `${host} refuses the keys, or their permission: “timeseries_query”, “monitors_read” and “events_read” are needed. Look at the site of the connection’s address too.`,
    );
  if (status === 404)
    return new ProviderError(
      'notFound',
      'not_found',
      `${host} has no such address. Check the connection’s address: it begins with “api.”.`,
    );
  if (status === 429)
    return new ProviderError('rateLimited', 'rate_limited', `${host} asks for a pause. It is asked again afterwards.`, {
      retryAfterMs: pauseOf(headers, now),
    });
  if (status >= 500)
    return new ProviderError('unavailable', 'vendor_error', `${host} has trouble (${status}). It is asked again.`, {
      ambiguous: writing,
    });
  return new ProviderError('rejected', `http_${status}`, `${host} did not accept what it was asked (${status}).`);
}

async function saidIn(answer: Response): Promise<string> {
  const read = errorSchema.safeParse(await answer.json().catch(() => null));
  return read.success ? (read.data.errors[0] ?? '') : '';
}

export function badQuestion(host: string, text: string): ProviderError {
  const said = text === '' ? '' : `: ${vendorPhrase(text)}`;
  return new ProviderError('rejected', 'bad_expression', `${host} cannot work this out${said}. Mend it at the target.`);
}
