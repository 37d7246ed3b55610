import type { ProviderError } from '@/lib/providers/port';
import { tooSoon } from './held';
import { blockedUntil, bookWrite, type HttpMemory, takeBack } from './memory';
import type { QuotaLedger } from './quota';

/** Writes in any minute, by whichever process. */
const WRITES_PER_MINUTE = 60;

/** Writes of the last minute where all processes see them. */
export interface SharedWrites {
  /** Books one, or answers how many milliseconds too early it comes; 0 = booked. */
  book(perMinute: number): Promise<number>;
  /** One that was booked did not leave. */
  takeBack(): Promise<void>;
}

export interface Clearing {
  memory: HttpMemory;
  now?: (() => number) | undefined;
  /** Writes in any minute before this side refuses; `Infinity` turns the brake off (simulated vendors). */
  writesPerMinute?: number | undefined;
  /** The minute that all processes share; without one, this process counts alone. */
  sharedWrites?: SharedWrites | undefined;
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
 * No pause was told since, somebody answers there, and the minute has room for a write. What is not sent uses up none of
 * it, nor the one probe that a silent provider is sent. Throws `ProviderError`, never ambiguous.
 */
export async function clearToSend(options: Clearing, asked: Asked): Promise<void> {
  const { host, writing } = asked;
  const { breaker } = options.memory;
  const at = (options.now ?? Date.now)();
  requireUnpaused(options, asked);
  breaker.check(host, at);
  const most = options.writesPerMinute ?? WRITES_PER_MINUTE;
  const early = writing ? bookWrite(options.memory, most, at) : null;
  if (early !== null) throw held(options, host, at + early);
  const unadmit = breaker.admit(host, at);
  if (!writing || !options.sharedWrites || most === Number.POSITIVE_INFINITY) return;
  try {
    await bookForAll(options, options.sharedWrites, asked, most);
  } catch (error) {
    takeBack(options.memory, at);
    unadmit();
    throw error;
  }
}

/** A pause may be told while the database is asked: then the write that was booked there did not leave. */
async function bookForAll(options: Clearing, shared: SharedWrites, asked: Asked, most: number): Promise<void> {
  const tooEarly = await shared.book(most);
  if (tooEarly > 0) throw held(options, asked.host, (options.now ?? Date.now)() + tooEarly);
  try {
    requireUnpaused(options, asked);
  } catch (error) {
    // Whatever the database says to that, the pause is the answer; a booking ends by itself in a minute.
    await shared.takeBack().catch(() => undefined);
    throw error;
  }
}

function requireUnpaused(options: Clearing, { host, resource }: Asked): void {
  const until = blockedUntil(options.memory, resource, (options.now ?? Date.now)());
  if (until !== null) throw held(options, host, until);
}

function held(options: Clearing, host: string, until: number): ProviderError {
  options.ledger?.count('held');
  return tooSoon(host, { until, why: 'pause' }, (options.now ?? Date.now)());
}
