'use client';

import { LineChart } from 'lucide-react';
import { useState } from 'react';
import { FreshnessNotice } from '@/components/live/freshness';
import { useLiveQuery } from '@/components/live/use-live-query';
import { Button } from '@/components/ui/button';
import { ButtonLink } from '@/components/ui/button-link';
import { Switch } from '@/components/ui/choice';
import { EmptyState } from '@/components/ui/empty-state';
import { Notice } from '@/components/ui/notice';
import { formatUtc } from '@/components/ui/time-format';
import type { HealthView } from '@/lib/observability/model/health-view';
import type { Span } from '@/lib/observability/model/series';
import { zoomed } from '@/lib/observability/model/ticks';
import { ChartPanel } from './chart-panel';
import { Legend } from './legend';
import { ScopeBar } from './scope-bar';

interface HealthScreenProps {
  initial: HealthView;
  /** Of the same read at the HTTP API. */
  path: string;
}

const EVERY_MS = 60_000;

/** What providers told about our deployments, over one time axis. */
export function HealthScreen({ initial, path }: HealthScreenProps) {
  const live = useLiveQuery({ queryKey: ['health', path], path, initialData: initial, everyMs: EVERY_MS });
  const view = live.data ?? initial;
  const [zoom, setZoom] = useState<Span | null>(null);
  const [compare, setCompare] = useState(false);
  const [asTable, setAsTable] = useState(false);
  const whole = { from: view.from, to: view.to };
  const span = zoom ?? whole;
  const narrower = (way: 'in' | 'out') => setZoom(zoomed(span, whole, (span.from + span.to) / 2, way));
  const { days, component, environment, choices } = view;
  return (
    <div className="grid gap-4 *:min-w-0">
      <FreshnessNotice error={live.error} updatedAt={live.dataUpdatedAt} />
      <ScopeBar
        path="/health"
        values={{ days: String(days), component: component ?? '', environment: environment ?? '' }}
        choices={choices}
      />
      <Troubles view={view} />
      <div className="flex flex-wrap items-center gap-x-4 gap-y-2">
        <Switch label="Compare with the time before" checked={compare} onChange={() => setCompare(!compare)} />
        <Switch label="As tables" checked={asTable} onChange={() => setAsTable(!asTable)} />
        <span className="flex flex-wrap gap-1.5">
          <Button size="sm" onClick={() => narrower('in')}>
            Closer
          </Button>
          <Button size="sm" onClick={() => narrower('out')} disabledReason={zoom ? null : 'All of it is shown.'}>
            Wider
          </Button>
          <Button size="sm" onClick={() => setZoom(null)} disabledReason={zoom ? null : 'All of it is shown.'}>
            All of it
          </Button>
        </span>
        <p data-tabular className="text-xs text-ink-faint" aria-live="polite">
          {formatUtc(span.from)} to {formatUtc(span.to)}. All times are UTC.
        </p>
      </div>
      <Legend compare={compare} />
      <Charts {...{ view, span, whole, compare, asTable }} onSpan={setZoom} />
    </div>
  );
}

interface ChartsProps {
  view: HealthView;
  span: Span;
  whole: Span;
  compare: boolean;
  asTable: boolean;
  onSpan: (span: Span) => void;
}

function Charts({ view, ...shown }: ChartsProps) {
  const { charts, markers, from, before } = view;
  if (charts.every(({ series }) => series.every(({ of }) => of === 0)))
    return (
      <EmptyState
        icon={<LineChart aria-hidden />}
        title="Nothing was deployed here in these days"
        headingLevel={2}
        action={<ButtonLink href="/targets">What runs where</ButtonLink>}
      >
        Charts begin with the first deployment that ends. Choose a longer time or another environment, or deploy
        something.
      </EmptyState>
    );
  return (
    <div className="grid gap-4 *:min-w-0 xl:grid-cols-2">
      {charts.map((chart) => (
        <ChartPanel key={chart.key} {...{ chart, markers }} shift={from - before.from} {...shown} />
      ))}
    </div>
  );
}

function Troubles({ view: { sources, cutAt, unmarked, unread } }: { view: HealthView }) {
  return (
    <>
      {sources.flatMap(({ id, problem }) => (problem ? [<Notice key={id} tone="warn" title={problem} />] : []))}
      {cutAt === null ? null : (
        <Notice tone="warn" title={`Only the newest ${cutAt.toLocaleString('en')} deployments are drawn.`}>
          Choose fewer days, or one component, to see all of them.
        </Notice>
      )}
      {unmarked === 0 ? null : (
        <Notice tone="neutral" title={`${unmarked.toLocaleString('en')} deployments that went live are not marked.`}>
          What failed or went back is marked first, then the newest. Choose fewer days, or one component, to see more.
        </Notice>
      )}
      {unread === 0 ? null : (
        <Notice tone="neutral" title={`${unread} more targets are measured than are drawn.`}>
          Choose a component, or an environment, to see theirs.
        </Notice>
      )}
    </>
  );
}
