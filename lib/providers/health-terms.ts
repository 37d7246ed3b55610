/** What crosses the port about how a deployed thing does. Times are epoch milliseconds unless a name says otherwise. */

/** `throughput`: requests; `errors`: share of them that failed; `latency`: how long one takes; `uptime`: share of time up. */
export const SIGNALS = ['throughput', 'errors', 'latency', 'uptime'] as const;
export type Signal = (typeof SIGNALS)[number];

/** Units that a question may have its answer in; the first of each is the one that everything is brought to. */
export const SIGNAL_UNITS = {
  throughput: ['per_second', 'per_minute'],
  errors: ['percent', 'ratio'],
  latency: ['ms', 'seconds'],
  uptime: ['percent', 'ratio'],
} as const satisfies Record<Signal, readonly [string, ...string[]]>;
export type SignalUnit = (typeof SIGNAL_UNITS)[Signal][number];

/** Null where nothing was measured: a gap, and never a zero. */
export type MetricPoint = readonly [at: number, value: number | null];

export interface MetricQuestion {
  /** In the vendor's own language, placeholders filled in. */
  expression: string;
  from: number;
  to: number;
  /** What is wished; a vendor that gives fewer points takes a longer one. */
  stepMs: number;
}

/** One line over a window, a point at every step, in the order of time. */
export interface MetricSeries {
  points: readonly MetricPoint[];
  stepMs: number;
}

export interface HealthAlert {
  name: string;
  state: 'firing' | 'pending';
  /** ISO 8601 in UTC; null where the vendor does not say. */
  since: string | null;
  severity: string | null;
  sentence: string;
}

/** Something that goes wrong in the deployed thing and was not seen before a moment. */
export interface HealthIssue {
  id: string;
  title: string;
  /** How often since it was first seen. */
  count: number;
  firstSeenAt: string;
  /** Empty where there is no page of it. */
  url: string;
}

const FACTORS: Record<SignalUnit, number> = {
  per_second: 1,
  per_minute: 1 / 60,
  percent: 1,
  ratio: 100,
  ms: 1,
  seconds: 1000,
};

/** A value in the signal's first unit, to a millionth: the same measure in another unit is the same number. */
export function inFirstUnit(value: number, unit: SignalUnit): number {
  return Math.round(value * FACTORS[unit] * 1e6) / 1e6;
}
