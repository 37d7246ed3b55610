'use client';

import { FollowPanel } from '@/components/status/follow-panel';
import { IncidentArticle } from '@/components/status/incident-article';
import { MaintenanceArticle } from '@/components/status/maintenance-article';
import { standingOf } from '@/components/status/standing';
import { UptimeList } from '@/components/status/uptime-list';
import { EmptyState } from '@/components/ui/empty-state';
import { Notice } from '@/components/ui/notice';
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
import type { PublicMaintenance } from '@/lib/status/model/public';
import { IMPACT_WORDS } from '@/lib/status/model/words';
import { withLabel } from '@/lib/targets/model/label';
import { PublicReading, type PublicReadingProps } from './public-reading';

/** What is live where, what goes on and what was announced, for everybody. */
export function StatusBoard(props: PublicReadingProps) {
  return <PublicReading {...props} draw={drawStatus} />;
}

function drawStatus(status: PublicStatus) {
  const { places, incidents, maintenances, links } = status;
  const { tone, says } = standingOf(status);
  const open = incidents.filter(({ resolvedAt }) => resolvedAt === null);
  const past = incidents.filter(({ resolvedAt }) => resolvedAt !== null);
  const [ahead, over] = [maintenances.filter(isAhead), maintenances.filter((each) => !isAhead(each))];
  return (
    <>
      <Notice tone={tone} title={says} />
      {open.map((incident) => (
        <IncidentArticle key={incident.id} incident={incident} />
      ))}
      {ahead.map((maintenance) => (
        <MaintenanceArticle key={maintenance.id} maintenance={maintenance} />
      ))}
      <Places places={places} />
      <UptimeList places={places.flatMap((place) => (place.uptime ? [{ ...place, uptime: place.uptime }] : []))} />
      <Past incidents={past} maintenances={over} />
      {links ? <FollowPanel links={links} /> : null}
    </>
  );
}

const isAhead = ({ state }: PublicMaintenance) => state === 'scheduled' || state === 'in_progress';

function Places({ places }: Pick<PublicStatus, 'places'>) {
  if (places.length === 0)
    return (
      <EmptyState title="Nothing is public yet">
        An administrator chooses under Status page which targets are shown here.
      </EmptyState>
    );
  return byEnvironment(places).map((group) => (
    <Panel key={group.environment} title={group.environment} body="flush">
      <PlaceTable {...group} />
    </Panel>
  ));
}

function Past({ incidents, maintenances }: Pick<PublicStatus, 'incidents' | 'maintenances'>) {
  if (incidents.length + maintenances.length === 0) return null;
  return (
    <details>
      <summary className="w-fit cursor-pointer py-1 text-sm font-medium">
        What is over ({incidents.length + maintenances.length})
      </summary>
      <div className="mt-3 grid gap-4 *:min-w-0">
        {incidents.map((incident) => (
          <IncidentArticle key={incident.id} incident={incident} />
        ))}
        {maintenances.map((maintenance) => (
          <MaintenanceArticle key={maintenance.id} maintenance={maintenance} />
        ))}
      </div>
    </details>
  );
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

function PlaceRow({ place }: { place: PublicPlace }) {
  const { component, label, version, sha, since } = place;
  const words = wordsOf(place);
  return (
    <Row>
      <Td className="font-medium">{withLabel(component, label)}</Td>
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

/** Trouble counts for more than announced work, and both for more than what is live. */
function wordsOf({ state, impact, maintained }: PublicPlace) {
  if (impact !== null && impact !== 'none') return IMPACT_WORDS[impact];
  return maintained ? ({ tone: 'busy', label: 'Maintenance' } as const) : PUBLIC_STATE_WORDS[state];
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
