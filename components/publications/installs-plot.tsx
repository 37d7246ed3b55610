'use client';

import { CartesianGrid, Line, LineChart, XAxis, YAxis } from 'recharts';
import { useWidth } from '@/components/charts/use-width';
import type { InstallsLine } from '@/lib/publications/model/installs';
import { LINE_COLOURS } from './installs-colours';

/** Pixels; `h-57` around it. */
const HEIGHT = 228;
const AXIS = { fontSize: 11, fill: 'var(--ink-faint)' } as const;
const countText = (count: number) => count.toLocaleString('en');
const dayText = (at: number) =>
  new Date(at).toLocaleDateString('en', { day: 'numeric', month: 'short', timeZone: 'UTC' });

/** The sums of the galleries over time. A drawing only: the figures stand in the table beside it. */
export function InstallsPlot({ lines }: { lines: readonly InstallsLine[] }) {
  // Measured by us: what measures itself draws a style attribute on the server, which the page's policy refuses.
  const [ref, width] = useWidth<HTMLDivElement>();
  return (
    <div ref={ref} aria-hidden className="h-57 min-w-0 overflow-hidden">
      {width !== null && width > 0 ? (
        <LineChart
          width={width}
          height={HEIGHT}
          margin={{ top: 8, right: 18, bottom: 0, left: 0 }}
          accessibilityLayer={false}
        >
          <CartesianGrid stroke="var(--line)" vertical={false} />
          <XAxis
            dataKey="at"
            type="number"
            domain={['dataMin', 'dataMax']}
            tickFormatter={dayText}
            tick={AXIS}
            stroke="var(--line-strong)"
            tickLine={false}
            allowDuplicatedCategory={false}
          />
          <YAxis
            type="number"
            domain={[0, 'auto']}
            tickFormatter={countText}
            width={58}
            tick={AXIS}
            stroke="var(--line-strong)"
            tickLine={false}
          />
          {lines.map(({ targetId, name, points }, index) => (
            <Line
              key={targetId}
              data={points}
              dataKey="total"
              name={name}
              stroke={LINE_COLOURS[index % LINE_COLOURS.length]}
              strokeWidth={2}
              // One day is no line: it is shown as its point.
              dot={points.length === 1}
              isAnimationActive={false}
            />
          ))}
        </LineChart>
      ) : null}
    </div>
  );
}
