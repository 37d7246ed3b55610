import type { VitalFigures, VitalsReading } from '@/lib/providers/port';

/** Core Web Vitals of a target, as its host measured them; null in its place where its provider measures none. */
export interface VitalsView {
  /** The host's name, and what it calls the measuring. */
  provider: string;
  by: string;
  /** How many days back they reach from when they were read. */
  days: number;
  /** When the host was asked; ISO 8601. */
  readAt: string;
  /** Null where the host did not answer, and then `problem` says why. */
  figures: VitalsReading | null;
  problem: { code: string; sentence: string } | null;
}

export type VitalRating = 'good' | 'needs-improvement' | 'poor';

interface VitalSpec {
  key: keyof VitalFigures;
  short: string;
  name: string;
  /** Up to `good` it is good, above `poor` poor; in the figure's own unit. */
  good: number;
  poor: number;
  write(figure: number): string;
}

/** In the order of the screens. Source: https://web.dev/articles/defining-core-web-vitals-thresholds */
export const VITALS: readonly VitalSpec[] = [
  {
    ...{ key: 'lcpMs', short: 'LCP', name: 'Largest Contentful Paint', good: 2_500, poor: 4_000 },
    write: (ms) => `${(ms / 1_000).toFixed(2)} s`,
  },
  {
    ...{ key: 'inpMs', short: 'INP', name: 'Interaction to Next Paint', good: 200, poor: 500 },
    write: (ms) => `${Math.round(ms)} ms`,
  },
  {
    ...{ key: 'cls', short: 'CLS', name: 'Cumulative Layout Shift', good: 0.1, poor: 0.25 },
    write: (figure) => figure.toFixed(2),
  },
];

export const RATING_WORDS: Readonly<Record<VitalRating, string>> = {
  good: 'good',
  'needs-improvement': 'needs improvement',
  poor: 'poor',
};

/** By the figure itself, never by how it is written: 2.504 s is not good. */
export function rateVital({ good, poor }: Pick<VitalSpec, 'good' | 'poor'>, figure: number): VitalRating {
  if (figure <= good) return 'good';
  return figure <= poor ? 'needs-improvement' : 'poor';
}
