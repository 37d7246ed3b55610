'use client';

import { ChartTable } from '@/components/charts/chart-table';
import { valueText } from '@/components/charts/units';
import { later } from '@/components/ui/later';
import { Panel } from '@/components/ui/panel';
import { RelativeTime } from '@/components/ui/relative-time';
import { Skeleton } from '@/components/ui/skeleton';
import type { Chart, Marker, Span } from '@/lib/observability/model/series';

/** The drawing library comes when the first chart does, and only then. */
const TimeChart = later(
  () => import('@/components/charts/time-chart').then((file) => file.TimeChart),
  <Skeleton className="h-57" />,
);

interface ChartPanelProps {
  chart: Chart;
  markers: readonly Marker[];
  span: Span;
  whole: Span;
  compare: boolean;
  asTable: boolean;
  shift: number;
  /** Only a part of the whole is shown, so that a gap in it is still a chart. */
  closer: boolean;
  /** What is drawn was read for another span. */
  dimmed: boolean;
  onSpan: (span: Span) => void;
}

export function ChartPanel({ chart, markers, asTable, closer, ...view }: ChartPanelProps) {
  const [series] = chart.series;
  const empty = !closer && chart.series.every(({ of }) => of === 0);
  return (
    <Panel title={chart.title} description={chart.says}>
      <div className="grid gap-2">
        <Usual chart={chart} compare={view.compare} />
        {empty ? (
          <p className="grid min-h-52 place-items-center text-sm text-ink-soft">Nothing was measured in these days.</p>
        ) : asTable ? (
          <ChartTable {...{ chart, markers }} span={view.span} before={view.compare ? view.shift : null} />
        ) : (
          <TimeChart {...{ chart, markers }} {...view} />
        )}
        {series?.observedAt ? (
          <p className="text-2xs text-ink-faint">
            From {series.source}; the newest is of <RelativeTime at={series.observedAt} />.
            {series.points.length < series.of
              ? ` ${series.of.toLocaleString('en')} points, drawn as ${series.points.length} that keep each high and low.`
              : ''}
            {chart.links?.map(({ label, href }) => (
              <span key={href}>
                {' · '}
                <a
                  href={href}
                  target="_blank"
                  rel="noreferrer"
                  className="inline-block underline underline-offset-3 pointer-coarse:py-3"
                >
                  {label}
                </a>
              </span>
            ))}
          </p>
        ) : null}
      </div>
    </Panel>
  );
}

function Usual({ chart: { key, usual, usualBefore, unit, series }, compare }: { chart: Chart; compare: boolean }) {
  const count = series.reduce((sum, { of }) => sum + of, 0);
  if (key === 'success') return <p className="text-sm">Of {count.toLocaleString('en')} that ended.</p>;
  if (!usual)
    return (
      <p className="text-sm text-ink-soft">
        {count === 0 ? 'None' : `Only ${count}`} in this time: too few to say what is usual.
      </p>
    );
  const within = series[0]?.key === 'uptime' ? '95 % at least' : '95 % within';
  return (
    <p className="text-sm">
      Usually <b className="font-semibold">{valueText(usual.p50, unit)}</b>, {within} {valueText(usual.p95, unit)} (
      {usual.sample.toLocaleString('en')}).
      {compare ? (
        <span className="text-ink-soft">
          {' '}
          {usualBefore
            ? `Before: ${valueText(usualBefore.p50, unit)}, ${within} ${valueText(usualBefore.p95, unit)} (${usualBefore.sample}).`
            : 'Before: too few to compare with.'}
        </span>
      ) : null}
    </p>
  );
}
