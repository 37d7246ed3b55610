import type { Judged, Metric } from './dora';
import type { Span } from './series';

/** `value` null = nothing to count from, which is neither good nor bad. Durations are milliseconds, rates percent. */
export interface Figures {
  /** `activeDays`: of the span's days, counted from its beginning, those on which something went live. */
  frequency: { value: number; count: number; days: number; activeDays: number };
  lead_time: { value: number | null; p90: number | null; known: number; unknown: number };
  failure_rate: { value: number | null; failed: number; of: number };
  recovery_time: { value: number | null; p90: number | null; recovered: number; open: number };
  rework_rate: { value: number | null; rework: number; of: number };
}

const DAY_MS = 86_400_000;

/** The middle one, or the mean of the two in the middle; null of nothing. */
export function median(values: readonly number[]): number | null {
  if (values.length === 0) return null;
  const sorted = [...values].sort((a, b) => a - b);
  const half = sorted.length >> 1;
  const upper = sorted[half] ?? 0;
  return sorted.length % 2 === 1 ? upper : ((sorted[half - 1] ?? 0) + upper) / 2;
}

/** Nearest rank: the least value that so large a share of all does not pass; null of nothing. `share` in 0…1. */
export function percentile(values: readonly number[], share: number): number | null {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? null;
}

function percent(part: number, of: number): number | null {
  return of === 0 ? null : (100 * part) / of;
}

const within = (at: number | null, { from, to }: Span) => at !== null && at >= from && at < to;

/** The rows that a figure counts in a span: each of them is in the denominator, or is a value of the median. */
export function countedIn(metric: Metric, judged: readonly Judged[], span: Span): Judged[] {
  switch (metric) {
    case 'frequency':
    case 'lead_time':
      return judged.filter((each) => each.isChange && within(each.liveAt, span));
    case 'failure_rate':
      return judged.filter((each) => each.isChange && within(each.reachedAt, span));
    case 'recovery_time':
      return judged.filter((each) => each.failure && within(each.reachedAt, span));
    case 'rework_rate':
      return judged.filter((each) => within(each.liveAt, span));
  }
}

/** The five figures of a span. */
export function figuresOf(judged: readonly Judged[], span: Span): Figures {
  const live = countedIn('frequency', judged, span);
  const changes = countedIn('failure_rate', judged, span);
  const all = countedIn('rework_rate', judged, span);
  const failed = countedIn('recovery_time', judged, span);
  const leads = live.flatMap(({ lead }) => (lead && 'ms' in lead ? [lead.ms] : []));
  const unknown = live.filter(({ lead }) => lead && 'unknown' in lead && lead.unknown !== 'again').length;
  const recovered = failed.flatMap(({ recovery }) => (recovery && recovery !== 'open' ? [recovery.ms] : []));
  const rework = all.filter(({ mending }) => mending !== null).length;
  const days = (span.to - span.from) / DAY_MS;
  return {
    frequency: {
      value: days > 0 ? live.length / days : 0,
      count: live.length,
      days,
      activeDays: new Set(live.map(({ liveAt }) => Math.floor(((liveAt ?? 0) - span.from) / DAY_MS))).size,
    },
    lead_time: { value: median(leads), p90: percentile(leads, 0.9), known: leads.length, unknown },
    failure_rate: { value: percent(failed.length, changes.length), failed: failed.length, of: changes.length },
    recovery_time: {
      value: median(recovered),
      p90: percentile(recovered, 0.9),
      recovered: recovered.length,
      open: failed.length - recovered.length,
    },
    rework_rate: { value: percent(rework, all.length), rework, of: all.length },
  };
}
