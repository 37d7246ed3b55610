'use client';

import { Pencil, Plus } from 'lucide-react';
import { useState } from 'react';
import { useAsked } from '@/components/console/use-asked';
import { Button, IconButton } from '@/components/ui/button';
import { ButtonLink } from '@/components/ui/button-link';
import { Mono } from '@/components/ui/code';
import { EmptyState } from '@/components/ui/empty-state';
import { later } from '@/components/ui/later';
import { Link } from '@/components/ui/link';
import { Panel } from '@/components/ui/panel';
import { Row, Table, TableBody, TableHead, Td, Th } from '@/components/ui/table';
import type { ComponentSummary } from '@/lib/components/model/view';
import type { EstateView } from '@/lib/targets/model/view';
import type { EstateActions } from './estate-actions';
import { KIND_WORDS } from './kind-words';

const ComponentDialog = later(() => import('./component-dialog').then((file) => file.ComponentDialog));

interface ComponentPanelProps {
  estate: EstateView;
  actions: Pick<EstateActions, 'createComponent' | 'updateComponent'>;
}

/** What is released on its own. */
export function ComponentPanel({ estate, actions }: ComponentPanelProps) {
  const refusal = estate.refusals.components;
  const [shown, show] = useState<ComponentSummary | 'new' | null>(null);
  useAsked('add', 'component', () => show(refusal === null ? 'new' : null));
  const rows = estate.components;
  return (
    <Panel
      id="components"
      title="Components"
      description="What is released on its own."
      body="flush"
      actions={
        <Button size="sm" icon={<Plus aria-hidden />} disabledReason={refusal} onClick={() => show('new')}>
          Add a component
        </Button>
      }
    >
      {rows.length === 0 ? (
        <EmptyState title="No component yet">
          A backend, an extension, a web app, the docs: what you release.
        </EmptyState>
      ) : (
        <ComponentTable estate={estate} onEdit={show} />
      )}
      {shown ? (
        <ComponentDialog
          component={shown === 'new' ? null : shown}
          registries={estate.connections.filter((each) => each.use.images)}
          position={1 + Math.max(-1, ...rows.map((row) => row.position))}
          actions={actions}
          onClose={() => show(null)}
        />
      ) : null}
    </Panel>
  );
}

function ComponentTable({ estate, onEdit }: { estate: EstateView; onEdit: (row: ComponentSummary) => void }) {
  return (
    <Table caption="Components" stack>
      <TableHead>
        <Th>Component</Th>
        <Th>Kind</Th>
        <Th>Folders</Th>
        <Th align="end">Targets</Th>
        <Th align="end">
          <span className="sr-only">Change</span>
        </Th>
      </TableHead>
      <TableBody>
        {estate.components.map((row) => (
          <Row key={row.id}>
            <Td className="w-full max-w-0 py-2 max-sm:max-w-none max-sm:pr-12!">
              <span className="grid min-w-0">
                <Link
                  href={`/components/${row.slug}`}
                  className="justify-self-start rounded-sm font-medium hover:underline"
                >
                  {row.name}
                </Link>
                <span className="truncate text-xs text-ink-faint" title={row.description}>
                  <Mono>{row.slug}</Mono>
                  {row.description ? `, ${row.description}` : null}
                </span>
              </span>
            </Td>
            <Td label="Kind" className="text-ink-soft max-sm:hidden!">
              {KIND_WORDS[row.kind]}
            </Td>
            <Td label="Folders" className="max-w-60 truncate text-ink-soft">
              {row.paths.length > 0 ? <Mono>{row.paths.join(', ')}</Mono> : 'the whole repository'}
            </Td>
            <Td label="Targets" align="end" className="tabular-nums">
              <TargetCount row={row} refusal={estate.refusals.targets} />
            </Td>
            <Td align="end" className="max-sm:absolute! max-sm:top-1.5 max-sm:right-2">
              <IconButton
                label={`Change ${row.name}`}
                icon={<Pencil aria-hidden />}
                size="sm"
                disabledReason={estate.refusals.components}
                onClick={() => onEdit(row)}
              />
            </Td>
          </Row>
        ))}
      </TableBody>
    </Table>
  );
}

function TargetCount({ row, refusal }: { row: ComponentSummary; refusal: string | null }) {
  if (row.targets > 0 || refusal !== null) return row.targets;
  return (
    <ButtonLink
      href={`/estate/targets/new?component=${row.slug}`}
      size="sm"
      aria-label={`Add a target for ${row.name}`}
    >
      Add a target
    </ButtonLink>
  );
}
