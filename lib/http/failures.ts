import { ProviderError } from '@/lib/providers/port';

/** The connection never stood, so nothing can have been received. */
const NEVER_SENT = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'UND_ERR_CONNECT_TIMEOUT',
]);

/** The certificate was refused, so nothing was sent. https://nodejs.org/docs/latest-v24.x/api/tls.html#x509-certificate-error-codes */
const CERTIFICATE: Record<string, 'untrusted' | 'name' | 'dates'> = {
  CERT_HAS_EXPIRED: 'dates',
  CERT_NOT_YET_VALID: 'dates',
  ERR_TLS_CERT_ALTNAME_INVALID: 'name',
  HOSTNAME_MISMATCH: 'name',
  DEPTH_ZERO_SELF_SIGNED_CERT: 'untrusted',
  SELF_SIGNED_CERT_IN_CHAIN: 'untrusted',
  UNABLE_TO_GET_ISSUER_CERT: 'untrusted',
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: 'untrusted',
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: 'untrusted',
  CERT_SIGNATURE_FAILURE: 'untrusted',
  CERT_CHAIN_TOO_LONG: 'untrusted',
  PATH_LENGTH_EXCEEDED: 'untrusted',
  INVALID_CA: 'untrusted',
  INVALID_PURPOSE: 'untrusted',
  CERT_UNTRUSTED: 'untrusted',
  CERT_REJECTED: 'untrusted',
  CERT_REVOKED: 'untrusted',
};

const REFUSED = {
  untrusted:
    'shows a certificate that is signed by none of the authorities that count here, so nothing was sent. Where the server is your own, enter its authority at the connection.',
  name: 'shows a certificate for another name, so nothing was sent. Use the address that the certificate is for.',
  dates:
    'shows a certificate that has expired or is not valid yet, or whose authority has, so nothing was sent. Renew it there.',
} as const;

/** Of this machine, whoever is asked: it has no way out, or no name server. */
const OURS = new Set(['ENETUNREACH', 'ENETDOWN', 'EAI_AGAIN']);

/** A transport failure in our words; a broken write is ambiguous unless the connection never stood. */
export function networkFailure(
  error: unknown,
  about: { host: string; writing: boolean; signal: AbortSignal },
): ProviderError {
  const refused = CERTIFICATE[codeOf(error)];
  if (refused) return new ProviderError('unavailable', `certificate_${refused}`, `${about.host} ${REFUSED[refused]}`);
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
