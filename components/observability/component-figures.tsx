import { Panel } from '@/components/ui/panel';
import { Row, Table, TableBody, TableHead, Td, Th } from '@/components/ui/table';
import { formatSpan } from '@/components/ui/time-format';
import { METRICS } from '@/lib/observability/model/dora';
import { RULES } from '@/lib/observability/model/dora-rules';
import type { DoraView } from '@/lib/observability/model/dora-view';
import { inWords } from '@/lib/observability/model/figure-words';

/** The same five for each component. */
export function ComponentFigures({ rows }: { rows: DoraView['byComponent'] }) {
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
                    <span title={detail}>{value}</span>
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
