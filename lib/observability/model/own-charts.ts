import { shares } from './buckets';
import type { Delivery } from './dora';
import { percentile } from './dora-figures';
import { type Chart, ENOUGH, type Marker, type Point, type Series, type Span, type Unit } from './series';
import { thin } from './thin';

/** More points than a screen has pixels in a row say nothing more. */
export const DRAWN = 800;

const SOURCE = 'what providers told about our deployments';
const BAD = ['failed', 'errored', 'timed_out'];

interface Measure {
  key: string;
  title: string;
  says: string;
  /** Epoch milliseconds and milliseconds; null where this deployment has none. */
  of(delivery: Delivery): Point | null;
}

const between = (at: number | null, from: number | null, to: number | null): Point | null =>
  at === null || from === null || to === null ? null : [at, Math.max(0, to - from)];

const MEASURES: readonly Measure[] = [
  {
    key: 'run',
    title: 'Run duration',
    says: 'From the start of the provider’s run to its end, for each that succeeded or failed.',
    // How long we looked whether it is live is not the run's.
    of: ({ status, startedAt, doneAt, finishedAt }) =>
      status === 'succeeded' || BAD.includes(status) ? between(finishedAt, startedAt, doneAt ?? finishedAt) : null,
  },
  {
    key: 'live',
    title: 'Time to live',
    says: 'From the click to live and verified, for each that succeeded: approvals and queues are in it.',
    of: (each) => (each.status === 'succeeded' ? between(each.finishedAt, each.requestedAt, each.finishedAt) : null),
  },
  {
    key: 'wait_here',
    title: 'Wait before it was sent',
    says: 'From the click to the request that the provider got: approvals, freezes, locks and our queue.',
    of: (each) => between(each.submittedAt, each.requestedAt, each.submittedAt),
  },
  {
    key: 'wait_there',
    title: 'Wait at the provider',
    says: 'From our request to the start of the run: the provider’s queue.',
    of: (each) => between(each.startedAt, each.submittedAt, each.startedAt),
  },
];

const within =
  ({ from, to }: Span) =>
  (point: Point | null): point is Point =>
    point !== null && point[0] >= from && point[0] < to;

function seriesOf(key: string, label: string, unit: Unit, shape: Series['shape'], points: readonly Point[]): Series {
  const last = points.findLast(([, value]) => value !== null)?.[0];
  return {
    ...{ key, label, unit, shape },
    points: shape === 'each' ? thin(points, DRAWN) : points,
    of: points.filter(([, value]) => value !== null).length,
    source: SOURCE,
    observedAt: last === undefined ? null : new Date(last).toISOString(),
  };
}

/** `worse`: at which end of the values is what people fear; 19 of 20 are no worse than p95. */
export function usualOf(points: readonly Point[], worse: 'high' | 'low' = 'high'): Chart['usual'] {
  const values = points.flatMap(([, value]) => (value === null ? [] : [value]));
  const [p50, p95] = [percentile(values, 0.5), percentile(values, worse === 'high' ? 0.95 : 0.05)];
  return values.length < ENOUGH || p50 === null || p95 === null ? null : { p50, p95, sample: values.length };
}

function chartOf(measure: Measure, deliveries: readonly Delivery[], span: Span, before: Span): Chart {
  const { key, title, says, of } = measure;
  const points = deliveries.map(of).sort((a, b) => (a?.[0] ?? 0) - (b?.[0] ?? 0));
  const [now, then] = [points.filter(within(span)), points.filter(within(before))];
  return {
    ...{ key, title, says, unit: 'ms' },
    series: [seriesOf(key, title, 'ms', 'each', now)],
    before: [seriesOf(key, title, 'ms', 'each', then)],
    usual: usualOf(now),
    usualBefore: usualOf(then),
  };
}

function successChart(deliveries: readonly Delivery[], span: Span, before: Span): Chart {
  const events = deliveries.flatMap(({ status, finishedAt }) =>
    finishedAt !== null && (status === 'succeeded' || BAD.includes(status))
      ? [{ at: finishedAt, good: status === 'succeeded' }]
      : [],
  );
  const title = 'Success rate';
  const series = (of: Span) => {
    const mine = events.filter(({ at }) => at >= of.from && at < of.to);
    return [{ ...seriesOf('success', title, 'percent', 'line', shares(mine, of)), of: mine.length }];
  };
  return {
    ...{ key: 'success', title, unit: 'percent' },
    says: 'Of the deployments that ended in a slice of time, those that succeeded; what people cancelled is not in it.',
    series: series(span),
    before: series(before),
    usual: null,
    usualBefore: null,
  };
}

/** The charts that our own records can draw, from what providers told. */
export function ownCharts(deliveries: readonly Delivery[], span: Span, before: Span): Chart[] {
  return [
    successChart(deliveries, span, before),
    ...MEASURES.map((measure) => chartOf(measure, deliveries, span, before)),
  ];
}

/** More would hide the chart behind its own marks; what failed or went back stays before what is well, then the newest. */
const MARKED = 60;

/** What went live, went back and failed in the span, and how many more there were. */
export function ownMarkers(deliveries: readonly Delivery[], span: Span): { markers: Marker[]; unmarked: number } {
  const all = markersOf(deliveries, span);
  const kept = new Set([...all].sort((a, b) => weightOf(b) - weightOf(a) || b.at - a.at).slice(0, MARKED));
  return { markers: all.filter((each) => kept.has(each)), unmarked: all.length - kept.size };
}

const weightOf = ({ kind }: Marker) => (kind === 'deployment' ? 0 : 1);

function markersOf(deliveries: readonly Delivery[], { from, to }: Span): Marker[] {
  return deliveries
    .flatMap((each): Marker[] => {
      const { id, number, finishedAt: at, status, goesBack, component, version } = each;
      if (at === null || at < from || at >= to) return [];
      const bad = BAD.includes(status);
      if (status !== 'succeeded' && !bad) return [];
      const what = `#${number} ${component.name} ${version}`;
      const done = goesBack ? `${what} rolled back` : `${what} live`;
      const how = goesBack ? 'roll_back' : 'deployment';
      return [
        {
          kind: bad ? 'failure' : how,
          at,
          until: null,
          label: bad ? `${what} failed` : done,
          href: `/deployments/${id}`,
        },
      ];
    })
    .sort((a, b) => a.at - b.at);
}
