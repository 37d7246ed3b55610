import { Mono } from '@/components/ui/code';
import { Link } from '@/components/ui/link';
import { Notice } from '@/components/ui/notice';
import { Panel } from '@/components/ui/panel';
import { RelativeTime } from '@/components/ui/relative-time';
import { Row, RowLink, Table, TableBody, TableHead, Td, Th } from '@/components/ui/table';
import { type Tone, ToneBadge } from '@/components/ui/tone';
import {
  daysWords,
  type GalleryCredential,
  type KeptSecret,
  type Retirement,
  type RetirementView,
} from '@/lib/publications/model/retirement';
import { isReadInFull } from '@/lib/publications/model/unread';
import type { SetUp } from './migrate-button';
import { MigrationPanel } from './migration-panel';

/** By what extensions are published, what of it ends and when, and the way out. */
export function CredentialsScreen({ view, setUp }: { view: RetirementView; setUp: SetUp }) {
  const { retirements, connections, secrets, repositories, beyond, migrations, others } = view;
  return (
    <div className="grid gap-5 *:min-w-0">
      {retirements.map((each) => (
        <Ending key={each.gallery} retirement={each} {...{ secrets, repositories, beyond }} />
      ))}
      <Connections connections={connections} />
      <Secrets {...{ secrets, repositories, beyond }} />
      {retirements.map(({ gallery, steps }) => (
        <MigrationPanel
          key={gallery}
          {...{ gallery, steps, setUp, others }}
          migrations={migrations.filter((each) => each.gallery === gallery)}
        />
      ))}
    </div>
  );
}

const toneOf = (days: number | null): Tone =>
  days === null ? 'neutral' : days <= 0 ? 'bad' : days <= 30 ? 'warn' : 'good';

/** The sentence that matters, with the number in it; good news is said as well, but not over what could not be read. */
function Ending({ retirement, secrets, repositories, beyond }: { retirement: Retirement } & SecretsProps) {
  const { gallery, what, on, daysLeft, places } = retirement;
  const workflows = secrets.filter((each) => each.on !== null && each.gallery === gallery).flatMap(usesOf);
  const still = [...places, ...workflows];
  const isRead = isReadInFull({ repositories, beyond });
  const end = `${what} ${daysLeft > 0 ? 'end' : 'ended'} on ${on}: ${daysWords(daysLeft)}`;
  if (still.length > 0)
    return (
      <Notice tone={daysLeft > 0 ? 'warn' : 'bad'} title={`${gallery}: ${end}.`}>
        Still published to that way: {still.join(', ')}.
      </Notice>
    );
  return (
    <Notice tone={isRead ? 'good' : 'warn'} title={`${gallery}: ${end}.`}>
      {isRead
        ? 'Nothing that this console knows of publishes by one any more.'
        : 'Nothing that was read publishes by one. Not everything was read: see the secrets below.'}
    </Notice>
  );
}

const usesOf = ({ usedBy }: KeptSecret) => usedBy.map(({ workflow, repository }) => `${workflow} in ${repository}`);

function Connections({ connections }: { connections: readonly GalleryCredential[] }) {
  return (
    <Panel title="Connections" description="What this console itself publishes with." body="flush">
      {connections.length === 0 ? (
        <p className="p-4 text-sm text-ink-soft">
          No gallery is connected.{' '}
          <Link href="/connections/new" className="underline">
            Connect one
          </Link>
          .
        </p>
      ) : (
        <Table caption="Connections to galleries" stack>
          <TableHead>
            <Th>Connection</Th>
            <Th>Gallery</Th>
            <Th>Credential</Th>
            <Th>Ends</Th>
          </TableHead>
          <TableBody>
            {connections.map((each) => (
              <Row key={each.id}>
                <Td label="Connection" className="whitespace-normal">
                  <RowLink href={`/connections/${each.id}`} className="font-medium">
                    {each.name}
                  </RowLink>
                </Td>
                <Td label="Gallery">{each.gallery}</Td>
                <Td label="Credential">{each.stored ? 'a stored token' : 'none: a workflow signs in'}</Td>
                <Td label="Ends" className="whitespace-normal">
                  <Ends credential={each} />
                </Td>
              </Row>
            ))}
          </TableBody>
        </Table>
      )}
    </Panel>
  );
}

