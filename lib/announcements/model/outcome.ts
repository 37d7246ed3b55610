/** What kept one of the two ways from being told in a pass. `skipped` and `refused` are answers, `passing` is none. */
export type Trouble =
  | { kind: 'skipped' }
  | { kind: 'refused' }
  | { kind: 'passing'; ambiguous: boolean }
  | { kind: 'limited'; seconds: number };

/** How one of the two ways, the record and the commit, stands when a pass is over. */
export interface Standing {
  /** Something of ours is there, or may be: an answer was lost. What is shown has to become true. */
  shown: boolean;
  trouble: Trouble | null;
}

export interface Outcome {
  /** `done`, `left`, `refused` and `dead` are ends. */
  state: 'open' | 'done' | 'left' | 'refused' | 'dead';
  /** Until the next try; null: not before something changes, or never. */
  seconds: number | null;
  /** Everything was said that there is to say now. */
  settled: boolean;
  /** Waiting one's turn is no failure. */
  failed: boolean;
}

export const MAX_TRIES = 10;
/** Each hour for a week, where something is shown already that is true no more. */
export const STALE_TRIES = 7 * 24;
export const HOUR_SECONDS = 3_600;
const LONGEST_SECONDS = 900;
/** So long after a lost answer the provider lists what it made. */
export const SETTLE_SECONDS = 60;

/** Seconds until the next try, or null: set aside. */
export function nextTrySeconds(tries: number, trouble: { ambiguous: boolean }): number | null {
  if (tries >= MAX_TRIES) return null;
  const wait = Math.min(LONGEST_SECONDS, 5 * 2 ** Math.max(0, tries - 1));
  return trouble.ambiguous ? Math.max(SETTLE_SECONDS, wait) : wait;
}

/**
 * Whether a row stays open, ends, or is tried again, and when. What is shown is never left saying what is true no more
 * because somebody refused: it is tried each hour for a week. `last`: after this state there is no other. `tries`: with this one.
 */
export function outcomeOf(ways: readonly Standing[], { tries, last }: { tries: number; last: boolean }): Outcome {
  const limits = ways.flatMap(({ trouble }) => (trouble?.kind === 'limited' ? trouble.seconds : []));
  if (limits.length > 0) return { state: 'open', seconds: Math.max(...limits), settled: false, failed: false };
  const waits = ways.flatMap((way) => againIn(way, tries) ?? []);
  if (waits.length > 0) return { state: 'open', seconds: Math.min(...waits), settled: false, failed: true };
  const end = { seconds: null, settled: true, failed: false };
  if (!last && !ways.every(({ trouble }) => trouble !== null)) return { ...end, state: 'open' };
  if (ways.some(isGivenUp)) return { ...end, state: 'dead' };
  if (ways.some(({ shown }) => shown)) return { ...end, state: 'done' };
  return { ...end, state: ways.some(({ trouble }) => trouble?.kind === 'refused') ? 'refused' : 'left' };
}

/** A limit is waited for whatever comes; any other wait ends when there is news. */
export const isLimited = ({ trouble }: Pick<Standing, 'trouble'>) => trouble?.kind === 'limited';

function againIn({ shown, trouble }: Standing, tries: number): number | null {
  if (trouble === null || trouble.kind === 'skipped' || trouble.kind === 'limited') return null;
  const soon = trouble.kind === 'passing' ? nextTrySeconds(tries, trouble) : null;
  return soon ?? (shown && tries < STALE_TRIES ? HOUR_SECONDS : null);
}

/** Tried as often as it may be, and what is there, or may be, is not as it should be. */
const isGivenUp = ({ shown, trouble }: Standing) => trouble?.kind === 'passing' || (shown && trouble !== null);
