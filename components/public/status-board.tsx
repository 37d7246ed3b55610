'use client';

import { EmptyState } from '@/components/ui/empty-state';
import { Panel } from '@/components/ui/panel';
import { RelativeTime } from '@/components/ui/relative-time';
import { Row, Table, TableBody, TableHead, Td, Th } from '@/components/ui/table';
import { ToneBadge } from '@/components/ui/tone';
import {
  byEnvironment,
  PUBLIC_STATE_WORDS,
  type PublicPlace,
  type PublicStatus,
} from '@/lib/public-status/model/status';
import { PublicReading, type PublicReadingProps } from './public-reading';

/** What is live where, for everybody. */
export function StatusBoard(props: PublicReadingProps) {
  return <PublicReading {...props} draw={drawPlaces} />;
}

function drawPlaces({ places }: PublicStatus) {
  if (places.length === 0)
    return (
      <EmptyState title="Nothing is public yet">
        An administrator chooses under What you deploy which targets are shown here.
      </EmptyState>
    );
  return byEnvironment(places).map((group) => (
    <Panel key={group.environment} title={group.environment} body="flush">
      <PlaceTable {...group} />
    </Panel>
  ));
}

function PlaceTable({ environment, places }: { environment: string; places: readonly PublicPlace[] }) {
  return (
    <Table caption={`What is live in ${environment}`} stack>
      <TableHead>
        <Th className="w-1/3">Component</Th>
        <Th>Version</Th>
        <Th>Since</Th>
        <Th>State</Th>
      </TableHead>
      <TableBody>
        {places.map((place) => (
          <PlaceRow key={`${place.component} ${place.label}`} place={place} />
        ))}
      </TableBody>
    </Table>
  );
}

function PlaceRow({ place: { component, label, version, sha, since, state } }: { place: PublicPlace }) {
  const words = PUBLIC_STATE_WORDS[state];
  return (
    <Row>
      <Td className="font-medium">{label ? `${component} (${label})` : component}</Td>
      <Td label="Version">{version ? <Version version={version} sha={sha} /> : '–'}</Td>
      <Td label="Since">{since ? <RelativeTime at={since} /> : '–'}</Td>
      <Td label="State">
        <ToneBadge tone={words.tone} plain>
          {words.label}
        </ToneBadge>
      </Td>
    </Row>
  );
}

/** A tag with its commit beside it; a commit alone is its own version. */
export function Version({ version, sha }: { version: string; sha: string | null }) {
  return (
    <span className="inline-flex max-w-full items-baseline gap-2">
      <code className="truncate text-[0.92em]">{version}</code>
      {sha && sha !== version ? <code className="text-xs text-ink-faint">{sha}</code> : null}
    </span>
  );
}
