'use client';

import { useAction } from '@/components/console/use-action';
import { deploymentHref } from '@/components/deployments/deployment-row';
import { Badge } from '@/components/ui/badge';
import { ConfirmButton } from '@/components/ui/confirm-button';
import { CopiedSha } from '@/components/ui/copied-sha';
import { Link } from '@/components/ui/link';
import { notify } from '@/components/ui/notify';
import { RelativeTime } from '@/components/ui/relative-time';
import { formatBytes } from '@/components/ui/size-format';
import { Row, Table, TableBody, TableHead, Td, Th } from '@/components/ui/table';
import { ToneBadge } from '@/components/ui/tone';
import type { ReleaseRepository, ReleaseRow } from '@/lib/releases/model/view';
import { withLabel } from '@/lib/targets/model/label';
import type { ReleaseActions } from './release-actions';

interface ReleaseTableProps {
  repository: ReleaseRepository;
  publish: ReleaseActions['publish'];
  disabledReason: string | null;
}

export function ReleaseTable({ repository, publish, disabledReason }: ReleaseTableProps) {
  return (
    <Table caption={`Releases of ${repository.repository}`} stack>
      <TableHead>
        <Th>Version</Th>
        <Th>Commit</Th>
        <Th>Live</Th>
        <Th>By</Th>
        <Th>Files</Th>
        <Th align="end">
          <span className="sr-only">Publish</span>
        </Th>
      </TableHead>
      <TableBody>
        {repository.releases.map((row) => (
          <Row key={row.id}>
            <Td>
              <Version row={row} />
            </Td>
            <Td label="Commit">{row.sha ? <CopiedSha value={row.sha} /> : 'made when it is published'}</Td>
            <Td label="Live">
              <Live row={row} />
            </Td>
            <Td label="By" className="text-ink-soft">
              {row.author}, <RelativeTime at={row.at} />
            </Td>
            <Td label="Files">
              <Assets row={row} />
            </Td>
            <Td align="end">{row.draft ? <Publish {...{ row, repository, publish, disabledReason }} /> : null}</Td>
          </Row>
        ))}
      </TableBody>
    </Table>
  );
}

function Version({ row }: { row: ReleaseRow }) {
  return (
    <span className="grid min-w-0 gap-0.5">
      <span className="flex flex-wrap items-center gap-1.5">
        <a
          href={row.url}
          target="_blank"
          rel="noreferrer"
          className="font-medium wrap-anywhere underline decoration-line-strong underline-offset-3 hover:decoration-current"
        >
          {row.tag}
        </a>
        {row.draft ? <ToneBadge tone="warn">Draft</ToneBadge> : null}
        {row.preRelease ? <Badge>Pre-release</Badge> : null}
        {row.immutable ? <Badge>Immutable</Badge> : null}
      </span>
      {row.name !== row.tag ? <span className="text-xs wrap-anywhere text-ink-faint">{row.name}</span> : null}
    </span>
  );
}

function Live({ row }: { row: ReleaseRow }) {
  if (row.live.length === 0) return <span className="text-ink-faint">nowhere</span>;
  return (
    <ul className="grid gap-0.5">
      {row.live.map((each) => (
        <li key={each.deploymentId}>
          <Link
            href={deploymentHref({ id: each.deploymentId })}
            className="underline decoration-line-strong underline-offset-3 hover:decoration-current"
          >
            {each.component} in {withLabel(each.environment, each.label)}
          </Link>
        </li>
      ))}
    </ul>
  );
}

function Assets({ row }: { row: ReleaseRow }) {
  if (row.assets.length === 0) return <span className="text-ink-faint">none</span>;
  return (
    <ul className="grid gap-0.5">
      {row.assets.map(({ name, size, url, digest }) => (
        <li key={name} className="wrap-anywhere">
          <a href={url} title={digest ?? undefined} className="underline decoration-line-strong underline-offset-3">
            {name}
          </a>{' '}
          <span className="text-xs text-ink-faint">{formatBytes(size)}</span>
        </li>
      ))}
    </ul>
  );
}

function Publish({ row, repository, publish, disabledReason }: ReleaseTableProps & { row: ReleaseRow }) {
  const { run } = useAction(publish);
  async function press() {
    const { connectionId, repository: name } = repository;
    const done = await run({ connectionId, repository: name, tag: row.tag });
    if (!done.ok) return done.refusal.sentence;
    notify({ tone: 'good', title: `Published ${row.tag}` });
    return null;
  }
  return (
    <ConfirmButton
      size="sm"
      disabledReason={disabledReason}
      confirm={{
        title: `Publish ${row.tag}?`,
        description:
          'Everybody who sees the repository sees it then, its tag is made, and workflows that run on releases or tags start.',
        confirmLabel: `Publish ${row.tag}`,
      }}
      onConfirm={press}
    >
      Publish
    </ConfirmButton>
  );
}
