'use client';

import { CartesianGrid, ComposedChart, Line, ReferenceLine, usePlotArea, XAxis, YAxis } from 'recharts';
import type { Chart, Marker, Point, Series, Span } from '@/lib/observability/model/series';
import { dotted } from '@/lib/observability/model/thin';
import { timeLabel, timeTicks, valueTicks } from '@/lib/observability/model/ticks';
import { Marks } from './marks';
import { extentOf, valueText } from './units';

export interface PlotProps {
  chart: Chart;
  span: Span;
  markers: readonly Marker[];
  width: number;
  /** Moment of the cursor; null where there is none. */
  cursor: number | null;
  /** Points of the span before, moved to this one; empty when nothing is compared. */
  before: readonly Point[];
  /** What is being drawn over with the pointer. */
  chosen: Span | null;
}

const HEIGHT = 208;
/** Beside the plot: the values, and room for the last date. */
export const LEFT = 58;
export const RIGHT = 18;
const AXIS = { fontSize: 11, fill: 'var(--ink-faint)' } as const;

const inside =
  ({ from, to }: Span) =>
  ([at]: Point) =>
    at >= from && at <= to;

/** The drawing alone: who reads it by ear or by keyboard has `TimeChart` around it. */
export function Plot({ chart, span, markers, width, cursor, before, chosen }: PlotProps) {
  const series = chart.series.map((each) => ({ ...each, points: each.points.filter(inside(span)) }));
  const shadow = before.filter(inside(span));
  const extent = extentOf([...series.map(({ points }) => points), shadow], chart.usual?.p95);
  const values = valueTicks(extent, chart.unit, series[0]?.key);
  const [foot = 0, top = 1] = [values[0], values.at(-1)];
  // An axis is drawn only for something that is drawn along it.
  const corners = [
    { at: span.from, value: foot },
    { at: span.to, value: top },
  ];
  const times = timeTicks(span, Math.max(2, Math.floor(width / 90)));
  return (
    <ComposedChart
      width={width}
      height={HEIGHT}
      data={corners}
      margin={{ top: 8, right: RIGHT, bottom: 0, left: 0 }}
      accessibilityLayer={false}
    >
      <CartesianGrid stroke="var(--line)" vertical={false} />
      <XAxis
        dataKey="at"
        type="number"
        domain={[span.from, span.to]}
        allowDataOverflow
        ticks={times}
        interval={0}
        tickFormatter={(at: number) => timeLabel(at, times)}
        tick={AXIS}
        stroke="var(--line-strong)"
        tickLine={false}
      />
      <YAxis
        type="number"
        domain={[foot, top]}
        ticks={values}
        interval={0}
        width={LEFT}
        tickFormatter={(value: number) => valueText(value, chart.unit)}
        tick={AXIS}
        axisLine={false}
        tickLine={false}
      />
      <Line dataKey="value" stroke="none" dot={false} activeDot={false} isAnimationActive={false} />
      <Marks {...{ markers, span, cursor, chosen }} />
      {series.map((each) => (
        <Drawn key={each.key} series={each} />
      ))}
      <Dots points={shadow} {...{ span, foot, top }} colour="var(--ink-faint)" faint />
      {series.map(({ key, shape, points }) => (
        <Dots
          key={key}
          points={shape === 'line' ? dotted(points) : points}
          {...{ span, foot, top }}
          colour="var(--accent)"
        />
      ))}
      {chart.usual ? (
        <>
          <ReferenceLine y={chart.usual.p50} stroke="var(--accent)" strokeDasharray="4 3" />
          <ReferenceLine y={chart.usual.p95} stroke="var(--warn)" strokeDasharray="2 3" />
        </>
      ) : null}
    </ComposedChart>
  );
}

function Drawn({ series: { shape, points, key } }: { series: Series }) {
  if (shape !== 'line') return null;
  const data = points.map(([at, value]) => ({ at, value }));
  return (
    <Line
      key={key}
      data={data}
      dataKey="value"
      type="linear"
      stroke="var(--accent)"
      strokeWidth={1.5}
      dot={false}
      activeDot={false}
      isAnimationActive={false}
      connectNulls={false}
    />
  );
}

interface DotsProps {
  points: readonly Point[];
  span: Span;
  /** The ends of the axis of values. */
  foot: number;
  top: number;
  colour: string;
  faint?: boolean;
}

/** All points as one path: hundreds of elements of their own would make each move of the cursor slow. */
function Dots({ points, span, foot, top, colour, faint = false }: DotsProps) {
  const area = usePlotArea();
  if (!area || points.length === 0) return null;
  const path = points
    .flatMap(([at, value]) => {
      if (value === null) return [];
      const x = area.x + ((at - span.from) / (span.to - span.from)) * area.width;
      const y = area.y + area.height * (1 - (Math.min(value, top) - foot) / (top - foot));
      return [`M${x.toFixed(1)} ${y.toFixed(1)}h0`];
    })
    .join('');
  return (
    <path
      d={path}
      fill="none"
      stroke={colour}
      strokeWidth={faint ? 4 : 5.5}
      strokeLinecap="round"
      strokeOpacity={faint ? 0.45 : 0.85}
    />
  );
}
