import { readBlock, UNSAID_PAUSE_MS } from '@/lib/http/quota';
import { ProviderError } from '../port';
import { errorSchema } from './schema';

export interface About {
  mutation: boolean;
  /** In a sentence's middle: `service backend in europe-west3`. */
  about: string;
  project: string;
  now: number;
}

/**
 * Every failure as a `ProviderError` with a sentence that says what to do. The vendor's words are read and not repeated: they
 * may name what was sent. Source: https://cloud.google.com/apis/design/errors
 */
export async function refused(response: Response, about: About): Promise<ProviderError> {
  const { status, headers } = response;
  if (status === 401) {
    const sentence =
      'Cloud Run does not take the token that was made from this key any more. If it goes on, make a new key and store it under Connections.';
    return new ProviderError('auth', 'credential_refused', sentence);
  }
  if (status === 404) {
    const sentence = `Cloud Run knows no ${about.about} of project ${about.project}, or this account may not see it. Check project, region and name in the settings.`;
    return new ProviderError('notFound', 'not_found', sentence);
  }
  if (status === 429) {
    const retryAfterMs = (readBlock(status, headers, '', about.now)?.until ?? about.now + UNSAID_PAUSE_MS) - about.now;
    const sentence = 'Cloud Run says that too much was asked of it. It goes on when the pause is over.';
    return new ProviderError('rateLimited', 'rate_limited', sentence, { retryAfterMs });
  }
  if (status >= 500) {
    const sentence = `Cloud Run has trouble (${status}). Check Google Cloud’s status page; try again in a moment.`;
    return new ProviderError('unavailable', 'vendor_error', sentence, { ambiguous: about.mutation });
  }
  const said = errorSchema.safeParse(await response.json().catch(() => null)).data?.error;
  if (status === 403) return forbidden(said, about);
  if (status === 409) {
    const sentence = `Nothing was written: the ${about.about} was changed by somebody else at this moment. Look at it again first.`;
    return new ProviderError('rejected', 'changed_meanwhile', sentence);
  }
  const word = /^[A-Z_]{2,40}$/.test(said?.status ?? '') ? `, ${said?.status}` : '';
  const sentence = `Cloud Run did not accept this (${status}${word}). Its own log of the ${about.about} says why.`;
  return new ProviderError('rejected', `http_${status}`, sentence);
}

type Said = { message?: string | undefined; details?: { reason?: string | undefined }[] | undefined } | undefined;

function forbidden(said: Said, { about, project, mutation }: About): ProviderError {
  if (said?.details?.some(({ reason }) => reason === 'SERVICE_DISABLED')) {
    const sentence = `The Cloud Run Admin API is switched off in project ${project}. Switch it on: gcloud services enable run.googleapis.com --project=${project}.`;
    return new ProviderError('auth', 'api_disabled', sentence);
  }
  if (mutation && /actAs/i.test(said?.message ?? '')) {
    const sentence = `The account may change the ${about}, but not as the account that it runs as. Give it roles/iam.serviceAccountUser on that one.`;
    return new ProviderError('auth', 'missing_permission', sentence);
  }
  const role = mutation ? 'roles/run.developer' : 'roles/run.viewer';
  const sentence = `The account may not ${mutation ? 'change' : 'read'} the ${about} of project ${project}. Give it ${role} there.`;
  return new ProviderError('auth', 'missing_permission', sentence);
}
