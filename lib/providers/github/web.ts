import type { ProviderContext } from '../port';

/** Enterprise Cloud with data residency has its API at `api.<name>.ghe.com`, as github.com has. */
const API_OF = /^api\.(github\.com|[^.]+\.ghe\.com)$/;

/** Where people look: github.com, `<name>.ghe.com`, or the Enterprise server itself. Without a path and a slash. */
export function webOf(c: Pick<ProviderContext, 'origin'>): string {
  const { origin, hostname } = new URL(c.origin);
  const [, host] = API_OF.exec(hostname) ?? [];
  return host ? `https://${host}` : origin;
}
