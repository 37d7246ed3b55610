'use client';

import { LineChart } from 'lucide-react';
import { useSearchParams } from 'next/navigation';
import { useState } from 'react';
import { FreshnessNotice } from '@/components/live/freshness';
import { useLiveQuery } from '@/components/live/use-live-query';
import { Button } from '@/components/ui/button';
import { ButtonLink } from '@/components/ui/button-link';
import { Switch } from '@/components/ui/choice';
import { EmptyState } from '@/components/ui/empty-state';
import { later } from '@/components/ui/later';
import { Notice } from '@/components/ui/notice';
import { formatUtc } from '@/components/ui/time-format';
import { type HealthView, isAllEmpty } from '@/lib/observability/model/health-view';
import type { Span } from '@/lib/observability/model/series';
import { spanNamed, zoomed } from '@/lib/observability/model/ticks';
import { ChartPanel } from './chart-panel';
import type { Read } from './closer-reader';
import { Legend } from './legend';
import { ScopeBar } from './scope-bar';

const CloserReader = later(() => import('./closer-reader').then((file) => file.CloserReader));

interface HealthScreenProps {
  initial: HealthView;
  /** Of the same read at the HTTP API. */
  path: string;
}

const EVERY_MS = 60_000;

/** What providers told about our deployments, over one time axis. What is looked at closer is read anew, finer. */
export function HealthScreen({ initial, path }: HealthScreenProps) {
  const address = useSearchParams();
  const [zoom, setZoom] = useState(() => spanNamed(address.get('from'), address.get('to')));
  const [everCloser, setCloser] = useState(zoom !== null);
  const [read, setRead] = useState<Read | null>(null);
  const closer = zoom !== null;
  const from = { path, initialData: initial, everyMs: EVERY_MS, enabled: !closer };
  const live = useLiveQuery({ queryKey: ['health', path], ...from });
  const all = live.data ?? initial;
  const [compare, setCompare] = useState(false);
  const [asTable, setAsTable] = useState(false);
  const whole = { from: all.from, to: all.to };
  const span = zoom ?? whole;
  const view = (zoom && read?.view) || all;
  const dimmed = closer && read?.span !== zoom && read?.reading !== false;

  function look(next: Span | null) {
    setZoom(next && (next.from > whole.from || next.to < whole.to) ? next : null);
    setCloser(true);
  }

  const { days, component, environment, choices } = all;
  const named = { from: address.get('from') ?? '', to: address.get('to') ?? '' };
  return (
    <div className="grid gap-4 *:min-w-0">
      <FreshnessNotice error={live.error} updatedAt={live.dataUpdatedAt} />
      <ScopeBar
        path="/health"
        values={{ days: String(days), component: component ?? '', environment: environment ?? '', ...named }}
        choices={choices}
      />
      <Troubles view={view} />
      {everCloser ? <CloserReader {...{ path, zoom }} whole={all} onZoom={look} onRead={setRead} /> : null}
      <div className="flex flex-wrap items-center gap-x-4 gap-y-2">
        <Switch label="Compare with the time before" checked={compare} onChange={() => setCompare(!compare)} />
        <Switch label="As tables" checked={asTable} onChange={() => setAsTable(!asTable)} />
        <Narrow {...{ zoom, span, whole, look }} />
        <p data-tabular className="text-xs text-ink-faint" aria-live="polite">
          {formatUtc(span.from)} to {formatUtc(span.to)}. All times are UTC.
          {dimmed ? ' Reading this time…' : ''}
        </p>
      </div>
      <Legend compare={compare} />
      <Charts
        {...{ view, span, whole, compare, asTable, dimmed }}
        old={read?.old ?? []}
        {...{ closer }}
        onSpan={look}
      />
    </div>
  );
}

interface NarrowProps {
  zoom: Span | null;
  span: Span;
  whole: Span;
  look: (span: Span | null) => void;
}

function Narrow({ zoom, span, whole, look }: NarrowProps) {
  const narrower = (way: 'in' | 'out') => look(zoomed(span, whole, (span.from + span.to) / 2, way));
  const why = zoom ? null : 'All of it is shown.';
  const touch = { size: 'sm', className: 'pointer-coarse:h-11' } as const;
  return (
    <span className="flex flex-wrap gap-1.5">
      <Button {...touch} onClick={() => narrower('in')}>
        Closer
      </Button>
      <Button {...touch} onClick={() => narrower('out')} disabledReason={why}>
        Wider
      </Button>
      <Button {...touch} onClick={() => look(null)} disabledReason={why}>
        All of it
      </Button>
    </span>
  );
}

interface ChartsProps {
  view: HealthView;
  span: Span;
  whole: Span;
  compare: boolean;
  asTable: boolean;
  closer: boolean;
  dimmed: boolean;
  /** Keys of the charts that could not be read anew. */
  old: readonly string[];
  onSpan: (span: Span) => void;
}

function Charts({ view, old, dimmed, ...shown }: ChartsProps) {
  const { charts, markers, from, before } = view;
  if (!shown.closer && isAllEmpty(charts))
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
        <ChartPanel
          key={chart.key}
          {...{ chart, markers }}
          shift={from - before.from}
          dimmed={dimmed || (shown.closer && old.includes(chart.key))}
          {...shown}
        />
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
