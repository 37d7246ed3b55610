import { readRetryAfterMs, UNSAID_PAUSE_MS } from '@/lib/http/quota';
import { ProviderError } from '../port';
import { errorSchema } from './schema';

/** What the server said about an expression is ours to show: it repeats the question, not data. Shortened. */
const SAID = 160;

/** Statuses: https://prometheus.io/docs/prometheus/latest/querying/api/#format-overview */
export async function refusalOf(answer: Response, host: string, now: number): Promise<ProviderError> {
  const { status, headers } = answer;
  if (status === 400 || status === 422) return badQuestion(answer, host);
  if (status === 401)
    return new ProviderError(
      'auth',
      'credential_refused',
      `${host} refuses this credential. Enter another under Connections.`,
    );
  if (status === 403)
    return new ProviderError(
      'auth',
      'missing_permission',
      `${host} does not let this credential read. Give it the right to query.`,
    );
  if (status === 404)
    return new ProviderError(
      'notFound',
      'not_found',
      `${host} has no query API at this address. Check the path of the connection’s address.`,
    );
  if (status === 429) {
    const retryAfterMs = readRetryAfterMs(headers, now) ?? UNSAID_PAUSE_MS;
    return new ProviderError('rateLimited', 'rate_limited', `${host} asks for a pause. It is asked again afterwards.`, {
      retryAfterMs,
    });
  }
  if (status === 503 && (headers.get('content-type') ?? '').includes('json'))
    return new ProviderError(
      'unavailable',
      'query_timeout',
      `${host} gave up on the question. Ask for less: a shorter window, or fewer series.`,
    );
  if (status >= 500)
    return new ProviderError('unavailable', 'vendor_error', `${host} has trouble (${status}). It is asked again.`);
  return new ProviderError('rejected', `http_${status}`, `${host} did not accept the question (${status}).`);
}

async function badQuestion(answer: Response, host: string): Promise<ProviderError> {
  const read = errorSchema.safeParse(await answer.json().catch(() => null));
  const said = read.success ? `: ${read.data.error.replace(/\s+/g, ' ').slice(0, SAID)}` : '';
  return new ProviderError(
    'rejected',
    'bad_expression',
    `${host} cannot work out this expression${said}. Mend it at the target.`,
  );
}
