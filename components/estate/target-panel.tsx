'use client';

import { Plus, Rocket } from 'lucide-react';
import { Badge } from '@/components/ui/badge';
import { Button } from '@/components/ui/button';
import { ButtonLink } from '@/components/ui/button-link';
import { Mono } from '@/components/ui/code';
import { EmptyState } from '@/components/ui/empty-state';
import { Panel } from '@/components/ui/panel';
import { Row, RowLink, Table, TableBody, TableHead, Td, Th } from '@/components/ui/table';
import { withLabel } from '@/lib/targets/model/label';
import type { EstateTarget, EstateView } from '@/lib/targets/model/view';
import { configInWords, type ProviderForm } from './target-draft';

/** Why no target can be added now, the first thing to do first; null when one can. */
function missingPart({ refusals, connections, environments, components }: EstateView): string | null {
  if (refusals.targets) return refusals.targets;
  if (!connections.some((each) => each.use.deploys))
    return 'A target needs a connection. Add one under Connections first.';
  if (environments.length === 0) return 'A target needs an environment. Add one above first.';
  return components.length === 0 ? 'A target needs a component. Add one above first.' : null;
}

interface TargetPanelProps {
  estate: EstateView;
  /** By provider id; gives the settings their order. */
  providers: Record<string, ProviderForm>;
}

/** How each component gets to each environment. */
export function TargetPanel({ estate, providers }: TargetPanelProps) {
  const missing = missingPart(estate);
  const add = 'Add a target';
  return (
    <Panel
      id="targets"
      title="Targets"
      description="How a component gets to an environment: the connection, and what is started there."
      body="flush"
      actions={
        missing ? (
          <Button size="sm" icon={<Plus aria-hidden />} disabledReason={missing}>
            {add}
          </Button>
        ) : (
          <ButtonLink size="sm" href="/estate/targets/new" icon={<Plus aria-hidden />}>
            {add}
          </ButtonLink>
        )
      }
    >
      {estate.targets.length === 0 ? (
        <EmptyState title="No target yet">
          {missing ?? 'Bind a component to an environment, then it can be deployed.'}
        </EmptyState>
      ) : (
        <TargetTable rows={estate.targets} providers={providers} />
      )}
    </Panel>
  );
}

function TargetTable({ rows, providers }: { rows: readonly EstateTarget[] } & Pick<TargetPanelProps, 'providers'>) {
  return (
    <Table caption="Targets" stack>
      <TableHead>
        <Th>Target</Th>
        <Th>Connection</Th>
        <Th>What is started</Th>
        <Th align="end">
          <span className="sr-only">Deploy</span>
        </Th>
      </TableHead>
      <TableBody>
        {rows.map((row) => (
          <TargetRow key={row.id} row={row} fields={providers[row.connection.providerId]?.fields ?? []} />
        ))}
      </TableBody>
    </Table>
  );
}

function TargetRow({ row, fields }: { row: EstateTarget; fields: ProviderForm['fields'] }) {
  const { settings, inputs } = configInWords(row.config, fields);
  const name = `${row.component.name} to ${withLabel(row.environment.name, row.label)}`;
  return (
    <Row>
      <Td className="max-sm:pr-24!">
        <RowLink href={`/estate/targets/${row.id}`}>{name}</RowLink>
        {row.isPublic ? <Badge className="ml-2">public</Badge> : null}
      </Td>
      <Td label="Connection" className="text-ink-soft">
        {row.connection.name}
      </Td>
      <Td
        label="What is started"
        className="w-full max-w-0 py-2 text-ink-soft max-sm:max-w-none max-sm:whitespace-normal"
      >
        <span className="grid min-w-0">
          <span className="sm:truncate" title={settings}>
            <Mono>{settings}</Mono>
          </span>
          {inputs ? (
            <span className="text-xs text-ink-faint sm:truncate" title={inputs}>
              always with <Mono>{inputs}</Mono>
            </span>
          ) : null}
        </span>
      </Td>
      <Td align="end" className="max-sm:absolute! max-sm:top-1.5 max-sm:right-2">
        <ButtonLink
          href={`/deploy/${row.id}`}
          size="sm"
          variant="quiet"
          icon={<Rocket aria-hidden />}
          aria-label={`Deploy ${name}`}
          className="relative"
        >
          Deploy
        </ButtonLink>
      </Td>
    </Row>
  );
}
