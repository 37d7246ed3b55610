'use client';

import { Pencil, Trash2 } from 'lucide-react';
import { Badge } from '@/components/ui/badge';
import { IconButton } from '@/components/ui/button';
import { Mono } from '@/components/ui/code';
import { RelativeTime } from '@/components/ui/relative-time';
import { Row, Table, TableBody, TableHead, Td, Th } from '@/components/ui/table';
import { ToneBadge } from '@/components/ui/tone';
import type { ConfigurationView, SettingRow } from '@/lib/configuration/model/view';
import type { Edited } from './configuration-screen';
import { PARITY } from './words';

interface SettingTableProps {
  view: ConfigurationView;
  refusal: string | null;
  onEdit: (edited: Edited) => void;
}

/** One line a name: where it is, since when, how it compares, and what is wrong. */
export function SettingTable({ view, refusal, onEdit }: SettingTableProps) {
  const labels = new Map(view.places.map(({ key, label }) => [key, label]));
  const open = new Set(view.places.flatMap(({ key, refusal }) => (refusal === null ? [key] : [])));
  const names = new Map(view.others.map(({ slug, name }) => [slug, name]));
  return (
    <Table caption="Secrets and variables" stack>
      <TableHead>
        <Th>Name</Th>
        <Th>Where</Th>
        <Th>In other environments</Th>
        <Th>To look at</Th>
        <Th align="end">
          <span className="sr-only">Change</span>
        </Th>
      </TableHead>
      <TableBody>
        {view.rows.map((row) => (
          <Row key={`${row.kind} ${row.name}`}>
            <Td className="align-top max-sm:pr-20!">
              <span className="grid justify-items-start gap-1">
                <Mono className="font-medium">{row.name}</Mono>
                <Badge>{row.kind === 'secret' ? 'Secret' : 'Variable'}</Badge>
              </span>
            </Td>
            <Td label="Where" className="min-w-64 align-top whitespace-normal max-sm:min-w-0">
              <Places row={row} labels={labels} />
            </Td>
            <Td label="Elsewhere" className="align-top whitespace-normal">
              <Elsewhere row={row} names={names} />
            </Td>
            <Td
              label="To look at"
              className="min-w-56 align-top whitespace-normal max-sm:min-w-0 max-sm:has-[ul:empty]:hidden!"
            >
              <Findings row={row} />
            </Td>
            <Td align="end" className="align-top max-sm:absolute! max-sm:top-1.5 max-sm:right-2">
              <span className="inline-flex gap-1">
                <IconButton
                  label={`Write ${row.name}`}
                  icon={<Pencil aria-hidden />}
                  size="sm"
                  disabledReason={refusal}
                  onClick={() => onEdit({ action: 'set', row })}
                />
                {row.at.some(({ place }) => open.has(place)) ? (
                  <IconButton
                    label={`Remove ${row.name}`}
                    icon={<Trash2 aria-hidden />}
                    size="sm"
                    disabledReason={refusal}
                    onClick={() => onEdit({ action: 'remove', row })}
                  />
                ) : null}
              </span>
            </Td>
          </Row>
        ))}
      </TableBody>
    </Table>
  );
}

function Places({ row, labels }: { row: SettingRow; labels: ReadonlyMap<string, string> }) {
  if (row.at.length === 0) return <span className="text-ink-faint">not here</span>;
  return (
    <ul className="grid gap-1">
      {row.at.map(({ place, updatedAt, digest }) => (
        <li key={place} className="wrap-anywhere">
          {labels.get(place) ?? place}
          <span className="block text-xs text-ink-faint">
            {updatedAt ? (
              <>
                written <RelativeTime at={updatedAt} />
              </>
            ) : (
              'age not known'
            )}
            {digest ? (
              <>
                {' · '}
                <Mono>{digest.slice(0, 8)}</Mono>
              </>
            ) : null}
          </span>
        </li>
      ))}
    </ul>
  );
}

function Elsewhere({ row, names }: { row: SettingRow; names: ReadonlyMap<string, string> }) {
  if (row.elsewhere.length === 0) return <span className="text-ink-faint">–</span>;
  return (
    <ul className="grid gap-1">
      {row.elsewhere.map(({ environment, parity }) => (
        <li key={environment} className="flex flex-wrap items-center gap-x-1.5">
          <span className="text-ink-soft">{names.get(environment) ?? environment}</span>
          <ToneBadge plain tone={PARITY[parity].tone}>
            {PARITY[parity].word}
          </ToneBadge>
        </li>
      ))}
    </ul>
  );
}

const UNTIL = {
  'next-start': 'it is started anew',
  'next-deployment': 'the next deployment',
  'roll-out': 'the deployment that is on its way is completed',
} as const;

function Findings({ row }: { row: SettingRow }) {
  const stale = row.at.some((each) => each.stale);
  const alone =
    row.at.length + row.missingFor.length + row.removedFor.length === 0 &&
    row.elsewhere.some((each) => each.parity === 'there');
  return (
    <ul className="grid gap-1.5">
      {row.missingFor.length > 0 ? (
        <li>
          <ToneBadge tone="bad">Missing</ToneBadge> {row.missingFor.map(({ name }) => name).join(', ')} asks for it.{' '}
          {[...new Set(row.missingFor.flatMap(({ because }) => because ?? []))].join(' ')}
        </li>
      ) : null}
      {row.notLiveFor.map(({ id, name, number, changedAt }) => (
        <li key={`${id} ${name}`}>
          <ToneBadge tone="warn">Not live</ToneBadge>{' '}
          {number === null ? `${name} was started before it; ` : `${name} runs with what there was before #${number}; `}
          changed <RelativeTime at={changedAt} />.
        </li>
      ))}
      {row.removedFor.map(({ id, name, until }) => (
        <li key={`${id} ${name}`}>
          <ToneBadge tone="warn">Removed</ToneBadge> Still live in {name} until {UNTIL[until]}.
        </li>
      ))}
      {stale ? (
        <li>
          <ToneBadge tone="warn">Stale</ToneBadge> Make a new one and write it where it stands.
        </li>
      ) : null}
      {alone ? <li className="text-ink-soft">Only in another environment.</li> : null}
    </ul>
  );
}
