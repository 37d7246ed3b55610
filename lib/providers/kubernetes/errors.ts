import { pauseMs } from '@/lib/http/quota';
import { ProviderError } from '../port';
import { statusSchema } from './schema';

export interface About {
  mutation: boolean;
  /** In a sentence's middle: `ConfigMap backend-settings in shop`. */
  about: string;
  /** What makes it, to be typed; null where nobody makes it from outside. */
  made: string | null;
  /** What the Role has to say. */
  right: string;
  now: number;
}

/**
 * Every failure as a `ProviderError` with a sentence that says what to do. The server's own words are read and not repeated:
 * they may name what was sent. Source: https://kubernetes.io/docs/reference/kubernetes-api/common-definitions/status/
 */
export async function refused(response: Response, about: About): Promise<ProviderError> {
  const { status, headers } = response;
  if (status === 401) {
    const sentence =
      'The cluster refuses this token: it has ended, or its service account is gone. Make a new one and store it under Connections.';
    return new ProviderError('auth', 'credential_refused', sentence);
  }
  if (status === 403) {
    const sentence = `The service account may not do this with ${about.about}. Its Role needs ${about.right}.`;
    return new ProviderError('auth', 'missing_permission', sentence);
  }
  if (status === 404) {
    const how = about.made === null ? 'Check the names in the settings' : `Make it (${about.made}), or check its name`;
    return new ProviderError('notFound', 'not_found', `The cluster has no ${about.about}. ${how}.`);
  }
  if (status === 409) {
    const sentence = `Nothing was written: ${about.about} was changed by somebody else at this moment. Look at it again first.`;
    return new ProviderError('rejected', 'changed_meanwhile', sentence);
  }
  if (status === 429) {
    const retryAfterMs = pauseMs(headers, about.now);
    const sentence = 'The cluster asks for a pause. It is asked again when that is over.';
    return new ProviderError('rateLimited', 'rate_limited', sentence, { retryAfterMs });
  }
  if (status >= 500) {
    const sentence = `The cluster’s API server has trouble (${status}). Check the cluster; try again in a moment.`;
    return new ProviderError('unavailable', 'vendor_error', sentence, { ambiguous: about.mutation });
  }
  const said = statusSchema.safeParse(await response.json().catch(() => null)).data?.reason;
  const word = said && /^[A-Za-z]{2,40}$/.test(said) ? `, ${said}` : '';
  const sentence = `The cluster did not accept this for ${about.about} (${status}${word}). An admission rule or a limit there may say no.`;
  return new ProviderError('rejected', `http_${status}`, sentence);
}
