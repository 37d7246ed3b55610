import type { Span } from './series';
import type { VerdictAsk } from './verdict';

const MINUTE = 60_000;

type Frame = Pick<VerdictAsk, 'doneAt' | 'liveAt' | 'now' | 'followedAt' | 'elseThere' | 'rules'>;

export interface Windows {
  before: Span;
  /** As far as it has come. */
  after: Span;
  /** When the one after is over, and when it would be had nothing replaced it. */
  until: number;
  full: number;
}

/**
 * The one before ends when the provider was done, the one after begins when it was seen live and is never longer: what lies
 * between is of both versions. It ends with what replaced it.
 */
export function windowsOf({ doneAt, liveAt, now, followedAt, elseThere, rules }: Frame): Windows {
  const length = rules.windowMinutes * MINUTE;
  const drift = elseThere?.since ?? null;
  const ends = [followedAt, drift !== null && drift >= liveAt ? drift : null].filter((at) => at !== null);
  const until = Math.min(liveAt + length, ...ends);
  const to = Math.max(liveAt, Math.min(now, until));
  const done = Math.min(doneAt ?? liveAt, liveAt);
  return { before: { from: done - length, to: done }, after: { from: liveAt, to }, until, full: liveAt + length };
}
