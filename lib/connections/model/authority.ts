/** One certificate that vouches for a connection's server, as people compare it. Nothing of it is secret. */
export interface AuthorityView {
  /** Its common name, or the nearest to one that it has; one line of at most 80 characters. */
  subject: string;
  /** ISO 8601 in UTC; left out of what was entered before it was kept. */
  validFrom?: string;
  /** ISO 8601 in UTC. */
  expiresAt: string;
  /** SHA-256 of the certificate, as `openssl x509 -fingerprint -sha256` writes it. */
  fingerprint: string;
}

/** Characters of the pasted text. A bundle of thirty is less. */
export const MAX_AUTHORITIES_TEXT = 65_536;
/** More than a server of one's own needs: a whole store of public ones does not belong here. */
export const MAX_AUTHORITIES = 30;

/** `Acme Root (until 2036-01-31), Acme Old (until 2027-02-01)`. */
export function authoritiesInWords(authorities: readonly Pick<AuthorityView, 'subject' | 'expiresAt'>[]): string {
  return authorities.map(({ subject, expiresAt }) => `${subject} (until ${expiresAt.slice(0, 10)})`).join(', ');
}
