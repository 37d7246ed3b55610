import { Avatar } from '@/components/ui/avatar';
import { Badge } from '@/components/ui/badge';
import { cn } from '@/components/ui/cn';
import { RelativeTime } from '@/components/ui/relative-time';
import { Row, RowLink, Table, TableBody, TableHead, Td, Th } from '@/components/ui/table';
import type { DeploymentSummary } from '@/lib/deployments/model/view';
import { withLabel } from '@/lib/targets/model/label';
import { DeploymentLine, deploymentHref, KindMark, RevisionMark, Route, Standing, Took } from './deployment-row';

interface DeploymentTableProps {
  caption: string;
  rows: readonly DeploymentSummary[];
  /** Where every row is of one component, its name need not stand in each. */
  of?: 'any' | 'component';
}

/** The column of the revision takes what is left, so a name that may wrap says how much it needs. */
const WRAPS = 'whitespace-normal wrap-anywhere';

/** Deployments as rows; each row is one link. */
export function DeploymentTable({ caption, rows, of = 'any' }: DeploymentTableProps) {
  return (
    <>
      {/* A phone or a tablet has no room for seven columns; two lines say the same. */}
      <ul aria-label={caption} className="divide-y divide-line lg:hidden">
        {rows.map((row) => (
          <DeploymentLine key={row.id} deployment={row} />
        ))}
      </ul>
      <div className="max-lg:hidden">
        <Table caption={caption}>
          <TableHead>
            <Th>No.</Th>
            <Th>Status</Th>
            <Th>{of === 'any' ? 'What and where' : 'Where'}</Th>
            <Th>Revision</Th>
            <Th>By</Th>
            <Th align="end">Asked for</Th>
            <Th align="end">Took</Th>
          </TableHead>
          <TableBody>
            {rows.map((row) => (
              <DeploymentTableRow key={row.id} row={row} of={of} />
            ))}
          </TableBody>
        </Table>
      </div>
    </>
  );
}

function DeploymentTableRow({ row, of }: { row: DeploymentSummary; of: 'any' | 'component' }) {
  return (
    <Row>
      <Td className="w-0">
        <RowLink href={deploymentHref(row)} className="tabular-nums">
          #{row.number}
        </RowLink>
      </Td>
      <Td>
        <Standing deployment={row} />
      </Td>
      <Td>
        <span className="flex items-center gap-1.5">
          {of === 'any' ? (
            <Route deployment={row} className={cn(row.label && ['min-w-60', WRAPS])} />
          ) : (
            <span className={cn(row.label && ['min-w-44', WRAPS])}>{withLabel(row.environment.name, row.label)}</span>
          )}
          {row.isCurrent ? <Badge variant="accent">Live now</Badge> : null}
          <KindMark kind={row.kind} />
        </span>
      </Td>
      <Td className="w-full max-w-0">
        <RevisionMark revision={row.revision} message className="flex" />
      </Td>
      <Td>
        <span className="flex items-center gap-1.5">
          <Avatar name={row.requestedBy.name} />
          <span className="max-w-32 truncate">{row.requestedBy.name}</span>
        </span>
      </Td>
      <Td align="end" className="text-ink-soft">
        <RelativeTime at={row.requestedAt} />
      </Td>
      <Td align="end" className="text-ink-soft">
        <Took deployment={row} />
      </Td>
    </Row>
  );
}
