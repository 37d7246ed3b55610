import { googleCode, googleRefusal } from '@/lib/http/google-refusal';
import { ProviderError } from '../port';

export interface About {
  /** In a sentence's middle: `service default`. */
  about: string;
  project: string;
  now: number;
}

const SERVICE = { service: 'App Engine', api: 'appengine.googleapis.com', compare: 'project and service' };

/** Every failure as a `ProviderError` with a sentence that says what to do; only reads are sent. */
export async function refused(response: Response, about: About): Promise<ProviderError> {
  const said = await googleRefusal(response, { ...SERVICE, ...about, mutation: false });
  if (said instanceof ProviderError) return said;
  const { status } = response;
  if (status === 403) {
    const sentence = `The account may not read the ${about.about} of project ${about.project}. Give it roles/appengine.appViewer there.`;
    return new ProviderError('auth', 'missing_permission', sentence);
  }
  const sentence = `App Engine did not accept this (${googleCode(status, said)}). Check project and service in the settings.`;
  return new ProviderError('rejected', `http_${status}`, sentence);
}
