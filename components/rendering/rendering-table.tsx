'use client';

import { ArrowLeftRight, Radio } from 'lucide-react';
import type { Redeploy } from '@/components/redeploy/redeploy-press';
import { Badge } from '@/components/ui/badge';
import { Button } from '@/components/ui/button';
import { Mono } from '@/components/ui/code';
import { later } from '@/components/ui/later';
import { Link } from '@/components/ui/link';
import { RelativeTime } from '@/components/ui/relative-time';
import { Row, Table, TableBody, TableHead, Td, Th } from '@/components/ui/table';
import { ToneBadge } from '@/components/ui/tone';
import { MODE_WORDS, movesOf, type RenderingMode } from '@/lib/rendering/model/mode';
import type { RenderingRow } from '@/lib/rendering/model/rendering-view';
import { withLabel } from '@/lib/targets/model/label';
import { BlockerCount, type Counted } from './blocker-count';
import { ModeProof } from './mode-proof';
import type { Asked } from './rendering-screen';
import { usePreflightCounts } from './use-preflight';

/** Asks the host, so it comes after the rest; nothing where the provider is no host. */
const HostingPanel = later(
  () => import('@/components/hosting/hosting-panel').then((file) => file.HostingPanel),
  <span hidden />,
);

interface RenderingTableProps {
  slug: string;
  name: string;
  rows: readonly RenderingRow[];
  onSwitch: (asked: Asked) => void;
  redeploy: Redeploy;
}

/** One line for each environment of a component. */
export function RenderingTable({ slug, name, rows, onSwitch, redeploy }: RenderingTableProps) {
  const { data, error } = usePreflightCounts(slug, rows);
  const counted = { counts: data?.rows ?? null, error };
  return (
    <Table caption={`How ${name} is built, by environment`} stack>
      <TableHead>
        <Th>Environment</Th>
        <Th>Built as</Th>
        <Th>Host and address</Th>
        <Th>Live</Th>
        <Th>Built in</Th>
        <Th>Other mode</Th>
      </TableHead>
      <TableBody>
        {rows.map((row) => (
          <Row key={row.targetId}>
            <Td label="Environment" className="align-top whitespace-normal">
              <span className="font-medium">{row.environment.name}</span>
              {row.label ? <span className="text-ink-soft"> {row.label}</span> : null}
              {row.environment.isProduction ? <Badge className="ml-1.5 max-sm:ml-0">production</Badge> : null}
            </Td>
            <Td label="Built as" className="min-w-40 align-top whitespace-normal">
              <ModeProof row={row} counts={counted.counts} />
            </Td>
            <Td label="Host" className="min-w-40 align-top whitespace-normal">
              <div className="grid min-w-0 gap-2 *:min-w-0">
                <Host row={row} />
                {row.live ? (
                  <HostingPanel
                    targetId={row.targetId}
                    where={`${row.component.name} in ${withLabel(row.environment.name, row.label)}`}
                    redeploy={redeploy}
                  />
                ) : null}
              </div>
            </Td>
            <Td label="Live" className="min-w-36 align-top whitespace-normal">
              <Live row={row} />
            </Td>
            <Td label="Built in" className="align-top whitespace-normal">
              <Baked names={row.baked} />
            </Td>
            <Td label="Other mode" className="min-w-44 align-top whitespace-normal">
              <Other row={row} counted={counted} onSwitch={onSwitch} />
            </Td>
          </Row>
        ))}
      </TableBody>
    </Table>
  );
}

function Host({ row: { host, address } }: { row: RenderingRow }) {
  return (
    <span className="grid gap-0.5">
      <Link href={`/connections/${host.connectionId}`} className="hover:underline">
        {host.label}
      </Link>
      {address ? (
        <a
          href={address}
          target="_blank"
          rel="noreferrer"
          className="text-xs wrap-anywhere text-ink-soft hover:underline"
        >
          {address.replace(/^https?:\/\//, '')}
        </a>
      ) : (
        <span className="text-xs text-ink-faint">no version address of its own</span>
      )}
    </span>
  );
}

function Live({ row: { live, drift, underWay } }: { row: RenderingRow }) {
  return (
    <span className="grid justify-items-start gap-0.5">
      {live ? (
        <span className="inline-flex flex-wrap items-center gap-x-2">
          <Link
            href={`/deployments/${live.deploymentId}`}
            className="inline-flex items-center gap-1 font-medium hover:underline"
          >
            <Radio aria-hidden className="size-3.5" />#{live.number}
          </Link>
          <Mono>{live.sha.slice(0, 7)}</Mono>
          {live.at ? <RelativeTime at={live.at} className="text-xs text-ink-faint" /> : null}
        </span>
      ) : (
        <span className="text-ink-faint">Nothing live yet</span>
      )}
      {drift ? (
        <>
          <ToneBadge tone="bad" plain className="whitespace-normal">
            Changed elsewhere
          </ToneBadge>
          <span className="max-w-64 text-xs text-ink-soft">{drift.sentence}</span>
        </>
      ) : null}
      {underWay ? (
        <Link href={`/deployments/${underWay.deploymentId}`} className="hover:underline">
          <ToneBadge tone="busy" plain>
            #{underWay.number} on its way{underWay.mode ? ` as ${MODE_WORDS[underWay.mode].short}` : ''}
          </ToneBadge>
        </Link>
      ) : null}
    </span>
  );
}

/** Names only: a value is never shown, and was never sent here. */
function Baked({ names }: { names: readonly string[] | null }) {
  if (names === null) return <span className="text-ink-faint">nothing known</span>;
  if (names.length === 0) return <span className="text-ink-faint">no public values</span>;
  return (
    <details>
      <summary className="cursor-pointer rounded-sm">
        {names.length} public {names.length === 1 ? 'value' : 'values'}
      </summary>
      <ul className="grid gap-0.5 pt-1 text-xs">
        {names.map((name) => (
          <li key={name} className="wrap-anywhere">
            <Mono>{name}</Mono>
          </li>
        ))}
      </ul>
    </details>
  );
}

interface OtherProps {
  row: RenderingRow;
  counted: Counted;
  onSwitch: (asked: Asked) => void;
}

function Other({ row, counted, onSwitch }: OtherProps) {
  const where = `${row.component.name} in ${withLabel(row.environment.name, row.label)}`;
  return (
    <span className="grid justify-items-start gap-1.5">
      {movesOf(row.mode).map((mode) => (
        <span key={mode} className="inline-flex flex-wrap items-center gap-2">
          <Button
            size="sm"
            icon={<ArrowLeftRight aria-hidden />}
            disabledReason={whyNot(row, mode)}
            aria-label={`Switch ${where} to ${MODE_WORDS[mode].short}`}
            onClick={() => onSwitch({ row, mode })}
          >
            {row.mode === null ? `Set to ${MODE_WORDS[mode].short}` : `Switch to ${MODE_WORDS[mode].short}`}…
          </Button>
          {row.modes.includes(mode) ? <BlockerCount targetId={row.targetId} mode={mode} counted={counted} /> : null}
        </span>
      ))}
    </span>
  );
}

/** A reader without the right may still look at what it would do. */
function whyNot({ modes, host }: RenderingRow, mode: RenderingMode): string | null {
  if (modes.length === 0) return `${host.label} knows no rendering modes. Bind the target to a connection that does.`;
  if (modes.includes(mode)) return null;
  const served = modes.map((each) => MODE_WORDS[each].short).join(' and ');
  return `${host.label} serves ${served} only. Bind the target to a host that serves ${MODE_WORDS[mode].short}.`;
}
