import type { Point } from './series';

/**
 * At most `limit` points (4 or more) that look the same when drawn: each slice of time keeps its least and its greatest
 * value. First, last and both extremes always stay, and so does the order; gaps are left out.
 * Min/max by slices instead of LTTB: an outage of one point must never be smoothed away.
 */
export function thin(points: readonly Point[], limit: number): Point[] {
  const measured = points.filter(([, value]) => value !== null);
  if (points.length <= limit) return [...points];
  const first = measured[0];
  const last = measured.at(-1);
  if (!first || !last || limit < 4) return measured.slice(0, Math.max(0, limit));
  const slices = Math.max(1, Math.floor((limit - 2) / 2));
  const width = (last[0] - first[0]) / slices || 1;
  const kept = new Set<Point>([first, last]);
  const extremes: { least: Point; greatest: Point }[] = [];
  for (const point of measured) {
    const at = Math.min(slices - 1, Math.floor((point[0] - first[0]) / width));
    const slice = extremes[at];
    if (!slice) extremes[at] = { least: point, greatest: point };
    else {
      if (heightOf(point) < heightOf(slice.least)) slice.least = point;
      if (heightOf(point) > heightOf(slice.greatest)) slice.greatest = point;
    }
  }
  for (const slice of extremes) if (slice) kept.add(slice.least).add(slice.greatest);
  return measured.filter((point) => kept.has(point));
}

const heightOf = ([, value]: Point) => value ?? 0;

/** Beside more points than this their dots would run into one another, and say nothing that the line does not. */
const DOTS = 60;

/** Which points of a line get a dot: each of a few; of many those alone that stand between gaps, where no line comes. */
export function dotted(points: readonly Point[]): Point[] {
  const isGap = (at: number) => (points[at]?.[1] ?? null) === null;
  const measured = points.filter((_, at) => !isGap(at));
  return measured.length <= DOTS ? measured : points.filter((_, at) => !isGap(at) && isGap(at - 1) && isGap(at + 1));
}
