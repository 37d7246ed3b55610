'use client';

import { Badge } from '@/components/ui/badge';
import { EmptyState } from '@/components/ui/empty-state';
import { Panel } from '@/components/ui/panel';
import { RelativeTime } from '@/components/ui/relative-time';
import { Row, Table, TableBody, TableHead, Td, Th } from '@/components/ui/table';
import type { PublicRelease, PublicStatus } from '@/lib/public-status/model/status';
import { withLabel } from '@/lib/targets/model/label';
import { PublicReading, type PublicReadingProps } from './public-reading';
import { Version } from './status-board';

/** What went live last, for everybody. */
export function ReleaseList(props: PublicReadingProps) {
  return <PublicReading {...props} draw={drawReleases} />;
}

function drawReleases({ releases }: PublicStatus) {
  if (releases.length === 0)
    return (
      <EmptyState title="No release yet">
        What goes live where the status is public is listed here, newest first.
      </EmptyState>
    );
  return (
    <Panel body="flush">
      <Table caption="Releases, newest first" stack>
        <TableHead>
          <Th className="w-1/3">Component</Th>
          <Th>Version</Th>
          <Th>Where</Th>
          <Th>Live since</Th>
        </TableHead>
        <TableBody>
          {releases.map((release) => (
            <ReleaseRow key={`${release.at} ${release.component} ${release.environment}`} release={release} />
          ))}
        </TableBody>
      </Table>
    </Panel>
  );
}

function ReleaseRow({ release }: { release: PublicRelease }) {
  const { component, label, version, sha, environment, at, restored } = release;
  return (
    <Row>
      <Td className="font-medium">{withLabel(component, label)}</Td>
      <Td label="Version">
        <Version version={version} sha={sha} />
        {restored ? <Badge className="ml-2">brought back</Badge> : null}
      </Td>
      <Td label="Where">{environment}</Td>
      <Td label="Live since">
        <RelativeTime at={at} />
      </Td>
    </Row>
  );
}
