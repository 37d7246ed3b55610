'use client';

import { ListChecks, Pencil, Plus, ShieldAlert } from 'lucide-react';
import { useState } from 'react';
import { useAsked } from '@/components/console/use-asked';
import { Badge } from '@/components/ui/badge';
import { Button, IconButton } from '@/components/ui/button';
import { ButtonLink } from '@/components/ui/button-link';
import { Mono } from '@/components/ui/code';
import { EmptyState } from '@/components/ui/empty-state';
import { later } from '@/components/ui/later';
import { Panel } from '@/components/ui/panel';
import { Row, Table, TableBody, TableHead, Td, Th } from '@/components/ui/table';
import type { EstateEnvironment, EstateView } from '@/lib/targets/model/view';
import type { EstateActions } from './estate-actions';

const EnvironmentDialog = later(() => import('./environment-dialog').then((file) => file.EnvironmentDialog));
const PolicyDialog = later(() => import('./policy-dialog').then((file) => file.PolicyDialog));

interface EnvironmentPanelProps {
  estate: EstateView;
  actions: Pick<EstateActions, 'createEnvironment' | 'updateEnvironment' | 'setPolicy'>;
}

/** Where things run, in the order in which the console shows them. */
export function EnvironmentPanel({ estate, actions }: EnvironmentPanelProps) {
  const refusal = estate.refusals.environments;
  const [shown, show] = useState<EstateEnvironment | 'new' | null>(null);
  useAsked('add', 'environment', () => show(refusal === null ? 'new' : null));
  const [gated, showPolicy] = useState<EstateEnvironment | null>(null);
  const rows = estate.environments;
  return (
    <Panel
      id="environments"
      title="Environments"
      description="Where things run, in the order in which the console shows them."
      body="flush"
      actions={
        <Button size="sm" icon={<Plus aria-hidden />} disabledReason={refusal} onClick={() => show('new')}>
          Add an environment
        </Button>
      }
    >
      {rows.length === 0 ? (
        <EmptyState title="No environment yet">Production is where most teams begin.</EmptyState>
      ) : (
        <EnvironmentTable rows={rows} refusal={refusal} onEdit={show} onPolicy={showPolicy} />
      )}
      {shown ? (
        <EnvironmentDialog
          environment={shown === 'new' ? null : shown}
          position={1 + Math.max(-1, ...rows.map((row) => row.position))}
          actions={actions}
          onClose={() => show(null)}
        />
      ) : null}
      {gated ? (
        <PolicyDialog
          environment={gated}
          others={rows.filter((row) => row.id !== gated.id)}
          save={actions.setPolicy}
          onClose={() => showPolicy(null)}
        />
      ) : null}
    </Panel>
  );
}

interface EnvironmentTableProps {
  rows: readonly EstateEnvironment[];
  refusal: string | null;
  onEdit: (row: EstateEnvironment) => void;
  onPolicy: (row: EstateEnvironment) => void;
}

function EnvironmentTable({ rows, refusal, onEdit, onPolicy }: EnvironmentTableProps) {
  return (
    <Table caption="Environments" stack>
      <TableHead>
        <Th>Environment</Th>
        <Th>Short name</Th>
        <Th align="end">Order</Th>
        <Th align="end">Targets</Th>
        <Th align="end">
          <span className="sr-only">What a deployment needs</span>
        </Th>
        <Th align="end">
          <span className="sr-only">Change</span>
        </Th>
      </TableHead>
      <TableBody>
        {rows.map((row) => (
          <Row key={row.id}>
            <Td className="w-full font-medium max-sm:pr-12!">
              <span className="inline-flex flex-wrap items-center gap-2">
                {row.name}
                {row.isProduction ? <Badge icon={<ShieldAlert aria-hidden />}>Production</Badge> : null}
              </span>
            </Td>
            <Td label="Short name" className="text-ink-soft">
              <Mono>{row.slug}</Mono>
            </Td>
            <Td label="Order" align="end" className="text-ink-soft tabular-nums max-sm:hidden!">
              {row.position}
            </Td>
            <Td label="Targets" align="end" className="tabular-nums">
              {row.targets}
            </Td>
            <Td label="Needs" align="end">
              <div className="flex flex-wrap gap-1 sm:justify-end">
                <ButtonLink
                  size="sm"
                  variant="quiet"
                  href={`/environments/${row.slug}/configuration`}
                  aria-label={`Configuration of ${row.name}`}
                  prefetch={false}
                >
                  Configuration
                </ButtonLink>
                <Button
                  size="sm"
                  variant="quiet"
                  icon={<ListChecks aria-hidden />}
                  aria-label={`What a deployment to ${row.name} needs`}
                  onClick={() => onPolicy(row)}
                >
                  What a deployment needs
                </Button>
              </div>
            </Td>
            <Td align="end" className="max-sm:absolute! max-sm:top-1.5 max-sm:right-2">
              <IconButton
                label={`Change ${row.name}`}
                icon={<Pencil aria-hidden />}
                size="sm"
                disabledReason={refusal}
                onClick={() => onEdit(row)}
              />
            </Td>
          </Row>
        ))}
      </TableBody>
    </Table>
  );
}
