import type { Point, Span, Unit } from './series';

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** No narrower span is read: measurements are half a minute apart at least. */
export const NARROWEST_MS = 10 * MINUTE;

const TIME_STEPS = [
  ...[MINUTE, 5 * MINUTE, 15 * MINUTE, HOUR, 3 * HOUR, 6 * HOUR, 12 * HOUR],
  ...[DAY, 2 * DAY, 7 * DAY, 14 * DAY, 30 * DAY],
];
const LENGTH_STEPS = [
  ...[1, 2, 5, 10, 20, 50, 100, 200, 500],
  ...[1, 2, 5, 10, 15, 30].map((n) => n * SECOND),
  ...[1, 2, 5, 10, 15, 30].map((n) => n * MINUTE),
  ...[1, 2, 3, 6, 12].map((n) => n * HOUR),
  ...[1, 2, 7, 14, 30].map((n) => n * DAY),
];

/** The ends as an address names them, in epoch milliseconds; null where one is missing or says no moment. */
export function spanNamed(from: string | null | undefined, to: string | null | undefined): Span | null {
  const span = { from: Date.parse(from ?? ''), to: Date.parse(to ?? '') };
  return span.to > span.from ? span : null;
}

/** At most `most` moments on whole hours and days of UTC. */
export function timeTicks({ from, to }: Span, most: number): number[] {
  const step = TIME_STEPS.find((each) => (to - from) / each <= most) ?? Math.ceil((to - from) / most / DAY) * DAY;
  const ticks: number[] = [];
  for (let at = Math.ceil(from / step) * step; at < to; at += step) ticks.push(at);
  return ticks;
}

/** What an axis has to hold, both in the unit of its chart. */
export interface Extent {
  least: number;
  greatest: number;
}

/** The values of an axis, in steps that people read: from 0 to what is not below the greatest. Two lines of percent differ. */
export function valueTicks({ least, greatest }: Extent, unit: Unit, line?: string): number[] {
  if (line === 'success') return [0, 25, 50, 75, 100];
  // Nines are read from the top: what is missing is drawn, and not what is there.
  if (line === 'uptime')
    return stepsTo(cleared(100 - Math.min(least, 100)), unit)
      .map((each) => cleared(100 - each))
      .reverse();
  return stepsTo(greatest, unit);
}

function stepsTo(greatest: number, unit: Unit): number[] {
  const step = unit === 'ms' ? lengthStep(greatest || SECOND) : roundStep(greatest || 1, unit);
  const count = Math.max(1, Math.ceil(cleared(greatest / step)));
  return Array.from({ length: count + 1 }, (_, at) => cleared(at * step));
}

/** Without the dust of binary fractions: 0.3 and not 0.30000000000000004. */
const cleared = (value: number) => Number(value.toPrecision(12));

function lengthStep(greatest: number): number {
  return LENGTH_STEPS.find((each) => greatest / each <= 4) ?? Math.ceil(greatest / 4 / (30 * DAY)) * 30 * DAY;
}

/** 1, 2 or 5 times a power of ten, and no finer than a label says: hundredths, of counts whole ones. */
function roundStep(greatest: number, unit: Unit): number {
  const rough = Math.max(greatest, unit === 'count' ? 4 : 0.04) / 4;
  const power = 10 ** Math.floor(Math.log10(rough));
  return ([1, 2, 5, 10].find((each) => each * power >= rough) ?? 10) * power;
}

/** `14 Nov`, or `14:00` where the ticks are less than a day apart; a day's first hour is its date. UTC. */
export function timeLabel(at: number, ticks: readonly number[]): string {
  const date = new Date(at);
  const apart = (ticks[1] ?? Number.POSITIVE_INFINITY) - (ticks[0] ?? 0);
  const hours = apart < DAY && date.getUTCHours() + date.getUTCMinutes() > 0;
  if (hours) return date.toISOString().slice(11, 16);
  return `${date.getUTCDate()} ${date.toLocaleString('en', { month: 'short', timeZone: 'UTC' })}`;
}

/** The half of the span that has `middle` in it, or the span twice as wide; never beyond `whole`, never narrower than is read. */
export function zoomed(span: Span, whole: Span, middle: number, way: 'in' | 'out'): Span {
  const width = Math.min(
    whole.to - whole.from,
    Math.max(NARROWEST_MS, (span.to - span.from) * (way === 'in' ? 0.5 : 2)),
  );
  return moved({ from: middle - width / 2, to: middle + width / 2 }, whole);
}

/** The same width, pushed back into the whole. */
export function moved({ from, to }: Span, whole: Span): Span {
  const width = Math.min(to - from, whole.to - whole.from);
  const start = Math.min(Math.max(from, whole.from), whole.to - width);
  return { from: start, to: start + width };
}

/** Where the point nearest to a moment stands; -1 among none. Points are in the order of time. */
export function nearest(points: readonly Point[], at: number): number {
  let best = -1;
  for (const [index, point] of points.entries()) {
    const known = points[best];
    if (!known || Math.abs(point[0] - at) < Math.abs(known[0] - at)) best = index;
  }
  return best;
}
