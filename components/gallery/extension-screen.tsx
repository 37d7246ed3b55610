import { Badge } from '@/components/ui/badge';
import { Notice } from '@/components/ui/notice';
import { Facts, Panel } from '@/components/ui/panel';
import { RelativeTime } from '@/components/ui/relative-time';
import { formatBytes } from '@/components/ui/size-format';
import { Row, Table, TableBody, TableHead, Td, Th } from '@/components/ui/table';
import type { LexedReadme } from '@/lib/gallery/model/readme';
import type { GalleryExtensionView } from '@/lib/gallery/model/view';
import { Readme } from './readme';
import { VersionActions, type VersionActionsProps } from './version-actions';

export interface ExtensionScreenProps extends Pick<VersionActionsProps, 'yank' | 'unyank'> {
  view: GalleryExtensionView;
  /** Null = none, or it cannot be read. */
  readme: LexedReadme | null;
}

/** One extension: what it says of itself, every version of it, and who fetched it how often. */
export function ExtensionScreen({ view, readme, yank, unyank }: ExtensionScreenProps) {
  return (
    <div className="grid gap-5 lg:grid-cols-[minmax(0,1fr)_18rem] *:min-w-0">
      <div className="grid content-start gap-5 *:min-w-0">
        {view.version === null ? (
          <Notice tone="warn" title="Nothing of it can be installed: every version was yanked or is not kept." />
        ) : null}
        <Versions view={view} yank={yank} unyank={unyank} />
        <Panel title="README">
          {readme === null ? (
            <p className="text-sm text-ink-soft">This package has no README, or it cannot be read right now.</p>
          ) : (
            <Readme readme={readme} />
          )}
        </Panel>
        <Days days={view.days} />
      </div>
      <div className="grid content-start gap-5 *:min-w-0">
        <About view={view} />
      </div>
    </div>
  );
}

function About({ view }: { view: GalleryExtensionView }) {
  const { counts } = view;
  return (
    <Panel title="About">
      <Facts
        items={[
          { name: 'Id', value: `${view.namespace}.${view.name}` },
          { name: 'Owners', value: view.owners.map(({ name }) => name).join(', ') || 'nobody' },
          { name: 'Installed', value: counts.install },
          { name: 'Updated', value: counts.update },
          { name: 'Removed', value: counts.uninstall },
          { name: 'Downloaded', value: counts.download },
          { name: 'Licence', value: view.license ?? 'none named' },
          { name: 'Categories', value: view.categories.join(', ') || 'none' },
          { name: 'Tags', value: view.tags.join(', ') || 'none' },
        ]}
      />
    </Panel>
  );
}

function Versions({ view, yank, unyank }: Omit<ExtensionScreenProps, 'readme'>) {
  return (
    <Panel title="Versions" description="A version never changes and is never given to other content." body="flush">
      <Table caption="Versions" stack>
        <TableHead>
          <Th>Version</Th>
          <Th>For</Th>
          <Th align="end">Size</Th>
          <Th>Published</Th>
          <Th align="end">Installed</Th>
          <Th>
            <span className="sr-only">What to do</span>
          </Th>
        </TableHead>
        <TableBody>
          {view.versions.map((each) => (
            <Row key={`${each.version} ${each.platform}`}>
              <Td label="Version" className="whitespace-normal">
                <span className="inline-flex min-w-0 flex-wrap items-center gap-1.5">
                  <span className={each.yanked || each.retiredAt ? 'text-ink-faint line-through' : 'font-medium'}>
                    {each.version}
                  </span>
                  {each.prerelease ? <Badge variant="accent">pre-release</Badge> : null}
                  {each.retiredAt ? <Badge>not kept</Badge> : null}
                  {each.yanked ? (
                    <span className="text-xs wrap-anywhere text-ink-soft">yanked: {each.yanked.reason}</span>
                  ) : null}
                </span>
              </Td>
              <Td label="For">{each.platform === 'universal' ? 'all platforms' : each.platform}</Td>
              <Td label="Size" align="end">
                {formatBytes(each.size)}
              </Td>
              <Td label="Published">
                <RelativeTime at={each.publishedAt} />
                {each.publishedBy ? ` by ${each.publishedBy}` : ''}
              </Td>
              <Td label="Installed" align="end">
                {each.counts.install}
              </Td>
              <Td align="end">
                <VersionActions
                  extension={{ namespace: view.namespace, name: view.name }}
                  version={each}
                  allowed={view.mayYank}
                  {...{ yank, unyank }}
                />
              </Td>
            </Row>
          ))}
        </TableBody>
      </Table>
    </Panel>
  );
}

function Days({ days }: Pick<GalleryExtensionView, 'days'>) {
  return (
    <Panel title="By day" description="The last 30 days, in UTC." body={days.length > 0 ? 'flush' : 'padded'}>
      {days.length === 0 ? (
        <p className="text-sm text-ink-soft">Nobody has fetched it yet.</p>
      ) : (
        <Table caption="Fetched by day" heightClass="max-h-80">
          <TableHead>
            <Th>Day</Th>
            <Th align="end">Installed</Th>
            <Th align="end">Updated</Th>
            <Th align="end">Removed</Th>
            <Th align="end">Downloaded</Th>
          </TableHead>
          <TableBody>
            {[...days].reverse().map(({ day, counts }) => (
              <Row key={day}>
                <Td>{day}</Td>
                <Td align="end">{counts.install}</Td>
                <Td align="end">{counts.update}</Td>
                <Td align="end">{counts.uninstall}</Td>
                <Td align="end">{counts.download}</Td>
              </Row>
            ))}
          </TableBody>
        </Table>
      )}
    </Panel>
  );
}
