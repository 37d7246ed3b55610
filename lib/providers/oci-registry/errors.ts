import { readRetryAfterMs, UNSAID_PAUSE_MS } from '@/lib/http/quota';
import { ProviderError } from '../port';
import { errorsSchema } from './schema';

/** What a request was about, so that a failure can say so. */
export interface About {
  /** Null for the registry as a whole. */
  repository: string | null;
  reference: string | null;
}

/** An answer that is not the wanted one, as the one error that leaves this folder. Nothing of its body is repeated. */
export async function refusalOf(answer: Response, host: string, about: About, now: number): Promise<ProviderError> {
  const code = await codeOf(answer);
  const { status } = answer;
  if (status === 429 || code === 'TOOMANYREQUESTS') return tooMany(answer, host, now);
  if (status === 401 || status === 403) return notAllowed(host, about);
  if (status === 404) return notThere(host, about, code);
  if (status >= 500) {
    const sentence = `${host} has trouble (${status}). Check its status page; try again in a moment.`;
    return new ProviderError('unavailable', 'vendor_error', sentence);
  }
  if (status >= 300 && status < 400) {
    const sentence = `${host} sends on to another address that cannot be followed. Enter the registry’s final address.`;
    return new ProviderError('rejected', 'moved', sentence);
  }
  const why = code ? `, ${code}` : '';
  return new ProviderError(
    'rejected',
    'refused',
    `${host} does not accept this request (${status}${why}). Check the repository’s name.`,
  );
}

function tooMany(answer: Response, host: string, now: number): ProviderError {
  const wait = readRetryAfterMs(answer.headers, now) ?? UNSAID_PAUSE_MS;
  const at = new Date(now + wait).toISOString().slice(11, 16);
  const sentence = `${host} says that too much was asked of it. It goes on at ${at} UTC; an account with a higher pull limit helps.`;
  return new ProviderError('rateLimited', 'too_many_requests', sentence, { retryAfterMs: wait });
}

/** Signed in, and still no: registries answer so for what does not exist, too. */
export function notAllowed(host: string, { repository }: About): ProviderError {
  if (repository === null) return refusedCredential(host);
  const sentence = `${host} does not let this credential read ${repository}, or has no such repository. Check the name, and give the credential the right to pull.`;
  return new ProviderError('auth', 'missing_permission', sentence);
}

export function refusedCredential(host: string): ProviderError {
  const sentence = `${host} refuses this user name and password: it has ended, was revoked or is wrong. Store a new one under Connections.`;
  return new ProviderError('auth', 'credential_refused', sentence);
}

function notThere(host: string, { repository, reference }: About, code: string | null): ProviderError {
  if (repository === null) {
    const sentence = `${host} does not answer as a registry does: there is nothing at /v2/. Enter the registry’s own address.`;
    return new ProviderError('notFound', 'no_registry', sentence);
  }
  if (reference === null || code === 'NAME_UNKNOWN') {
    const sentence = `${host} has no repository ${repository}, or nothing was pushed to it yet. Check its name in the component’s settings.`;
    return new ProviderError('notFound', 'no_repository', sentence);
  }
  const short = reference.startsWith('sha256:') ? reference.slice(0, 19) : reference;
  const sentence = `${host} has no image ${short} in ${repository} any more. It was deleted or never pushed: choose another.`;
  return new ProviderError('notFound', 'no_image', sentence);
}

/** The first code of the answer's own list; https://github.com/opencontainers/distribution-spec/blob/main/spec.md#error-codes */
async function codeOf(answer: Response): Promise<string | null> {
  try {
    const code = errorsSchema.parse(JSON.parse(await answer.text())).errors[0]?.code ?? '';
    return /^[A-Z_]{2,40}$/.test(code) ? code : null;
  } catch {
    return null;
  }
}

/**
 * Trouble on the way to a token. The registry itself was not asked and said nothing of an image, so it holds nothing up
 * (`auth`). Only a token service that nobody confirmed stays a no: a person has to say whether it is right.
 */
export function notLetIn(error: unknown): unknown {
  const passes = ['auth', 'unavailable', 'rateLimited'];
  if (!(error instanceof ProviderError) || passes.includes(error.kind) || error.code === 'token_service_unknown')
    return error;
  return new ProviderError('auth', error.code, error.message);
}

export function notUnderstood(host: string, what: string): ProviderError {
  const sentence = `${host} answered something that is no ${what} of the distribution specification. Check the address; if it is right, please report it.`;
  return new ProviderError('protocol', 'unexpected_answer', sentence);
}
