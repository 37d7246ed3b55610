import { type GoogleStatus, googleCode, googleRefusal } from '@/lib/http/google-refusal';
import { ProviderError } from '../port';

export interface About {
  mutation: boolean;
  /** In a sentence's middle: `service backend in europe-west3`. */
  about: string;
  project: string;
  now: number;
}

const SERVICE = { service: 'Cloud Run', api: 'run.googleapis.com', compare: 'project, region and name' };

/** Every failure as a `ProviderError` with a sentence that says what to do. */
export async function refused(response: Response, about: About): Promise<ProviderError> {
  const said = await googleRefusal(response, { ...SERVICE, ...about });
  if (said instanceof ProviderError) return said;
  const { status } = response;
  if (status === 403) return forbidden(said, about);
  if (status === 409) {
    const sentence = `Nothing was written: the ${about.about} was changed by somebody else at this moment. Look at it again first.`;
    return new ProviderError('rejected', 'changed_meanwhile', sentence);
  }
  const sentence = `Cloud Run did not accept this (${googleCode(status, said)}). Its own log of the ${about.about} says why.`;
  return new ProviderError('rejected', `http_${status}`, sentence);
}

function forbidden({ message = '' }: GoogleStatus, { about, project, mutation }: About): ProviderError {
  if (mutation && /actAs/i.test(message)) {
    const sentence = `The account may change the ${about}, but not as the account that it runs as. Give it roles/iam.serviceAccountUser on that one.`;
    return new ProviderError('auth', 'missing_permission', sentence);
  }
  const role = mutation ? 'roles/run.developer' : 'roles/run.viewer';
  const sentence = `The account may not ${mutation ? 'change' : 'read'} the ${about} of project ${project}. Give it ${role} there.`;
  return new ProviderError('auth', 'missing_permission', sentence);
}
