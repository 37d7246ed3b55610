import { Avatar } from '@/components/ui/avatar';
import { Badge } from '@/components/ui/badge';
import { RelativeTime } from '@/components/ui/relative-time';
import { Row, RowLink, Table, TableBody, TableHead, Td, Th } from '@/components/ui/table';
import type { DeploymentSummary } from '@/lib/deployments/model/view';
import { deploymentHref, KindMark, RevisionMark, Route, Took } from './deployment-row';
import { StatusBadge } from './status-badge';

interface DeploymentTableProps {
  caption: string;
  rows: readonly DeploymentSummary[];
  /** Where every row is of one component, its name need not stand in each. */
  of?: 'any' | 'component';
}

/** Deployments as rows; each row is one link. */
export function DeploymentTable({ caption, rows, of = 'any' }: DeploymentTableProps) {
  return (
    <Table caption={caption} stack>
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
  );
}

function DeploymentTableRow({ row, of }: { row: DeploymentSummary; of: 'any' | 'component' }) {
  return (
    <Row>
      <Td label="Deployment" className="w-0">
        <RowLink href={deploymentHref(row)} className="tabular-nums">
          #{row.number}
        </RowLink>
      </Td>
      <Td label="Status">
        <StatusBadge status={row.status} plain />
      </Td>
      <Td label={of === 'any' ? 'What and where' : 'Where'}>
        <span className="flex flex-wrap items-center gap-1.5">
          {of === 'any' ? <Route deployment={row} /> : row.environment.name}
          {row.isCurrent ? <Badge variant="accent">Live now</Badge> : null}
          <KindMark kind={row.kind} />
        </span>
      </Td>
      <Td label="Revision" className="w-full max-w-0 max-sm:max-w-none">
        <RevisionMark revision={row.revision} message className="flex" />
      </Td>
      <Td label="By">
        <span className="flex items-center gap-1.5">
          <Avatar name={row.requestedBy.name} />
          <span className="max-w-32 truncate">{row.requestedBy.name}</span>
        </span>
      </Td>
      <Td label="Asked for" align="end" className="text-ink-soft">
        <RelativeTime at={row.requestedAt} />
      </Td>
      <Td label="Took" align="end" className="text-ink-soft">
        <Took deployment={row} />
      </Td>
    </Row>
  );
}
