import tls from 'node:tls';

/** Who vouches for a server instead of the usual authorities. */
interface Trust {
  /** Certificates that count as authorities, also where they are no roots. PEM. */
  authorities: string;
  /** They and nobody else; otherwise the usual ones count as well. */
  alone: boolean;
}

/** What the guard of a connection hands to the transport beside the request; one that does not know it trusts nobody more. */
export type TrustingInit = RequestInit & { trust?: Trust | undefined };

/**
 * At the connection's own address its authorities alone; wherever it is sent on to (a token service, a download) the usual
 * ones as well. Nothing where it has none of its own.
 */
export function trustFor(
  connection: { origin: string; authorities?: string | null | undefined },
  url: string,
): TrustingInit | undefined {
  const { authorities, origin } = connection;
  if (!authorities) return undefined;
  return { trust: { authorities, alone: new URL(url).origin === new URL(origin).origin } };
}

/**
 * As options of a TLS connection. Name and dates of a certificate are looked at in any case; an intermediate that was named
 * counts by itself. Connections are kept apart by `ca`, so none is used under another trust.
 */
export function tlsOf(
  init: TrustingInit | undefined,
  fallback?: Trust,
): { ca?: string[]; allowPartialTrustChain?: true } {
  const trust = init?.trust ?? fallback;
  if (!trust) return {};
  // Node before 22.15 cannot tell what else it was started with.
  const usual = trust.alone ? [] : (tls.getCACertificates?.('default') ?? tls.rootCertificates);
  return { ca: [...usual, trust.authorities], allowPartialTrustChain: true };
}
