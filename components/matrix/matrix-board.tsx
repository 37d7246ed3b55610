'use client';

import { ShieldAlert } from 'lucide-react';
import { useDeferredValue, useState } from 'react';
import { FreshnessNotice } from '@/components/live/freshness';
import { useLiveQuery } from '@/components/live/use-live-query';
import type { Redeploy } from '@/components/redeploy/redeploy-press';
import { cn } from '@/components/ui/cn';
import { EmptyState } from '@/components/ui/empty-state';
import { Input } from '@/components/ui/input';
import { Link } from '@/components/ui/link';
import { Row, Table, TableBody, TableHead, Td, Th } from '@/components/ui/table';
import type { MatrixView } from '@/lib/deployments/model/view';
import { queryKeys } from '@/lib/realtime/protocol';
import { TargetCell } from './matrix-cell';
import { MatrixEmpty } from './matrix-empty';

type MatrixRow = MatrixView['rows'][number];

/** Component × environment: what runs where, live. */
export function MatrixBoard({ initial, redeploy }: { initial: MatrixView; redeploy: Redeploy }) {
  const {
    data = initial,
    error,
    dataUpdatedAt,
  } = useLiveQuery({
    queryKey: queryKeys.matrix,
    path: '/api/v1/matrix',
    initialData: initial,
  });
  const [typed, setTyped] = useState('');
  const wanted = useDeferredValue(typed.trim().toLowerCase());
  const rows = wanted
    ? data.rows.filter((row) => `${row.component.name} ${row.component.slug}`.toLowerCase().includes(wanted))
    : data.rows;

  if (data.rows.every((row) => Object.keys(row.cells).length === 0)) return <MatrixEmpty />;
  return (
    <div className="grid gap-3 *:min-w-0">
      <FreshnessNotice error={error} updatedAt={dataUpdatedAt} />
      {data.rows.length > 6 ? (
        <Input
          type="search"
          aria-label="Filter components"
          placeholder="Filter components"
          value={typed}
          onChange={(event) => setTyped(event.target.value)}
          className="max-w-72"
        />
      ) : null}
      <div className="overflow-clip rounded-lg border border-line bg-surface">
        <MatrixTable environments={data.environments} rows={rows} redeploy={redeploy} />
        {rows.length === 0 ? (
          <EmptyState title={`No component is called “${typed.trim()}”`}>
            Clear the filter to see all {data.rows.length}.
          </EmptyState>
        ) : null}
      </div>
    </div>
  );
}

interface TableProps extends Pick<MatrixView, 'environments' | 'rows'> {
  redeploy: Redeploy;
}

function MatrixTable({ environments, rows, redeploy }: TableProps) {
  return (
    <Table caption="What runs where: components by environment" stack>
      <TableHead>
        <Th className="left-0 z-20 min-w-44">Component</Th>
        {environments.map((environment) => (
          <Th key={environment.slug} className="min-w-64">
            <span className="inline-flex items-center gap-1.5">
              {environment.name}
              {environment.isProduction ? (
                <span title="Production" className="inline-flex">
                  <ShieldAlert aria-hidden className="size-3.5" />
                  <span className="sr-only">(production)</span>
                </span>
              ) : null}
            </span>
          </Th>
        ))}
      </TableHead>
      <TableBody>
        {rows.map((row) => (
          <ComponentRow key={row.component.slug} row={row} environments={environments} redeploy={redeploy} />
        ))}
      </TableBody>
    </Table>
  );
}

function ComponentRow({ row, environments, redeploy }: Omit<TableProps, 'rows'> & { row: MatrixRow }) {
  const { component } = row;
  return (
    <Row className="hover:bg-transparent">
      <th
        scope="row"
        className="sticky left-0 z-10 border-b border-line bg-surface px-3 py-2 text-start align-top font-normal max-sm:block! max-sm:border-0 max-sm:px-0 max-sm:pt-0.5 sm:border-r"
      >
        <Link href={`/components/${component.slug}`} className="rounded-sm font-medium hover:underline">
          {component.name}
        </Link>
        <span
          className="block max-w-44 truncate text-xs text-ink-faint max-sm:max-w-none"
          title={component.description}
        >
          {component.description || component.kind}
        </span>
      </th>
      {environments.map((environment) => {
        const cells = row.cells[environment.slug] ?? [];
        return (
          <Td
            key={environment.slug}
            className={cn(
              'h-auto whitespace-normal py-2 align-top',
              'max-sm:items-start! max-sm:py-1!',
              cells.length === 0 && 'max-sm:hidden!',
            )}
          >
            <span className="w-20 shrink-0 pt-0.5 text-xs text-ink-faint sm:hidden">{environment.name}</span>
            <div className="grid w-full min-w-0 gap-2.5">
              {cells.map((cell) => (
                <TargetCell
                  key={cell.targetId}
                  cell={cell}
                  componentName={component.name}
                  environmentName={environment.name}
                  redeploy={redeploy}
                />
              ))}
              {cells.length === 0 ? (
                <span className="text-ink-faint">
                  <span aria-hidden>–</span>
                  <span className="sr-only">no target</span>
                </span>
              ) : null}
            </div>
          </Td>
        );
      })}
    </Row>
  );
}
