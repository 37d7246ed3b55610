/** What the values are; an axis says it. */
export const UNITS = ['ms', 'percent', 'count', 'per_second'] as const;
export type Unit = (typeof UNITS)[number];

/** Epoch milliseconds, value; null where nothing was measured, which is a gap and no zero. */
export type Point = readonly [at: number, value: number | null];

/**
 * One line of a chart, whoever measured it: our own records, or a provider with the health capability.
 * Points are in the order of time.
 */
export interface Series {
  key: string;
  label: string;
  unit: Unit;
  /** `each`: every point is an event of its own; `line`: one value follows another. */
  shape: 'each' | 'line';
  points: readonly Point[];
  /** How many there were before they were thinned out to be drawn. */
  of: number;
  /** Who measured it, in words. */
  source: string;
  /** Of the newest point, ISO 8601; null when there is none. */
  observedAt: string | null;
}

/** Charts over one time axis. */
export interface Chart {
  key: string;
  title: string;
  /** What is drawn, and how it is counted. */
  says: string;
  unit: Unit;
  series: Series[];
  /** The same for as long a span right before, in its own times. */
  before: Series[];
  /** What is usual in the span, p95 at its worse end: of uptime the lower. Null below `ENOUGH` points, because few are no custom. */
  usual: { p50: number; p95: number; sample: number } | null;
  usualBefore: { p50: number; p95: number; sample: number } | null;
  /** Why it could not be read; left out where it was. */
  problem?: string;
  /** Where a person looks at the same time elsewhere. */
  links?: readonly ChartLink[];
}

export interface ChartLink {
  label: string;
  href: string;
}

export const ENOUGH = 3;

export interface Marker {
  kind: 'deployment' | 'roll_back' | 'failure' | 'freeze';
  at: number;
  /** Set for what lasts. */
  until: number | null;
  label: string;
  href: string | null;
}

/** Half open, epoch milliseconds: `from` is in it, `to` is not. */
export interface Span {
  from: number;
  to: number;
}

/** What charts are asked of a source for: null = all. Times are epoch milliseconds. */
export interface HealthAsk extends Span {
  before: Span;
  componentId: string | null;
  environmentIds: string[];
  /** Its ends were named; left out, it moves with the clock. */
  named?: boolean;
}

export interface HealthAnswer {
  charts: Chart[];
  markers: Marker[];
  cutAt: number | null;
  /** How many markers there were more than are drawn. */
  unmarked?: number;
}

/** Whoever can measure: our own records are one, a provider's metrics another. It throws when it cannot be reached. */
export interface HealthSource {
  id: string;
  label: string;
  read(ask: HealthAsk): Promise<HealthAnswer>;
}
