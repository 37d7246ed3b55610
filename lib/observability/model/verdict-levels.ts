import type { Signal } from '@/lib/providers/port';
import type { Point, Span } from './series';
import { said } from './signal-words';
import type { Reading } from './verdict';
import type { VerdictRules } from './verdict-rules';

const MINUTE = 60_000;
/** An outage lasts as long as this, in all, and is seen so often at least: one probe that got lost is none. */
export const OUTAGE = { ms: 2 * MINUTE, measurements: 3 };
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

export function ruleOf(signal: Judged, rules: VerdictRules): string {
  const { errorPoints, errorTimes, latencyMs, latencyTimes, uptimePoints } = rules;
  if (signal === 'errors')
    return `Worse when it grows by ${points(errorPoints)} or more and to ${said(errorTimes)} times or more.`;
  if (signal === 'latency')
    return `Worse when the middle of the window grows by ${said(latencyMs)} ms or more and to ${said(latencyTimes)} times or more.`;
  return `Worse when it falls by ${points(uptimePoints)} or more, and was lower for two minutes or more in all.`;
}

/** Fewer measurements below the level before than make an outage; null = enough, or no uptime. */
export function blipIn(
  { signal, stepMs, reachesBackMs = 0 }: Reading,
  after: Measured,
  was: number,
  { uptimePoints }: VerdictRules,
) {
  if (signal !== 'uptime') return null;
  const lasted = lowerFor(after, was, uptimePoints, reachesBackMs / stepMs);
  const least = Math.max(OUTAGE.measurements, Math.ceil(OUTAGE.ms / stepMs));
  if (lasted >= least) return null;
  return `${lasted} of ${after.length} measurements since ${lasted === 1 ? 'was' : 'were'} lower: too few to say, from ${least} on it is worse.`;
}

/** Lower measurements, those left out of each stretch of them that only reach back to what was before it ended. */
function lowerFor(after: Measured, was: number, uptimePoints: number, reach: number): number {
  let lasted = 0;
  let stretch = 0;
  for (const each of [...after, null]) {
    // By half of the points: a level that goes to and fro a little is not lower each time.
    if (each && was - each.value > uptimePoints / 2) {
      stretch += 1;
      continue;
    }
    lasted += Math.max(0, stretch - Math.ceil(reach));
    stretch = 0;
  }
  return lasted;
}

export function unwellBy(signal: Judged, is: number): string | null {
  if (signal === 'errors' && is >= UNWELL.errorsFrom) return `${UNWELL.errorsFrom} % or more`;
  return signal === 'uptime' && is < UNWELL.uptimeBelow ? `uptime below ${UNWELL.uptimeBelow} %` : null;
}
