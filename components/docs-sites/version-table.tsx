import { Badge } from '@/components/ui/badge';
import { Mono } from '@/components/ui/code';
import { EmptyState } from '@/components/ui/empty-state';
import { Panel } from '@/components/ui/panel';
import { RelativeTime } from '@/components/ui/relative-time';
import { Row, Table, TableBody, TableHead, Td, Th } from '@/components/ui/table';
import type { SiteView } from '@/lib/docs-sites/model/site';

/** Each name that visitors know, with the version behind it and the commit that it was built from. */
export function VersionTable({ view }: { view: SiteView }) {
  const { versions, branch, head, defaultName } = view;
  return (
    <Panel
      title="Versions"
      description={
        head ? (
          <>
            On <Mono>{branch}</Mono> at <Mono>{head.slice(0, 7)}</Mono>
          </>
        ) : undefined
      }
      body="flush"
    >
      {versions.length === 0 ? (
        <EmptyState title="No versions" className="py-6">
          {head
            ? 'The branch holds no readable list of versions.'
            : `There is no branch ${branch}. Set it up with “Keep several versions” to have some; as one site it works without.`}
        </EmptyState>
      ) : (
        <Table caption="Versions" stack>
          <TableHead>
            <Th>Version</Th>
            <Th>Names</Th>
            <Th>Built from</Th>
            <Th align="end">Published</Th>
          </TableHead>
          <TableBody>
            {versions.map((each) => (
              <Row key={each.version}>
                <Td label="Version" className="font-medium">
                  {each.title === each.version ? each.version : `${each.title} (${each.version})`}
                </Td>
                <Td label="Names" className="w-full whitespace-normal">
                  <span className="flex flex-wrap gap-1.5">
                    {each.aliases.map((alias) => (
                      <Badge key={alias}>{alias === defaultName ? `${alias}, the default` : alias}</Badge>
                    ))}
                    {each.version === defaultName ? <Badge>the default</Badge> : null}
                    {each.aliases.length === 0 && each.version !== defaultName ? (
                      <span className="text-ink-faint">only its own</span>
                    ) : null}
                  </span>
                </Td>
                <Td label="Built from">{each.sha ? <Mono>{each.sha.slice(0, 7)}</Mono> : 'not written down'}</Td>
                <Td label="Published" align="end">
                  {each.at ? <RelativeTime at={each.at} /> : 'not known'}
                </Td>
              </Row>
            ))}
          </TableBody>
        </Table>
      )}
    </Panel>
  );
}
