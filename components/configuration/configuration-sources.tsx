import { Badge } from '@/components/ui/badge';
import { Panel } from '@/components/ui/panel';
import { Row, Table, TableBody, TableHead, Td, Th } from '@/components/ui/table';
import type { ConfigurationView } from '@/lib/configuration/model/view';

/** Where all of that was read, and by whom it is used. */
export function ConfigurationSources({ view }: { view: ConfigurationView }) {
  return (
    <>
      {view.places.length > 0 ? <Places view={view} /> : null}
      {view.targets.length + view.without.length > 0 ? <Targets view={view} /> : null}
    </>
  );
}

function Places({ view: { places } }: { view: ConfigurationView }) {
  return (
    <Panel
      title="Places"
      description="Of two settings with one name the nearer counts; the nearest stand first."
      body="flush"
    >
      <Table caption="Places" stack>
        <TableHead>
          <Th>Place</Th>
          <Th>Kind</Th>
          <Th>Writing</Th>
        </TableHead>
        <TableBody>
          {places.map(({ key, label, scope, shared, url, provider, absent, refusal }) => (
            <Row key={key}>
              <Td className="min-w-72 font-medium wrap-anywhere whitespace-normal max-sm:min-w-0">
                {url ? (
                  <a href={url} target="_blank" rel="noreferrer" className="hover:underline">
                    {label}
                  </a>
                ) : (
                  label
                )}
              </Td>
              <Td label="Kind">
                <span className="inline-flex flex-wrap gap-1.5">
                  {provider} <Badge>{scope}</Badge> {shared ? <Badge>Shared</Badge> : null}
                </span>
              </Td>
              <Td label="Writing" className="w-full whitespace-normal text-ink-soft">
                {absent ?? refusal ?? 'You may write here.'}
              </Td>
            </Row>
          ))}
        </TableBody>
      </Table>
    </Panel>
  );
}

function Targets({ view: { targets, without, places } }: { view: ConfigurationView }) {
  const labels = new Map(places.map(({ key, label }) => [key, label]));
  return (
    <Panel title="Targets" description="Whose deployments read these places, and what runs there." body="flush">
      <Table caption="Targets" stack>
        <TableHead>
          <Th>Target</Th>
          <Th>Reads</Th>
          <Th>Asks for</Th>
        </TableHead>
        <TableBody>
          {targets.map(({ id, name, places: own, named }) => (
            <Row key={`${id} ${name}`}>
              <Td className="font-medium">{name}</Td>
              <Td label="Reads" className="w-full whitespace-normal wrap-anywhere">
                {own.map((key) => labels.get(key) ?? key).join(', ') || 'not known'}
              </Td>
              <Td label="Asks for">{named === null ? 'not known' : named === 1 ? '1 name' : `${named} names`}</Td>
            </Row>
          ))}
          {without.map(({ id, name, provider }) => (
            <Row key={id}>
              <Td className="font-medium">{name}</Td>
              <Td label="Reads" className="w-full whitespace-normal text-ink-soft">
                The console reads no secrets and variables of {provider}.
              </Td>
              <Td label="Asks for">not known</Td>
            </Row>
          ))}
        </TableBody>
      </Table>
    </Panel>
  );
}
