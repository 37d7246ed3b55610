'use client';

import { later } from '@/components/ui/later';
import { Panel } from '@/components/ui/panel';
import { Skeleton } from '@/components/ui/skeleton';
import { Row, Table, TableBody, TableHead, Td, Th } from '@/components/ui/table';
import type { InstallsView } from '@/lib/publications/model/installs';
import { LINE_COLOURS } from './installs-colours';

/** The drawing library comes when there is something to draw, and only then. */
const InstallsPlot = later(
  () => import('./installs-plot').then((file) => file.InstallsPlot),
  <Skeleton className="h-57" />,
);

/** What galleries count, over time and for each version; nothing where nothing was counted yet. */
export function InstallsPanel({ view: { lines, versions } }: { view: InstallsView }) {
  if (lines.length === 0) return null;
  return (
    <Panel title="Installs" description="The galleries’ own sums of all versions, kept once a day; at most 90 days.">
      <div className="grid gap-4 *:min-w-0">
        <ul className="flex flex-wrap gap-x-5 gap-y-1 text-sm">
          {lines.map(({ targetId, name, what, points }, index) => (
            <li key={targetId} className="flex items-center gap-2">
              <svg aria-hidden="true" viewBox="0 0 10 10" className="size-2.5 shrink-0">
                <circle cx="5" cy="5" r="5" fill={LINE_COLOURS[index % LINE_COLOURS.length]} />
              </svg>
              {name}: {(points.at(-1)?.total ?? 0).toLocaleString('en')} {what}
            </li>
          ))}
        </ul>
        <InstallsPlot lines={lines} />
        <Table caption="What came in while a version was the newest" stack heightClass="max-h-96">
          <TableHead>
            <Th>Version</Th>
            <Th>Place</Th>
            <Th>Newest from</Th>
            <Th>to</Th>
            <Th align="end">Came in</Th>
          </TableHead>
          <TableBody>
            {versions.map(({ targetId, name, version, from, to, gained }) => (
              <Row key={`${targetId} ${version}`}>
                <Td label="Version">{version}</Td>
                <Td label="Place">{name}</Td>
                <Td label="Newest from">{from}</Td>
                <Td label="to">{to}</Td>
                <Td label="Came in" align="end">
                  {gained.toLocaleString('en')}
                </Td>
              </Row>
            ))}
          </TableBody>
        </Table>
      </div>
    </Panel>
  );
}
