import { type ProviderContext, ProviderError } from '../port';
import { readChallenge } from './challenge';
import { type About, refusalOf, refusedCredential } from './errors';
import { forgetLogin } from './login';
import { authorization, sessionOf } from './session';

export interface Call {
  method?: 'GET' | 'HEAD';
  /** Below the registry's address, from `/v2/` on. */
  path: string;
  accept?: string;
  about: About;
}

/** The right to pull, of one repository; https://distribution.github.io/distribution/spec/auth/scope/ */
function scopeOf({ repository }: About): string | null {
  return repository === null ? null : `repository:${repository}:pull`;
}

/**
 * One read, signed in the way that the registry asks for. How it asks is learnt from its first 401 and remembered; a
 * token that it does not take any more is made anew once. Throws `ProviderError` for anything but a success.
 */
export async function read(c: ProviderContext, call: Call): Promise<Response> {
  const session = sessionOf(c);
  const scope = scopeOf(call.about);
  const first = await send(c, call, session.challenge ? await authorization(c, session, scope, call.about) : null);
  if (first.status !== 401) return required(c, call, first);
  const challenge = readChallenge(first.headers.get('www-authenticate'));
  if (!challenge) throw withoutChallenge(c);
  session.challenge = challenge;
  session.tokens.delete(scope ?? '');
  forgetLogin(session, c.now());
  const second = await send(c, call, await authorization(c, session, scope, call.about));
  if (second.status === 401 && challenge.scheme === 'basic') await requireSignedIn(c);
  return required(c, call, second);
}

/** No to a repository may be no to whoever asks: the registry as a whole says which. */
async function requireSignedIn(c: ProviderContext): Promise<void> {
  const about = { repository: null, reference: null };
  const answer = await send(c, { path: '/v2/', about }, await authorization(c, sessionOf(c), null, about));
  if (answer.status === 401) throw refusedCredential(hostOf(c));
}

function send(
  c: ProviderContext,
  { method = 'GET', path, accept }: Call,
  authorized: string | null,
): Promise<Response> {
  const headers = new Headers({ accept: accept ?? 'application/json' });
  if (authorized) headers.set('authorization', authorized);
  return c.fetch(`${c.origin}${path}`, { method, headers, ...(c.signal ? { signal: c.signal } : {}) });
}

async function required(c: ProviderContext, call: Call, answer: Response): Promise<Response> {
  if (answer.ok) return answer;
  throw await refusalOf(answer, hostOf(c), call.about, c.now());
}

function withoutChallenge(c: ProviderContext): ProviderError {
  const sentence = `${hostOf(c)} does not say how to sign in, as a registry does. Check the address.`;
  return new ProviderError('protocol', 'no_challenge', sentence);
}

export function hostOf(c: ProviderContext): string {
  return new URL(c.origin).host;
}
