/**
 * Core Web Vitals of real visits, each the 75th percentile over a span of days; null where nothing was measured.
 * Source: https://web.dev/articles/vitals
 */
export interface VitalFigures {
  /** Largest Contentful Paint, in milliseconds. */
  lcpMs: number | null;
  /** Interaction to Next Paint, in milliseconds. */
  inpMs: number | null;
  /** Cumulative Layout Shift; has no unit. */
  cls: number | null;
}

/** What a host has measured of a target's visits. */
export interface VitalsReading extends VitalFigures {
  /** Whose visits, as the end of a sentence: `production of shop`. */
  of: string;
  /** Where nothing at all was measured, why and what to do, as a sentence; else null. */
  none: { code: 'not_enabled' | 'no_data'; sentence: string } | null;
}
