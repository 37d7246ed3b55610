import 'server-only';
import { headers } from 'next/headers';
import { clientIp } from '@/lib/auth/client-ip';
import { serverEnv } from '@/lib/env/server';
import { newId } from '@/lib/kernel/ids';
import type { OriginFacts } from './origin';

/** What a request says about itself; nothing here is proof of identity. */
export interface RequestFacts extends OriginFacts {
  requestId: string;
  ip: string | null;
}

/** One id per request, however often it is asked for: Next hands out one headers object per request. */
const known = new WeakMap<object, RequestFacts>();

/** The facts of the request that is being served (Server Component, Server Action or route handler). */
export async function currentRequest(): Promise<RequestFacts> {
  const all = await headers();
  const before = known.get(all);
  if (before) return before;
  const facts = factsOf(all, serverEnv().AETHERSTACK_TRUSTED_PROXY_HOPS);
  known.set(all, facts);
  return facts;
}

/** The same from a request's own headers. */
export function factsOf(headers: { get(name: string): string | null }, trustedHops: number): RequestFacts {
  return {
    requestId: newId('req'),
    origin: headers.get('origin'),
    secFetchSite: headers.get('sec-fetch-site'),
    ip: clientIp(headers, trustedHops),
  };
}
