import { Store } from 'lucide-react';
import { deploymentHref } from '@/components/deployments/deployment-row';
import { EmptyState } from '@/components/ui/empty-state';
import { Link } from '@/components/ui/link';
import { Notice } from '@/components/ui/notice';
import { Panel } from '@/components/ui/panel';
import { Row, RowLink, Table, TableBody, TableHead, Td, Th } from '@/components/ui/table';
import {
  type PlaceView,
  PUBLICATION_ROWS,
  type PublicationRow,
  type PublicationsView,
} from '@/lib/publications/model/view';
import { PublicationBadge } from './state-badge';

/** Versions × galleries: where each of the newest packages is, and since when. */
export function GalleriesPanel({ view }: { view: PublicationsView }) {
  const { places, rows, underWay } = view;
  const shown = rows.filter((row) => places.some(({ extension }) => isOf(extension, row)));
  const cut =
    rows.length < PUBLICATION_ROWS
      ? null
      : `The newest ${PUBLICATION_ROWS} packages. Where an older one is, its own page says.`;
  return (
    <Panel title="Versions by gallery" description={cut} body="flush">
      {places.length === 0 ? (
        <EmptyState icon={<Store aria-hidden />} title="No gallery is set up">
          Connect Open VSX, the VS Marketplace or the private gallery under Connections, and add a target with it under
          What you deploy.
        </EmptyState>
      ) : shown.length === 0 ? (
        <EmptyState icon={<Store aria-hidden />} title="Nothing to publish yet">
          Upload a package of {places[0]?.extension}; then it can be published to {places.length} places.
        </EmptyState>
      ) : (
        <VersionTable places={places} rows={shown} underWay={underWay} />
      )}
      <Notices places={places} />
    </Panel>
  );
}

/** What everybody has to know of a place's credential, once for all places that it holds for. */
function Notices({ places }: { places: readonly PlaceView[] }) {
  const sentences = [...new Set(places.flatMap(({ notice }) => notice ?? []))];
  return sentences.map((sentence) => (
    <div key={sentence} className="p-3">
      <Notice tone="warn" title={sentence}>
        Still published to that way:{' '}
        {places
          .filter(({ notice }) => notice === sentence)
          .map(({ name }) => name)
          .join(', ')}
        .
      </Notice>
    </div>
  ));
}

const isOf = (extension: string, row: PublicationRow) => extension.toLowerCase() === row.extension.toLowerCase();

type UnderWay = PublicationsView['underWay'];

interface VersionTableProps {
  places: readonly PlaceView[];
  rows: readonly PublicationRow[];
  underWay: UnderWay;
}

function VersionTable({ places, rows, underWay }: VersionTableProps) {
  return (
    <Table caption="Versions by gallery, the newest package first" stack>
      <TableHead>
        <Th>Version</Th>
        {places.map((place) => (
          <Th key={place.targetId}>
            {place.gallery} <span className="block text-xs font-normal text-ink-faint">{place.name}</span>
          </Th>
        ))}
      </TableHead>
      <TableBody>
        {rows.map((row) => (
          <Row key={row.packageId}>
            <Td label="Version">
              <div className="min-w-0">
                <RowLink href={`/extensions/packages/${row.packageId}/publish`} className="font-medium wrap-anywhere">
                  {row.extension} {row.version}
                </RowLink>
                <span className="block text-xs text-ink-faint">
                  {row.targetPlatform}
                  {row.prerelease ? ', pre-release' : ''}
                </span>
              </div>
            </Td>
            {places.map((place) => (
              <Td key={place.targetId} label={`${place.gallery}, ${place.name}`} className="whitespace-normal">
                <Cell row={row} place={place} underWay={underWay} />
              </Td>
            ))}
          </Row>
        ))}
      </TableBody>
    </Table>
  );
}

function Cell({ row, place, underWay }: { row: PublicationRow; place: PlaceView; underWay: UnderWay }) {
  const cell = row.cells.find(({ targetId }) => targetId === place.targetId);
  // Of what goes there once more the gallery's last word is over.
  const isOver = cell?.state === 'rejected' || cell?.state === 'unlisted';
  if (cell && !isOver) return <PublicationBadge cell={cell} />;
  // Its gallery has said nothing of it yet: it waits for people, for its turn or for the workflow that publishes it.
  const going = underWay.find(({ packageId, targetId }) => packageId === row.packageId && targetId === place.targetId);
  if (going)
    return (
      <Link
        href={deploymentHref({ id: going.deploymentId })}
        className="relative z-10 text-xs text-accent hover:underline"
      >
        on its way, #{going.number}
      </Link>
    );
  if (cell) return <PublicationBadge cell={cell} />;
  return <span className="text-xs text-ink-faint">{isOf(place.extension, row) ? 'not published' : 'another one'}</span>;
}
