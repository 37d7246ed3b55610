'use client';

import { type KeyboardEvent, useState } from 'react';
import { cn } from '@/components/ui/cn';
import { Skeleton } from '@/components/ui/skeleton';
import type { Chart, Marker, Point, Span } from '@/lib/observability/model/series';
import { nearest, zoomed } from '@/lib/observability/model/ticks';
import { Plot } from './plot';
import { markersNear, pointText } from './units';
import { useDrag } from './use-drag';
import { useWidth } from './use-width';

interface TimeChartProps {
  chart: Chart;
  markers: readonly Marker[];
  /** What is shown of `whole`. */
  span: Span;
  whole: Span;
  onSpan: (span: Span) => void;
  /** Draws the span before under this one. */
  compare: boolean;
  /** How much later this span is than the one before, in milliseconds. */
  shift: number;
  /** What is drawn was read for another span. */
  dimmed: boolean;
}

/**
 * One chart over the time that all charts of a page share. By keyboard it is a slider: arrow keys walk from point to
 * point, each is read out; + and − zoom, Escape shows the whole.
 */
export function TimeChart({ chart, markers, span, whole, onSpan, compare, shift, dimmed }: TimeChartProps) {
  const [ref, width] = useWidth<HTMLDivElement>();
  const [at, setAt] = useState<number | null>(null);
  const points = pointsOf(chart, span);
  const index = at === null ? points.length - 1 : nearest(points, at);
  const point = points[index] ?? null;
  const before = compare
    ? chart.before.flatMap((each) => each.points.map(([then, value]): Point => [then + shift, value]))
    : [];
  const drag = useDrag({ span, width: width ?? 0, onPoint: setAt, onSpan });
  const said = point === null ? 'Nothing in this span' : readOut(point, chart, markers, span);

  function onKeyDown(event: KeyboardEvent) {
    const to = keyedIndex(event.key, index, points.length);
    const way = event.key === '+' || event.key === '=' ? 'in' : event.key === '-' ? 'out' : null;
    if (to !== null) setAt(points[to]?.[0] ?? null);
    else if (way) onSpan(zoomed(span, whole, point?.[0] ?? (span.from + span.to) / 2, way));
    else if (event.key === 'Escape') onSpan(whole);
    else return;
    event.preventDefault();
  }

  return (
    <div className="grid grid-cols-[minmax(0,1fr)] gap-1">
      <div
        ref={ref}
        role="slider"
        tabIndex={0}
        aria-label={`${chart.title}: arrow keys move from point to point`}
        aria-valuemin={0}
        aria-valuemax={Math.max(0, points.length - 1)}
        aria-valuenow={Math.max(0, index)}
        aria-valuetext={said}
        onKeyDown={onKeyDown}
        {...drag.handlers}
        className={cn('min-h-52 touch-pan-y cursor-crosshair select-none rounded', dimmed && 'opacity-50')}
      >
        {width === null ? (
          <Skeleton className="h-52" />
        ) : (
          <Plot
            {...{ chart, span, markers, width, before }}
            cursor={at === null ? null : (point?.[0] ?? null)}
            chosen={drag.chosen}
          />
        )}
      </div>
      <p data-tabular className="min-h-4 text-xs text-ink-soft">
        {said}
      </p>
    </div>
  );
}

/** What the cursor walks over: what was measured, in what is shown. */
function pointsOf({ series }: Chart, { from, to }: Span): Point[] {
  return series
    .flatMap(({ points }) => points.filter(([at, value]) => value !== null && at >= from && at <= to))
    .sort((a, b) => a[0] - b[0]);
}

function readOut(point: Point, { unit }: Chart, markers: readonly Marker[], span: Span): string {
  const near = markersNear(markers, point[0], span.to - span.from).slice(0, 3);
  return [pointText(point, unit), ...near.map(({ label }) => label)].join(' · ');
}

function keyedIndex(key: string, index: number, count: number): number | null {
  const last = count - 1;
  const page = Math.max(1, Math.floor(count / 10));
  const to: Record<string, number> = {
    ArrowLeft: index - 1,
    ArrowDown: index - 1,
    ArrowRight: index + 1,
    ArrowUp: index + 1,
    PageDown: index - page,
    PageUp: index + page,
    Home: 0,
    End: last,
  };
  const wanted = to[key];
  return wanted === undefined || last < 0 ? null : Math.min(last, Math.max(0, wanted));
}
