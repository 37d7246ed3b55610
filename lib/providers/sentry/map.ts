import { vendorText } from '@/lib/http/vendor-text';
import { type HealthIssue, type MetricPoint, type MetricQuestion, type MetricSeries, ProviderError } from '../port';
import type { Question } from './expression';
import { manifest } from './manifest';
import type { Issue, Sessions, Timeseries } from './schema';

const { mostPoints } = manifest.capabilities.health;
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const TEXT = 200;

/** Sessions come by the hour at least, in parts of a day; spans and events as closely as a minute. */
const STEPS = {
  sessions: [1, 2, 3, 4, 6, 8, 12, 24].map((hours) => hours * HOUR),
  events: [1, 5, 10, 30, 60, 180, 720, 1_440].map((minutes) => minutes * MINUTE),
} as const;

/** The closest step that it has, not below what is wished, and long enough for the most points of one answer. */
export function stepFor({ from, to, stepMs }: MetricQuestion, { dataset }: Pick<Question, 'dataset'>): number {
  const least = Math.max(stepMs, (to - from) / mostPoints);
  const steps = STEPS[dataset === 'sessions' ? 'sessions' : 'events'];
  return steps.find((each) => each >= least) ?? 24 * HOUR;
}

/** Counts are per slot there; here they are per second, as everything that is called traffic. */
const isCount = (field: string) => /^(?:count\(|count_unique\(|failure_count\(|sum\(session\))/.test(field);
/** The time that nothing took is not zero: nothing was measured. */
const isMeasure = (field: string) => /^(?:p\d+|avg|min|max)\(/.test(field);

function inOurs(value: number | null | undefined, field: string, stepMs: number): number | null {
  if (value === null || value === undefined || !Number.isFinite(value)) return null;
  if (isCount(field)) return value / (stepMs / 1000);
  return value === 0 && isMeasure(field) ? null : value;
}

/** A point at each step; what is not given, and what is still being counted, is a gap. */
function lineOf(
  given: ReadonlyMap<number, number | null>,
  { from, to }: Pick<MetricQuestion, 'from' | 'to'>,
  stepMs: number,
): MetricSeries {
  const first = Math.ceil(from / stepMs) * stepMs;
  const points: MetricPoint[] = [];
  for (let at = first; at <= to; at += stepMs) points.push([at, given.get(at) ?? null]);
  return { points, stepMs };
}

function oneOf<T>(lines: readonly T[]): T | undefined {
  if (lines.length <= 1) return lines[0];
  const sentence = `The expression gives ${lines.length} lines; one is needed. Mend it at the target.`;
  throw new ProviderError('rejected', 'several_lines', sentence);
}

export function fromSessions(
  { intervals, groups }: Sessions,
  { field }: Question,
  window: MetricQuestion,
  { stepMs, now }: { stepMs: number; now: number },
): MetricSeries {
  const values = oneOf(groups)?.series[field] ?? [];
  const given = new Map(
    intervals.flatMap((text, index): [number, number | null][] => {
      const at = Date.parse(text);
      return at + stepMs > now ? [] : [[at, inOurs(values[index], field, stepMs)]];
    }),
  );
  return lineOf(given, window, stepMs);
}

export function fromTimeseries(
  { timeSeries }: Timeseries,
  { field }: Question,
  window: MetricQuestion,
  wishedMs: number,
): MetricSeries {
  const line = oneOf(timeSeries);
  if (line?.meta.dataScanned === 'partial')
    throw new ProviderError('unavailable', 'partial_answer', 'Sentry looked at a part of the data only. Ask for less.');
  // An interval that it does not have is replaced by one that it has, and it says which.
  const stepMs = line?.meta.interval ?? wishedMs;
  const given = new Map(
    (line?.values ?? []).map(({ timestamp, value, incomplete, sampleCount }) => [
      timestamp,
      incomplete || (isMeasure(field) && sampleCount === 0) ? null : inOurs(value, field, stepMs),
    ]),
  );
  return lineOf(given, window, stepMs);
}

/** Null for one that was seen before, or has no date. */
export function toIssue({ shortId, title, count, permalink, firstSeen }: Issue, since: number): HealthIssue | null {
  const at = Date.parse(firstSeen ?? '');
  if (!Number.isFinite(at) || at < since) return null;
  return {
    id: shortId,
    title: vendorText(title, TEXT),
    count: Number(count) || 0,
    firstSeenAt: new Date(at).toISOString(),
    // It becomes a link on our pages.
    url: /^https?:\/\//.test(permalink) ? permalink : '',
  };
}
