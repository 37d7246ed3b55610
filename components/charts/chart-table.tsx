import { Row, Table, TableBody, TableHead, Td, Th } from '@/components/ui/table';
import { formatUtc } from '@/components/ui/time-format';
import type { Chart, Marker, Span } from '@/lib/observability/model/series';
import { markersNear, nearest, valueText } from './units';

const SHOWN = 200;

interface ChartTableProps {
  chart: Chart;
  markers: readonly Marker[];
  span: Span;
  /** How much earlier what it is compared with was, in milliseconds; null = it is not compared. */
  before: number | null;
}

/** The same as the chart, as rows: newest first. */
export function ChartTable({ chart, markers, span, before }: ChartTableProps) {
  const earlier = before === null ? null : chart.before.flatMap(({ points }) => points);
  const rows = chart.series
    .flatMap(({ points }) => points.filter(([at]) => at >= span.from && at <= span.to))
    .sort((a, b) => b[0] - a[0]);
  return (
    <div className="grid gap-1">
      <Table caption={`${chart.title}, as a table`} heightClass="max-h-80">
        <TableHead>
          <Th>When</Th>
          <Th align="end">{chart.title}</Th>
          {earlier ? <Th align="end">Before</Th> : null}
          <Th>What happened then</Th>
        </TableHead>
        <TableBody>
          {rows.slice(0, SHOWN).map(([at, value], row) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: two points may share a moment.
            <Row key={`${at} ${row}`}>
              <Td className="whitespace-nowrap tabular-nums">{formatUtc(at)}</Td>
              <Td align="end" className="whitespace-nowrap tabular-nums">
                {value === null ? 'nothing measured' : valueText(value, chart.unit)}
              </Td>
              {earlier ? (
                <Td align="end" className="whitespace-nowrap text-ink-soft tabular-nums">
                  {earlierText(nearest(earlier, at - (before ?? 0), (span.to - span.from) / 100), chart.unit)}
                </Td>
              ) : null}
              <Td className="text-ink-soft">
                {markersNear(markers, at, span.to - span.from)
                  .map(({ label }) => label)
                  .join(' · ')}
              </Td>
            </Row>
          ))}
        </TableBody>
      </Table>
      {rows.length > SHOWN ? (
        <p className="text-xs text-ink-faint">
          The newest {SHOWN} of the {rows.length} that are drawn. Look at a shorter time to see the others.
        </p>
      ) : null}
    </div>
  );
}

const earlierText = (value: number | null | undefined, unit: Chart['unit']) =>
  value === undefined || value === null ? '–' : valueText(value, unit);
