import { formatSpan, formatUtc } from '@/components/ui/time-format';
import type { Marker, Point, Unit } from '@/lib/observability/model/series';
import type { Extent } from '@/lib/observability/model/ticks';

/** A value with its unit, as short as an axis needs it. */
export function valueText(value: number, unit: Unit): string {
  switch (unit) {
    case 'ms':
      return lengthText(value);
    case 'percent':
      return `${value > 99 && value < 100 ? Math.floor(value * 100 + 1e-6) / 100 : shortened(value)} %`;
    case 'per_second':
      return `${shortened(value)}/s`;
    case 'count':
      return String(Math.round(value));
  }
}

function lengthText(ms: number): string {
  if (ms > 0 && Math.ceil(ms) < 1_000) return `${Math.ceil(ms)} ms`;
  return ms >= 950 && ms < 10_000 ? `${Math.round(ms / 100) / 10} s` : formatSpan(ms);
}

/** A digit after the point, two below 1; what is there is never called nothing. */
function shortened(value: number): number | string {
  if (value > 0 && value < 0.005) return '< 0.01';
  return value < 1 ? Math.round(value * 100) / 100 : Math.round(value * 10) / 10;
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

/** What the axis has to hold before they are drawn; 0 and 0 where there is nothing. */
export function extentOf(lists: readonly (readonly Point[])[], ...more: (number | undefined)[]): Extent {
  let [least, greatest] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  const hold = (value: number | null | undefined) => {
    if (value === null || value === undefined) return;
    [least, greatest] = [Math.min(least, value), Math.max(greatest, value)];
  };
  for (const list of lists) for (const [, value] of list) hold(value);
  for (const value of more) hold(value);
  return least > greatest ? { least: 0, greatest: 0 } : { least, greatest };
}
