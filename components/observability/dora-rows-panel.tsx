'use client';

import { useState } from 'react';
import { useAction } from '@/components/console/use-action';
import { Badge } from '@/components/ui/badge';
import { Button } from '@/components/ui/button';
import { later } from '@/components/ui/later';
import { Notice } from '@/components/ui/notice';
import { notify } from '@/components/ui/notify';
import { Panel } from '@/components/ui/panel';
import { RelativeTime } from '@/components/ui/relative-time';
import { Row, RowLink, Table, TableBody, TableHead, Td, Th } from '@/components/ui/table';
import { formatSpan } from '@/components/ui/time-format';
import { CLASS_WORDS } from '@/lib/observability/model/classes';
import type { DoraRow, DoraRows, SaidView } from '@/lib/observability/model/dora-view';
import { withLabel } from '@/lib/targets/model/label';
import type { ClassifyActions } from './classify-actions';

const ClassifyDialog = later(() => import('./classify-dialog').then((file) => file.ClassifyDialog));

/** What a figure is made of: its rule, and each row with why it counts as it does. */
export function DoraRowsPanel({ rows, actions }: { rows: DoraRows; actions: ClassifyActions }) {
  const { rule, rows: counted, total, leftOut, cutAt, countedFrom } = rows;
  const [chosen, choose] = useState<DoraRow | null>(null);
  const { run, refusal, pending } = useAction(actions.undo);

  async function undo({ deployment }: DoraRow, { word, id }: SaidView) {
    const done = await run({ deploymentId: deployment.id, axis: CLASS_WORDS[word].axis, saidId: id });
    if (done.ok) notify({ tone: 'good', title: `#${deployment.number} counts by the rule again` });
  }

  const table = (caption: string, list: readonly DoraRow[]) => (
    <RowTable {...{ caption, pending }} rows={list} onClassify={choose} onUndo={undo} />
  );
  return (
    <Panel title={rule.label} description={rule.rule} body="flush">
      <div className="grid gap-1 border-b border-line px-4 py-3 text-xs text-ink-soft">
        <p>What DORA means: {rule.meant}</p>
        <p>What this one leaves out: {rule.limit}</p>
      </div>
      {refusal ? <Notice live tone="bad" title={refusal.sentence} className="m-3" /> : null}
      {counted.length === 0 ? (
        <p className="px-4 py-6 text-sm text-ink-soft">Nothing counts here in these days.</p>
      ) : (
        table(`Deployments behind ${rule.label}`, counted)
      )}
      {total > counted.length ? (
        <p className="px-4 py-2 text-xs text-ink-faint">
          {counted.length} of {total.toLocaleString('en')}: what speaks against it first, then the newest. Choose one
          component or fewer days to see the others.
        </p>
      ) : null}
      {cutAt === null ? null : (
        <p className="px-4 py-2 text-xs text-ink-faint">
          Only the newest {cutAt.toLocaleString('en')} deployments are read: since {countedFrom.slice(0, 10)}.
        </p>
      )}
      {leftOut.length > 0 ? (
        <div className="border-t border-line">
          <h3 className="px-4 pt-3 pb-1 text-sm font-semibold">Left out by people</h3>
          {table('Deployments that people left out', leftOut)}
        </div>
      ) : null}
      {chosen ? <ClassifyDialog row={chosen} classify={actions.classify} onClose={() => choose(null)} /> : null}
    </Panel>
  );
}

interface RowTableProps {
  caption: string;
  rows: readonly DoraRow[];
  pending: boolean;
  onClassify: (row: DoraRow) => void;
  onUndo: (row: DoraRow, said: SaidView) => void;
}

function RowTable({ caption, rows, pending, onClassify, onUndo }: RowTableProps) {
  return (
    <Table caption={caption} stack>
      <TableHead>
        <Th>No.</Th>
        <Th>What and where</Th>
        <Th>When</Th>
        <Th align="end">Counts</Th>
        <Th>Why</Th>
        <Th>
          <span className="sr-only">Say otherwise</span>
        </Th>
      </TableHead>
      <TableBody>
        {rows.map((row) => (
          <Row key={row.deployment.id}>
            <Td label="No." className="w-0">
              <RowLink href={`/deployments/${row.deployment.id}`} className="tabular-nums">
                #{row.deployment.number}
              </RowLink>
            </Td>
            <Td label="What and where">
              {row.component.name} {row.version} → {withLabel(row.environment.name, row.label)}
            </Td>
            <Td label="When" className="whitespace-nowrap text-ink-soft">
              <RelativeTime at={row.at} />
            </Td>
            <Td label="Counts" align="end" className="whitespace-nowrap tabular-nums">
              {countText(row.value)}
            </Td>
            <Td label="Why">
              <Why row={row} pending={pending} onUndo={onUndo} />
            </Td>
            <Td className="w-0">
              <Button
                size="sm"
                className="relative pointer-coarse:h-11"
                disabledReason={row.classify.refusal?.sentence ?? null}
                onClick={() => onClassify(row)}
              >
                Say otherwise…
              </Button>
            </Td>
          </Row>
        ))}
      </TableBody>
    </Table>
  );
}

function countText(value: DoraRow['value']): string {
  if (value === null) return 'not counted';
  if (typeof value === 'number') return formatSpan(value);
  return value ? 'yes' : 'no';
}

function Why({ row, pending, onUndo }: { row: DoraRow } & Pick<RowTableProps, 'pending' | 'onUndo'>) {
  return (
    <span className="wrap-anywhere grid min-w-0 gap-1">
      {row.why}
      {row.said.map((said) => (
        <span key={said.id} className="flex flex-wrap items-center gap-1.5 text-xs text-ink-soft">
          <Badge variant="accent">{CLASS_WORDS[said.word].label}</Badge>
          {said.by}: {said.reason}
          {row.classify.allowed ? (
            <Button
              size="sm"
              className="relative pointer-coarse:h-11"
              pending={pending}
              onClick={() => onUndo(row, said)}
            >
              Undo
            </Button>
          ) : null}
        </span>
      ))}
    </span>
  );
}
