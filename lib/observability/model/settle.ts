import type { Verdict } from './verdict';

/** So long a change of mind has to hold before it is said: a value at the threshold goes to and fro with each look. */
export const HOLDS_MS = 2 * 60_000;

/** A look older than this says nothing of now, and between looks further apart nobody knows how it was. Looks come each 15 s. */
export const LOOK_HOLDS_MS = 60_000;

/** What stands, and what the looks found lately. Moments are epoch milliseconds. */
export interface Standing {
  /** What is said. */
  verdict: Verdict;
  /** When it was looked at last; null = never before. */
  judgedAt: number | null;
  /** It was said to be worse before. */
  wasWorse: boolean;
  found: Verdict | null;
  foundSince: number | null;
}

export interface Settled {
  verdict: Verdict;
  found: Verdict;
  foundSince: number;
}

/**
 * What is said after one more look. The first look, the last one and the first “worse” count at once: those must not wait.
 * Everything else has to be found for two minutes without a break; a gap between looks is one. Pure.
 */
export function settle(before: Standing, look: { verdict: Verdict; closed: boolean; now: number }): Settled {
  const { verdict: found, closed, now } = look;
  const unbroken = before.judgedAt !== null && now - before.judgedAt <= LOOK_HOLDS_MS;
  const foundSince = unbroken && before.found === found && before.foundSince !== null ? before.foundSince : now;
  const atOnce = closed || before.judgedAt === null || (found === 'worse' && !before.wasWorse);
  const holds = found === before.verdict || now - foundSince >= HOLDS_MS;
  return { verdict: atOnce || holds ? found : before.verdict, found, foundSince };
}
