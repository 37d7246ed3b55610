import { Fragment } from 'react';
import { ButtonLink } from '@/components/ui/button-link';
import { Mono } from '@/components/ui/code';
import { Link } from '@/components/ui/link';
import { Notice } from '@/components/ui/notice';
import { Panel } from '@/components/ui/panel';
import type { Migration, Proposal, RetirementView } from '@/lib/publications/model/retirement';
import { NeedsList } from '../setup/needs-list';
import { STATE_WORDS } from '../setup/state-words';
import { MigrateButton, type SetUp } from './migrate-button';

interface MigrationPanelProps {
  gallery: string;
  steps: readonly string[];
  migrations: readonly Migration[];
  others: RetirementView['others'];
  setUp: SetUp;
}

/** The steps that a person takes elsewhere, and the one that a button takes here. */
export function MigrationPanel({ gallery, steps, migrations, others, setUp }: MigrationPanelProps) {
  return (
    <Panel
      title={`Publish to ${gallery} without a token`}
      description="By a workload identity: nothing is stored, so nothing ends."
    >
      <div className="grid gap-5 *:min-w-0">
        <ol className="grid list-decimal gap-1.5 pl-5 text-sm">
          {steps.map((step) => (
            <li key={step} className="wrap-anywhere">
              {step}
            </li>
          ))}
        </ol>
        {migrations.length === 0 && others.length === 0 ? (
          <p className="text-sm text-ink-soft">
            There is no component of the kind extension with a target, so there is nothing to propose.
          </p>
        ) : (
          migrations.map((each) => <One key={each.component.slug} migration={each} setUp={setUp} />)
        )}
        <Others others={others} />
      </div>
    </Panel>
  );
}

/** Their proposals are read when they are opened. */
function Others({ others }: Pick<MigrationPanelProps, 'others'>) {
  if (others.length === 0) return null;
  const many = others.length === 1 ? '1 more extension' : `${others.length} more extensions`;
  return (
    <nav aria-label="Other extensions" className="grid gap-1.5 border-t border-line pt-4 text-sm">
      <p className="text-ink-soft">{many}. Open one to see what is proposed for it.</p>
      <ul className="flex flex-wrap gap-x-4 gap-y-1">
        {others.map(({ slug, name }) => (
          <li key={slug}>
            <Link href={`/extensions/credentials?component=${encodeURIComponent(slug)}`} className="underline">
              {name}
            </Link>
          </li>
        ))}
      </ul>
    </nav>
  );
}

function One({ migration, setUp }: { migration: Migration; setUp: SetUp }) {
  const { component, problem, proposal } = migration;
  return (
    <section aria-label={`Proposal for ${component.name}`} className="grid gap-3 border-t border-line pt-4">
      <h3 className="text-sm font-semibold">
        {component.name}
        {proposal ? <span className="font-normal text-ink-faint"> in {proposal.repository}</span> : null}
      </h3>
      {problem ? <Notice tone="warn" title={problem.sentence} /> : null}
      {proposal ? (
        <>
          <Files proposal={proposal} slug={component.slug} />
          <NeedsList needs={proposal.needs} />
          <MigrateButton key={proposal.shown} slug={component.slug} {...{ proposal, setUp }} />
        </>
      ) : null}
      <AtTargets migration={migration} />
    </section>
  );
}

function Files({ proposal: { files, settings, repository }, slug }: { proposal: Proposal; slug: string }) {
  if (files.length === 0) return <p className="text-sm text-ink-soft">Its workflow publishes that way already.</p>;
  const search = new URLSearchParams({ repository, settings });
  return (
    <div className="grid gap-2 text-sm">
      <ul className="grid gap-1.5">
        {files.map(({ path, state }) => (
          <li key={path}>
            <Mono className="wrap-anywhere">{path}</Mono>{' '}
            <span className="text-ink-faint">{STATE_WORDS[state].sentence}</span>
          </li>
        ))}
      </ul>
      <span>
        <ButtonLink size="sm" href={`/components/${encodeURIComponent(slug)}/setup?${search}`}>
          See what would change
        </ButtonLink>
      </span>
    </div>
  );
}

/** What the targets here still have to be told; merged files alone change nothing of how they publish. */
function AtTargets({ migration: { places, proposal } }: { migration: Migration }) {
  if (places.length === 0) return null;
  const said = proposal
    ? [
        ['Repository', proposal.repository],
        ['Workflow', proposal.workflow],
        ['Connection that starts it', proposal.connectionId],
        ['Branch', proposal.base],
      ]
    : [];
  return (
    <div className="grid gap-2 text-sm">
      <p>
        Once it is merged, write the workflow into the settings of{' '}
        {places.map(({ targetId, name }, at) => (
          <Fragment key={targetId}>
            {at > 0 ? ', ' : null}
            <Link href={`/estate/targets/${targetId}`} className="underline">
              {name}
            </Link>
          </Fragment>
        ))}
        , which {places.length === 1 ? 'is' : 'are'} still published to by a token. A{' '}
        <Link href="/connections/new" className="underline">
          new connection
        </Link>{' '}
        without a token can then take the place of {places.length === 1 ? 'its' : 'their'} own.
      </p>
      {said.length > 0 ? (
        <dl className="grid grid-cols-[auto_minmax(0,1fr)] gap-x-4 gap-y-1 wrap-anywhere">
          {said.map(([label, value]) => (
            <Fragment key={label}>
              <dt className="text-ink-faint">{label}</dt>
              <dd className="min-w-0">
                <Mono className="wrap-anywhere">{value ?? 'the one that publishes'}</Mono>
              </dd>
            </Fragment>
          ))}
        </dl>
      ) : null}
    </div>
  );
}
