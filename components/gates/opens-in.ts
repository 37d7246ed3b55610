import type { GateView } from '@/lib/gates/model/gate';

/** A clock beside the server's may be ahead. */
const AFTER_MS = 2_000;
const MOST_MS = 10 * 60_000;

/** Milliseconds until the first of the closed gates that open by themselves is worth a question; null where none does. */
export function opensInMs(gates: readonly GateView[], now: number): number | null {
  const times = gates.map(({ state, until }) => (state === 'open' ? Number.NaN : Date.parse(until ?? '')));
  const first = Math.min(...times.filter(Number.isFinite));
  return first < Infinity ? Math.min(Math.max(first - now, 0) + AFTER_MS, MOST_MS) : null;
}
