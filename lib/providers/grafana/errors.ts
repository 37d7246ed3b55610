import { readRetryAfterMs, UNSAID_PAUSE_MS } from '@/lib/http/quota';
import { ProviderError } from '../port';

/** Statuses: https://grafana.com/docs/grafana/latest/developers/http_api/annotations/ */
export function refusalOf({ status, headers }: Response, host: string, now: number, writing: boolean): ProviderError {
  if (status === 401)
    return new ProviderError(
      'auth',
      'credential_refused',
      `${host} refuses this token. Enter another of a service account under Connections.`,
    );
  if (status === 403)
    return new ProviderError(
      'auth',
      'missing_permission',
      writing
        ? `${host} lets this service account write no annotation there. Give it the role Editor, or “annotations:create”.`
        : `${host} lets this service account read no annotations. Give it the role Editor, or “annotations:read”.`,
    );
  if (status === 404)
    return new ProviderError(
      'notFound',
      'not_found',
      `${host} has no such API or dashboard. Check the connection’s address, and the uid at the target.`,
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
  const sentence = `${host} did not accept the annotation (${status}). Check the dashboard’s uid at the target.`;
  return new ProviderError('rejected', `http_${status}`, sentence);
}