function Ends({ credential: { daysLeft, expiresAt, ends } }: { credential: GalleryCredential }) {
  return (
    <span className="grid justify-items-start gap-0.5">
      {daysLeft === null ? (
        <span className="text-sm text-ink-soft">no end is known</span>
      ) : (
        <ToneBadge tone={toneOf(daysLeft)}>{daysWords(daysLeft)}</ToneBadge>
      )}
      <span className="text-xs text-ink-faint">
        {expiresAt && !ends?.includes(expiresAt.slice(0, 10)) ? `The gallery says ${expiresAt.slice(0, 10)}. ` : ''}
        {ends}
      </span>
    </span>
  );
}

interface SecretsProps {
  secrets: readonly KeptSecret[];
  repositories: RetirementView['repositories'];
  beyond: RetirementView['beyond'];
}

/** Names and places only; nothing gives a secret's value back. */
function Secrets({ secrets, repositories, beyond }: SecretsProps) {
  const many = repositories.reduce((sum, { workflows }) => sum + workflows, 0);
  const looked = `${many} ${many === 1 ? 'workflow' : 'workflows'} of ${repositories.length} ${repositories.length === 1 ? 'repository' : 'repositories'} read.`;
  return (
    <Panel title="Secrets in repositories" description={`By name only. ${looked}`} body="flush">
      {repositories
        .filter(({ problem }) => problem !== null)
        .map(({ repository, problem }) => (
          <div key={repository} className="p-3">
            <Notice tone="warn" title={`${repository} was not read in full: ${problem}`} />
          </div>
        ))}
      {beyond ? (
        <div className="p-3">
          <Notice tone="warn" title={beyond} />
        </div>
      ) : null}
      {repositories.length === 0 ? (
        <p className="p-4 text-sm text-ink-soft">
          No target of an extension names a repository and its workflow, so there is none to look through.
        </p>
      ) : (
        <Table caption="Secrets that hold a gallery’s token" stack>
          <TableHead>
            <Th>Secret</Th>
            <Th>For</Th>
            <Th>Kept in</Th>
            <Th>Read by</Th>
            <Th>Ends</Th>
          </TableHead>
          <TableBody>
            {secrets.map((each) => (
              <Row key={each.name}>
                <Td label="Secret">
                  <Mono>{each.name}</Mono>
                </Td>
                <Td label="For">{each.gallery}</Td>
                <Td label="Kept in" className="whitespace-normal">
                  <div className="min-w-0">
                    <Kept places={each.places} />
                  </div>
                </Td>
                <Td label="Read by" className="whitespace-normal">
                  <div className="min-w-0">
                    <Uses secret={each} />
                  </div>
                </Td>
                <Td label="Ends">{each.on ?? 'not for everybody'}</Td>
              </Row>
            ))}
          </TableBody>
        </Table>
      )}
    </Panel>
  );
}

function Kept({ places }: Pick<KeptSecret, 'places'>) {
  if (places.length === 0) return <span className="text-ink-faint">nowhere that was looked at</span>;
  return places.map(({ label, url, updatedAt }) => (
    <span key={label} className="block">
      {url ? (
        <a href={url} target="_blank" rel="noreferrer" className="wrap-anywhere underline">
          {label}
        </a>
      ) : (
        <span className="wrap-anywhere">{label}</span>
      )}
      {updatedAt ? (
        <span className="block text-xs text-ink-faint">
          written <RelativeTime at={updatedAt} />
        </span>
      ) : null}
    </span>
  ));
}

/** A secret that nobody reads can go; one that is read and not there breaks the next run. */
function Uses({ secret: { usedBy, places } }: { secret: KeptSecret }) {
  if (usedBy.length === 0)
    return (
      <span className="text-ink-faint">
        no workflow that was read{places.length > 0 ? '; remove it there when nothing else needs it' : ''}
      </span>
    );
  return usedBy.map(({ workflow, repository, url }) => (
    <a
      key={`${repository} ${workflow}`}
      href={url ?? undefined}
      target="_blank"
      rel="noreferrer"
      className="block wrap-anywhere underline"
    >
      {workflow}
    </a>
  ));
}
