import { usePlotArea } from 'recharts';
import type { Marker, Span } from '@/lib/observability/model/series';

const MARK_COLOUR = {
  deployment: 'var(--good)',
  roll_back: 'var(--warn)',
  failure: 'var(--bad)',
  freeze: 'var(--busy)',
} as const satisfies Record<Marker['kind'], string>;

const KINDS = Object.keys(MARK_COLOUR) as (keyof typeof MARK_COLOUR)[];

interface MarksProps {
  markers: readonly Marker[];
  span: Span;
  /** Moment of the cursor; null where there is none. */
  cursor: number | null;
  /** What is being drawn over with the pointer. */
  chosen: Span | null;
}

/**
 * What happened, the cursor and what is chosen, over the whole height. All of a kind are one path: as elements of the
 * drawing's own each tells all others that it came, which took seconds where there were a hundred.
 */
export function Marks({ markers, span, cursor, chosen }: MarksProps) {
  const area = usePlotArea();
  if (!area) return null;
  const { y, height } = area;
  const x = (at: number) => area.x + (area.width * (at - span.from)) / (span.to - span.from);
  const line = (at: number) => `M${x(at).toFixed(1)} ${y}v${height}`;
  const box = ({ from, to }: Span) => {
    const [left, right] = [x(Math.max(from, span.from)), x(Math.min(to, span.to))];
    return `M${left.toFixed(1)} ${y}H${right.toFixed(1)}v${height}H${left.toFixed(1)}z`;
  };
  const isShown = ({ at, until }: Marker) => (until ?? at) >= span.from && at <= span.to;
  const ofKind = (kind: Marker['kind']) => markers.filter((each) => each.kind === kind && isShown(each));
  return (
    <g fill="none">
      {KINDS.map((kind) => (
        <OfKind key={kind} kind={kind} shown={ofKind(kind)} {...{ line, box }} />
      ))}
      {cursor !== null && cursor >= span.from && cursor <= span.to ? (
        <path d={line(cursor)} stroke="var(--ink)" />
      ) : null}
      {chosen ? <path d={box(chosen)} fill="var(--accent)" fillOpacity={0.15} /> : null}
    </g>
  );
}

interface OfKindProps {
  kind: Marker['kind'];
  shown: readonly Marker[];
  line: (at: number) => string;
  box: (span: Span) => string;
}

function OfKind({ kind, shown, line, box }: OfKindProps) {
  const moments = shown.flatMap(({ at, until }) => (until === null ? [line(at)] : []));
  const spans = shown.flatMap(({ at, until }) => (until === null ? [] : [box({ from: at, to: until })]));
  const colour = MARK_COLOUR[kind];
  return (
    <>
      {moments.length > 0 ? (
        <path
          d={moments.join('')}
          stroke={colour}
          strokeOpacity={0.55}
          strokeDasharray={kind === 'deployment' ? '1 3' : '5 2'}
        />
      ) : null}
      {spans.length > 0 ? (
        <path d={spans.join('')} fill={colour} fillOpacity={0.1} stroke={colour} strokeOpacity={0.4} />
      ) : null}
    </>
  );
}
