import type { Signal } from '@/lib/providers/port';
import type { Point, Span } from './series';
import { said } from './signal-words';
import type { Reading } from './verdict';
import type { VerdictRules } from './verdict-rules';

const MINUTE = 60_000;
/** An outage lasts as long as this, in all, and is seen so often at least: one probe that got lost is none. */
export const OUTAGE = { ms: 2 * MINUTE, measurements: 3 };
/**
 * Where each value is a mean over minutes, one lost scrape is in all of them, and two together look like one long stretch: more
 * than this has to be missing, counted as if everything had been down. Three scrapes of half a minute are no more.
 */
const MISSING_MS = 90_000;
/** As bad as this is never healthy, however bad it was before: a hot fix is not sound because what it mends was not. */
const UNWELL = { errorsFrom: 20, uptimeBelow: 90 };

/** `share`: for how much of the traffic a measurement stands; 1 where all stand for the same. */
export type Measured = { at: number; value: number; share: number }[];

export const inside = (
  points: readonly Point[],
  { from, to }: Span,
  shareOf: (at: number) => number | null = () => 1,
) =>
  points.flatMap(([at, value]): Measured => {
    const share = value !== null && at >= from && at < to ? shareOf(at) : null;
    return value === null || share === null ? [] : [{ at, value, share }];
  });

/** The middle one: a single slow minute is not what is usual. */
function median(measured: Measured): number | null {
  const sorted = measured.map(({ value }) => value).sort((a, b) => a - b);
  const [low, high] = [sorted[Math.floor((sorted.length - 1) / 2)], sorted[Math.floor(sorted.length / 2)]];
  return low === undefined || high === undefined ? null : (low + high) / 2;
}

/** By the share of the traffic; of equal ones where there was none at all. */
function mean(measured: Measured): number | null {
  const all = measured.reduce((sum, { share }) => sum + share, 0);
  if (measured.length === 0) return null;
  if (all === 0) return measured.reduce((sum, { value }) => sum + value, 0) / measured.length;
  return measured.reduce((sum, { value, share }) => sum + value * share, 0) / all;
}

/** Of this version alone: values that reach back to before it was live are a mean with what was there. */
export function ownOf(after: Measured, { reachesBackMs = 0 }: Reading, { from }: Span): Measured {
  return after.filter(({ at }) => at >= from + reachesBackMs);
}

export type Judged = Exclude<Signal, 'throughput'>;

export const LEVEL: Record<Judged, (measured: Measured) => number | null> = {
  errors: mean,
  latency: median,
  uptime: mean,
};

export const WORSE: Record<Judged, (before: number, after: number, rules: VerdictRules) => boolean> = {
  errors: (before, after, { errorPoints, errorTimes }) => after - before >= errorPoints && after >= before * errorTimes,
  latency: (before, after, { latencyMs, latencyTimes }) =>
    after - before >= latencyMs && after >= before * latencyTimes,
  uptime: (before, after, { uptimePoints }) => before - after >= uptimePoints,
};

const points = (count: number) => `${said(count)} percentage point${count === 1 ? '' : 's'}`;

export function ruleOf({ signal, reachesBackMs = 0 }: Reading & { signal: Judged }, rules: VerdictRules): string {
  const { errorPoints, errorTimes, latencyMs, latencyTimes, uptimePoints } = rules;
  if (signal === 'errors')
    return `Worse when it grows by ${points(errorPoints)} or more and to ${said(errorTimes)} times or more.`;
  if (signal === 'latency')
    return `Worse when the middle of the window grows by ${said(latencyMs)} ms or more and to ${said(latencyTimes)} times or more.`;
  const beyond = reachesBackMs > 0 ? ` beyond the ${minutes(reachesBackMs)} that each value reaches back` : '';
  return `Worse when it falls by ${points(uptimePoints)} or more, and was lower for two minutes or more in all${beyond}.`;
}

const minutes = (ms: number) => `${said(ms / MINUTE)} minute${ms === MINUTE ? '' : 's'}`;

/** Fewer measurements below the level before than make an outage; null = enough, or no uptime. */
export function blipIn(
  { signal, stepMs, reachesBackMs = 0 }: Reading,
  after: Measured,
  was: number,
  { uptimePoints }: VerdictRules,
) {
  if (signal !== 'uptime') return null;
  // By half of the points: a level that goes to and fro a little is not lower each time.
  const isLower = ({ value }: Measured[number]) => was - value > uptimePoints / 2;
  const lower = after.filter(isLower);
  const counted = `${lower.length} of ${after.length} measurements since ${lower.length === 1 ? 'was' : 'were'} lower`;
  const least = Math.max(OUTAGE.measurements, Math.ceil(OUTAGE.ms / stepMs));
  const lasted = lastedFor(after.map(isLower), Math.ceil(reachesBackMs / stepMs));
  if (reachesBackMs === 0) return lasted < least ? `${counted}: too few to say, from ${least} on it is worse.` : null;
  const missingMs = lower.reduce((sum, { value }) => sum + ((was - value) / 100) * stepMs, 0);
  if (lasted >= least && missingMs > MISSING_MS) return null;
  const outage =
    lasted < least
      ? `less than ${minutes(least * stepMs)} of outage`
      : `as much as ${Math.round(missingMs / 1_000)} seconds of outage`;
  return `${counted}, and each value reaches ${minutes(reachesBackMs)} back: ${outage}, too little to say.`;
}

/** How many are lower, those left out of each stretch of them that only `reach` back to what was before it ended. */
function lastedFor(lower: readonly boolean[], reach: number): number {
  let lasted = 0;
  let stretch = 0;
  for (const each of [...lower, false]) {
    if (each) stretch += 1;
    else {
      lasted += Math.max(0, stretch - reach);
      stretch = 0;
    }
  }
  return lasted;
}

export function unwellBy(signal: Judged, is: number): string | null {
  if (signal === 'errors' && is >= UNWELL.errorsFrom) return `${UNWELL.errorsFrom} % or more`;
  return signal === 'uptime' && is < UNWELL.uptimeBelow ? `uptime below ${UNWELL.uptimeBelow} %` : null;
}
