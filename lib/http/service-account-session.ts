import { createHash } from 'node:crypto';
import type { Secret } from '@/lib/kernel/secret';
import { type ProviderContext, ProviderError } from '@/lib/providers/port';
import { type MadeToken, type ServiceAccountKey, serviceAccountToken, type TokenWanted } from './service-account';

const MAX_SESSIONS = 200;
/** Before a token ends, so that none does under a request. */
const RENEW_BEFORE_MS = 5 * 60_000;
/** One that was refused is not asked for again at each of many reads. */
const REFUSED_MS = 30_000;

interface Kept {
  making: Promise<MadeToken>;
  since: number;
}

const sessions = new Map<string, Kept>();

function nameOf(c: ProviderContext, key: ServiceAccountKey, { url, scope }: TokenWanted): string {
  const parts = [c.connectionId, c.origin, url, scope, key.email, key.keyId, key.privateKey.reveal()];
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex');
}

/**
 * The token that is good now: made once for all of this process who need it, anew shortly before it ends, and kept nowhere
 * else. Throws `ProviderError`.
 */
export async function tokenOf(c: ProviderContext, key: ServiceAccountKey, wanted: TokenWanted): Promise<Secret> {
  const name = nameOf(c, key, wanted);
  const kept = sessions.get(name);
  if (kept && (await isGood(c, kept))) return (await kept.making).token;
  // Somebody else may have begun another one meanwhile.
  const now = sessions.get(name);
  const chosen = now && now !== kept ? now : begin(c, key, wanted);
  sessions.delete(name);
  sessions.set(name, chosen);
  const oldest = sessions.size > MAX_SESSIONS ? sessions.keys().next().value : undefined;
  if (oldest !== undefined) sessions.delete(oldest);
  return (await chosen.making).token;
}

/** It is refused where it was made for: unless it was made just now, another one may do. */
export function forgetToken(c: ProviderContext, key: ServiceAccountKey, wanted: TokenWanted): void {
  const name = nameOf(c, key, wanted);
  const kept = sessions.get(name);
  if (kept && kept.since + REFUSED_MS < c.now()) sessions.delete(name);
}

function begin(c: ProviderContext, key: ServiceAccountKey, wanted: TokenWanted): Kept {
  const making = serviceAccountToken(c, key, wanted);
  making.catch(() => undefined);
  return { making, since: c.now() };
}

/** A host in trouble, one that wants a pause, and nonsense are no word about the key: they are asked again at once. */
async function isGood(c: ProviderContext, { making, since }: Kept): Promise<boolean> {
  return await making.then(
    ({ until }) => until - Math.min(RENEW_BEFORE_MS, (until - since) / 10) > c.now() || since + REFUSED_MS > c.now(),
    (error: unknown) =>
      error instanceof ProviderError &&
      (error.kind === 'auth' || error.kind === 'rejected') &&
      since + REFUSED_MS > c.now(),
  );
}
