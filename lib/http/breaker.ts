import { ProviderError } from '@/lib/providers/port';

/** Requests in a row without any answer after which nothing but a probe is sent. */
export const BREAKS_AFTER = 5;
/** One probe in this time. Milliseconds. */
export const PROBE_EVERY_MS = 5_000;

/** After so long without a request nobody knows how it stands, and the next ones are sent together. Milliseconds. */
const FORGETS_MS = 60_000;

/**
 * A connection whose provider hangs takes every place of a worker for as long as its deadlines last. After five requests
 * in a row without an answer only one each five seconds is sent, and the others fail at once; any answer ends it.
 */
export class Breaker {
  #silent = 0;
  #lastSilent = 0;
  #nextProbe = 0;

  /** Throws `ProviderError` `not_answering`, never ambiguous, where a request would not be sent now. */
  check(host: string, now: number): void {
    if (this.#isOpen(now) && !this.#isDue(now)) throw notAnswering(host);
  }

  /** The same for a request that is sent now: it is the probe. Returns how to give that place back where it did not leave. */
  admit(host: string, now: number): () => void {
    this.check(host, now);
    const before = this.#nextProbe;
    const mine = now + PROBE_EVERY_MS;
    this.#nextProbe = mine;
    return () => {
      if (this.#nextProbe === mine) this.#nextProbe = before;
    };
  }

  answered(): void {
    this.#silent = 0;
  }

  /** No answer came: the connection was refused or cut, or the deadline passed. */
  silent(now: number): void {
    this.#silent = this.#isStale(now) ? 1 : this.#silent + 1;
    this.#lastSilent = now;
    if (this.#silent === BREAKS_AFTER) this.#nextProbe = now + PROBE_EVERY_MS;
  }

  #isOpen(now: number): boolean {
    return this.#silent >= BREAKS_AFTER && !this.#isStale(now);
  }

  /** A clock that was set back must not make it wait for hours. */
  #isDue(now: number): boolean {
    return now >= this.#nextProbe || this.#nextProbe - now > PROBE_EVERY_MS;
  }

  #isStale(now: number): boolean {
    return Math.abs(now - this.#lastSilent) > FORGETS_MS;
  }
}

/** The same sentence for as long as it lasts: a new one would be news about each deployment that waits. */
function notAnswering(host: string): ProviderError {
  const every = PROBE_EVERY_MS / 1000;
  const sentence = `${host} does not answer, so this was not sent. It is tried every ${every} seconds; try again in a moment.`;
  return new ProviderError('unavailable', 'not_answering', sentence);
}
