import { ProviderError } from '@/lib/providers/port';

/** The connection never stood, so nothing can have been received. */
const NEVER_SENT = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'UND_ERR_CONNECT_TIMEOUT',
  'CERT_HAS_EXPIRED',
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'SELF_SIGNED_CERT_IN_CHAIN',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
  'ERR_TLS_CERT_ALTNAME_INVALID',
]);

/** Of this machine, whoever is asked: it has no way out, or no name server. */
const OURS = new Set(['ENETUNREACH', 'ENETDOWN', 'EAI_AGAIN']);

/** A transport failure in our words; a broken write is ambiguous unless the connection never stood. */
export function networkFailure(
  error: unknown,
  about: { host: string; writing: boolean; signal: AbortSignal },
): ProviderError {
  const ambiguous = about.writing && !NEVER_SENT.has(codeOf(error));
  if (about.signal.aborted) {
    const timedOut = about.signal.reason instanceof Error && about.signal.reason.name === 'TimeoutError';
    return timedOut
      ? new ProviderError('unavailable', 'timeout', `${about.host} did not answer in time. Try again in a moment.`, {
          ambiguous,
        })
      : new ProviderError('unavailable', 'aborted', `The request to ${about.host} was given up.`, { ambiguous });
  }
  const sentence = `${about.host} cannot be reached, or cut the connection. Check its status page; try again in a moment.`;
  return new ProviderError('unavailable', OURS.has(codeOf(error)) ? 'no_network' : 'network', sentence, { ambiguous });
}

function codeOf(error: unknown): string {
  for (let at: unknown = error, depth = 0; at instanceof Error && depth < 4; at = at.cause, depth++) {
    if ('code' in at && typeof at.code === 'string') return at.code;
    if (at instanceof AggregateError && at.errors.length > 0) return codeOf(at.errors[0]);
  }
  return '';
}
