import { catalog } from '@/lib/providers/catalog.generated';

interface Address {
  providerId: string;
  origin: string;
}

/**
 * What stands for one server of a provider, however its address was written. Its path counts: behind one host there may be
 * several, an agent each, say. Only that of the API does not, which an Enterprise server is entered with or without.
 */
export function serverOf({ providerId, origin }: Address): string {
  const url = URL.parse(origin);
  if (!url) return JSON.stringify([providerId, origin]);
  const api = Object.hasOwn(catalog, providerId) ? catalog[providerId]?.apiPath : undefined;
  const path = url.pathname.replace(/\/+$/, '');
  const before = api && path.toLowerCase().endsWith(api) ? path.slice(0, -api.length) : path;
  return JSON.stringify([providerId, url.origin, before.replace(/\/+$/, '')]);
}
