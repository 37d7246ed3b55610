'use client';

import { Plug } from 'lucide-react';
import { FreshnessNotice } from '@/components/live/freshness';
import { useLiveQuery } from '@/components/live/use-live-query';
import { ButtonLink } from '@/components/ui/button-link';
import { EmptyState } from '@/components/ui/empty-state';
import { RelativeTime } from '@/components/ui/relative-time';
import { Row, RowLink, Table, TableBody, TableHead, Td, Th } from '@/components/ui/table';
import type { ConnectionSummary } from '@/lib/connections/model/view';
import { queryKeys } from '@/lib/realtime/protocol';
import { ConnectionState } from './connection-state';
import { KIND_WORDS } from './credential-words';
import { QuotaText } from './quota-line';

/** Every provider account, how it stands and how old that answer is. */
export function ConnectionTable({ initial }: { initial: ConnectionSummary[] }) {
  const {
    data = initial,
    error,
    dataUpdatedAt,
  } = useLiveQuery({ queryKey: queryKeys.connections, path: '/api/v1/connections', initialData: initial });
  return (
    <div className="grid gap-3 *:min-w-0">
      <FreshnessNotice error={error} updatedAt={dataUpdatedAt} />
      <div className="overflow-clip rounded-lg border border-line bg-surface">
        {data.length === 0 ? <NoConnection /> : <Connections rows={data} />}
      </div>
    </div>
  );
}

function Connections({ rows }: { rows: readonly ConnectionSummary[] }) {
  return (
    <Table caption="Connections" stack>
      <TableHead>
        <Th>Connection</Th>
        <Th>State</Th>
        <Th>Credential</Th>
        <Th>Quota</Th>
        <Th align="end">Targets</Th>
        <Th align="end">Checked</Th>
      </TableHead>
      <TableBody>
        {rows.map((row) => (
          <Row key={row.id}>
            <Td label="Connection" className="w-full max-w-0 py-2 max-sm:max-w-none">
              <span className="grid min-w-0">
                <RowLink href={`/connections/${row.id}`} className="truncate">
                  {row.name}
                </RowLink>
                <span className="truncate text-xs text-ink-faint">
                  {row.provider.label}, {row.origin.replace(/^https?:\/\//, '')}
                </span>
                {row.problem ? <span className="text-pretty text-xs text-bad sm:truncate">{row.problem}</span> : null}
              </span>
            </Td>
            <Td label="State">
              <ConnectionState state={row.state} plain />
            </Td>
            <Td label="Credential" className="text-ink-soft">
              <CredentialText row={row} />
            </Td>
            <Td label="Quota" className="text-ink-soft">
              {row.quota ? <QuotaText quota={row.quota} /> : <span className="text-ink-faint">not known yet</span>}
            </Td>
            <Td label="Targets" align="end" className="tabular-nums">
              {row.targets}
            </Td>
            <Td label="Checked" align="end" className="text-ink-soft">
              {row.checkedAt ? <RelativeTime at={row.checkedAt} /> : 'never'}
            </Td>
          </Row>
        ))}
      </TableBody>
    </Table>
  );
}

function CredentialText({ row }: { row: ConnectionSummary }) {
  if (!row.credential.present) return <span className="text-bad">missing</span>;
  return (
    <span className="grid">
      <span>
        {KIND_WORDS[row.credential.kind].short}
        {row.credential.last4 ? (
          <span className="ml-1.5 font-mono text-xs text-ink-faint">…{row.credential.last4}</span>
        ) : null}
      </span>
      {row.expiresAt ? (
        <span className="text-xs text-ink-faint">
          expiry <RelativeTime at={row.expiresAt} />
        </span>
      ) : null}
    </span>
  );
}

function NoConnection() {
  return (
    <EmptyState
      icon={<Plug aria-hidden />}
      title="No connection yet"
      action={
        <ButtonLink href="/connections/new" variant="primary">
          Add a connection
        </ButtonLink>
      }
    >
      A connection is an account at a provider, with its credential. Deployments run through it.
    </EmptyState>
  );
}
