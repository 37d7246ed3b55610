import { readBlock, UNSAID_PAUSE_MS } from '@/lib/http/quota';
import { ProviderError } from '../port';
import { errorSchema } from './schema';

export interface About {
  /** In a sentence's middle: `service default`. */
  about: string;
  project: string;
  now: number;
}

/** Every failure as a `ProviderError` with a sentence that says what to do. https://cloud.google.com/apis/design/errors */
export async function refused(response: Response, { about, project, now }: About): Promise<ProviderError> {
  const { status, headers } = response;
  if (status === 401) {
    const sentence =
      'App Engine does not take the token that was made from this key any more. If it goes on, make a new key and store it under Connections.';
    return new ProviderError('auth', 'credential_refused', sentence);
  }
  if (status === 404) {
    const sentence = `App Engine knows no ${about} in project ${project}, or this account may not see it. Check project and service in the settings.`;
    return new ProviderError('notFound', 'not_found', sentence);
  }
  if (status === 429) {
    const retryAfterMs = (readBlock(status, headers, '', now)?.until ?? now + UNSAID_PAUSE_MS) - now;
    const sentence = 'App Engine says that too much was asked of it. It goes on when the pause is over.';
    return new ProviderError('rateLimited', 'rate_limited', sentence, { retryAfterMs });
  }
  if (status >= 500) {
    const sentence = `App Engine has trouble (${status}). Check Google Cloud’s status page; try again in a moment.`;
    return new ProviderError('unavailable', 'vendor_error', sentence);
  }
  const said = errorSchema.safeParse(await response.json().catch(() => null)).data?.error;
  if (status === 403 && said?.details?.some(({ reason }) => reason === 'SERVICE_DISABLED')) {
    const sentence = `The App Engine Admin API is switched off in project ${project}. Switch it on: gcloud services enable appengine.googleapis.com --project=${project}.`;
    return new ProviderError('auth', 'api_disabled', sentence);
  }
  if (status === 403) {
    const sentence = `The account may not read the ${about} of project ${project}. Give it roles/appengine.appViewer there.`;
    return new ProviderError('auth', 'missing_permission', sentence);
  }
  const word = /^[A-Z_]{2,40}$/.test(said?.status ?? '') ? `, ${said?.status}` : '';
  const sentence = `App Engine did not accept this (${status}${word}). Check project and service in the settings.`;
  return new ProviderError('rejected', `http_${status}`, sentence);
}
