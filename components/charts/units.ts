import { formatSpan, formatUtc } from '@/components/ui/time-format';
import type { Marker, Point, Unit } from '@/lib/observability/model/series';

/** A value with its unit, as short as an axis needs it. */
export function valueText(value: number, unit: Unit): string {
  switch (unit) {
    case 'ms':
      return value > 0 && value < 1_000 ? `${Math.ceil(value)} ms` : formatSpan(value);
    case 'percent':
      return `${Math.round(value * 10) / 10} %`;
    case 'per_second':
      return `${Math.round(value * 10) / 10}/s`;
    case 'count':
      return String(Math.round(value));
  }
}

export function pointText([at, value]: Point, unit: Unit): string {
  return `${formatUtc(at)}: ${value === null ? 'nothing measured' : valueText(value, unit)}`;
}

/** What happened near a moment, within a hundredth of what is shown. */
export function markersNear(markers: readonly Marker[], at: number, width: number): Marker[] {
  return markers.filter((each) => at >= each.at - width / 100 && at <= (each.until ?? each.at) + width / 100);
}

/** The value of the point that is closest to a moment, within `reach` milliseconds of it; undefined where none is. */
export function nearest(points: readonly Point[], at: number, reach: number): number | null | undefined {
  let best: Point | undefined;
  for (const each of points)
    if (Math.abs(each[0] - at) <= reach && (!best || Math.abs(each[0] - at) < Math.abs(best[0] - at))) best = each;
  return best?.[1];
}

/** Before they are drawn, the greatest value that the axis has to hold. */
export function greatestOf(lists: readonly (readonly Point[])[], ...more: (number | undefined)[]): number {
  let greatest = 0;
  for (const list of lists) for (const [, value] of list) greatest = Math.max(greatest, value ?? 0);
  return Math.max(greatest, ...more.map((each) => each ?? 0));
}
