import type { ProviderError } from '@/lib/providers/port';
import { tooSoon } from './held';
import { blockedUntil, bookWrite, type HttpMemory, takeBack } from './memory';
import type { QuotaLedger } from './quota';

/** Writes in any minute, by whichever process. */
const WRITES_PER_MINUTE = 60;

export interface Clearing {
  memory: HttpMemory;
  now?: (() => number) | undefined;
  /** Writes in any minute before this side refuses; `Infinity` turns the brake off (simulated vendors). */
  writesPerMinute?: number | undefined;
  /** Books a write where all processes see it, or answers how many milliseconds too early it comes; 0 = booked. */
  bookShared?: ((perMinute: number) => Promise<number>) | undefined;
  ledger?: Pick<QuotaLedger, 'count'> | undefined;
}

interface Asked {
  host: string;
  /** The quota that it draws on. */
  resource: string;
  writing: boolean;
}

/**
 * The last look before a request leaves: while it waited for the database or behind others, these may have been answered.
 * No pause was told since, somebody answers there, and the minute has room for a write; what is not sent uses up none of
 * it. Throws `ProviderError`, never ambiguous.
 */
export async function clearToSend(options: Clearing, asked: Asked): Promise<void> {
  const { host, writing } = asked;
  const now = options.now ?? Date.now;
  const { breaker } = options.memory;
  requireUnpaused(options, asked);
  breaker.check(host, now());
  const most = options.writesPerMinute ?? WRITES_PER_MINUTE;
  const early = writing ? bookWrite(options.memory, most, now()) : null;
  if (early !== null) throw held(options, host, now() + early);
  breaker.admit(host, now());
  if (!writing || !options.bookShared || most === Number.POSITIVE_INFINITY) return;
  const tooEarly = await options.bookShared(most);
  if (tooEarly > 0) {
    takeBack(options.memory);
    throw held(options, host, now() + tooEarly);
  }
  requireUnpaused(options, asked);
}

function requireUnpaused(options: Clearing, { host, resource }: Asked): void {
  const until = blockedUntil(options.memory, resource, (options.now ?? Date.now)());
  if (until !== null) throw held(options, host, until);
}

function held(options: Clearing, host: string, until: number): ProviderError {
  options.ledger?.count('held');
  return tooSoon(host, { until, why: 'pause' }, (options.now ?? Date.now)());
}
