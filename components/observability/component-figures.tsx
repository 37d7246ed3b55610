import { Link } from '@/components/ui/link';
import { Panel } from '@/components/ui/panel';
import { Row, Table, TableBody, TableHead, Td, Th } from '@/components/ui/table';
import { formatSpan } from '@/components/ui/time-format';
import { METRICS, type Metric } from '@/lib/observability/model/dora';
import { RULES } from '@/lib/observability/model/dora-rules';
import type { DoraView } from '@/lib/observability/model/dora-view';
import { inWords } from '@/lib/observability/model/figure-words';

interface ComponentFiguresProps {
  rows: DoraView['byComponent'];
  hrefOf: (component: string, metric: Metric) => string;
}

/** The same five for each component; each opens its rows. */
export function ComponentFigures({ rows, hrefOf }: ComponentFiguresProps) {
  if (rows.length === 0) return null;
  return (
    <Panel title="By component" body="flush">
      <Table caption="The five figures of each component" stack>
        <TableHead>
          <Th>Component</Th>
          {METRICS.map((metric) => (
            <Th key={metric} align="end">
              {RULES[metric].label}
            </Th>
          ))}
        </TableHead>
        <TableBody>
          {rows.map(({ component, figures }) => (
            <Row key={component.slug}>
              <Td label="Component" className="font-medium">
                {component.name}
              </Td>
              {METRICS.map((metric) => {
                const { value, detail } = inWords(metric, figures, formatSpan);
                return (
                  <Td key={metric} label={RULES[metric].label} align="end" className="tabular-nums">
                    <Link
                      href={hrefOf(component.slug, metric)}
                      scroll={false}
                      className="inline-block whitespace-nowrap underline pointer-coarse:py-3 decoration-line underline-offset-3 hover:decoration-current"
                    >
                      {value}
                    </Link>
                    <span className="block text-xs text-ink-faint">{detail}</span>
                  </Td>
                );
              })}
            </Row>
          ))}
        </TableBody>
      </Table>
    </Panel>
  );
}
