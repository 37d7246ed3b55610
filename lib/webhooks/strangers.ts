import { networkOf } from '@/lib/auth/client-ip';

/** So many deliveries with no signature that fits, at once, from one network at one process; as many again each minute. */
export const STRANGE = 60;
const MINUTE_MS = 60_000;
/** Who sent a signed delivery is heard for so long, whatever else comes from the same addresses: vendors share theirs. */
const KNOWN_MS = 60 * MINUTE_MS;
/** Beyond it the oldest are forgotten: addresses are cheap. */
const REMEMBERED = 10_000;

interface Seen {
  left: number;
  at: number;
  /** When the last signed one came; -Infinity before the first. */
  signedAt: number;
}

/** Counts what does not fit by where it comes from. Kept in the process: a flood must not become writes to the database. */
export class Strangers {
  readonly #seen = new Map<string, Seen>();

  constructor(private readonly now: () => number = () => performance.now()) {}

  /** Asked before the body is read: seconds to wait, or null. Without an address nobody is told apart, so nobody is stopped. */
  wait(ip: string | null): number | null {
    const seen = ip === null ? undefined : this.#seen.get(networkOf(ip));
    if (!seen || this.now() - seen.signedAt < KNOWN_MS) return null;
    const left = this.#filled(seen);
    return left >= 1 ? null : Math.ceil(((1 - left) * MINUTE_MS) / STRANGE / 1_000);
  }

  /** After the answer: whether its signature fitted. */
  heard(ip: string | null, signed: boolean): void {
    if (ip === null) return;
    const network = networkOf(ip);
    const seen = this.#seen.get(network) ?? { left: STRANGE, at: this.now(), signedAt: Number.NEGATIVE_INFINITY };
    const left = signed ? this.#filled(seen) : Math.max(0, this.#filled(seen) - 1);
    this.#seen.delete(network);
    this.#seen.set(network, { left, at: this.now(), signedAt: signed ? this.now() : seen.signedAt });
    const [oldest] = this.#seen.keys();
    if (this.#seen.size > REMEMBERED && oldest !== undefined) this.#seen.delete(oldest);
  }

  get size(): number {
    return this.#seen.size;
  }

  #filled({ left, at }: Seen): number {
    return Math.min(STRANGE, left + ((this.now() - at) / MINUTE_MS) * STRANGE);
  }
}
