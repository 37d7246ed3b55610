'use client';

import { ButtonLink } from '@/components/ui/button-link';
import { EmptyState } from '@/components/ui/empty-state';
import { Link } from '@/components/ui/link';
import { Notice } from '@/components/ui/notice';
import { Facts, Panel } from '@/components/ui/panel';
import type { SetSiteInput, SiteProblem, SiteView } from '@/lib/docs-sites/model/site';
import type { Action } from '@/lib/kernel/result';
import { SetSiteButton } from './set-site-button';
import { SiteBuilds } from './site-builds';
import { VersionTable } from './version-table';

export type SetSite = Action<SetSiteInput, unknown>;

/** A component's site: what is live, its versions, what keeps visitors from them, and who builds it. */
export function SiteScreen({ view, setSite }: { view: SiteView; setSite: SetSite }) {
  const { problem, repository, live, problems, site } = view;
  if (!repository || problem) {
    return (
      <Panel>
        <EmptyState
          title={repository ? 'The site could not be read' : 'There is no repository to look at'}
          action={repository ? undefined : <ButtonLink href="/estate">What you deploy</ButtonLink>}
        >
          {problem?.sentence}
        </EmptyState>
      </Panel>
    );
  }
  return (
    <div className="grid gap-5 *:min-w-0">
      <Repositories view={view} repository={repository} />
      <Notice tone={live.tone} title={live.sentence}>
        {site?.url ? (
          <a href={site.url} target="_blank" rel="noreferrer" className="wrap-anywhere underline underline-offset-3">
            {site.url}
          </a>
        ) : null}
      </Notice>
      {problems.map((each) => (
        <Notice
          key={each.code}
          tone="warn"
          title={each.sentence}
          action={<Mend problem={each} {...{ view, setSite }} />}
        />
      ))}
      <VersionTable view={view} />
      <div className="grid items-start gap-5 *:min-w-0 lg:grid-cols-2">
        <SettingsPanel view={view} setSite={setSite} />
        {site && site.builds.length > 0 ? <SiteBuilds builds={site.builds} /> : null}
      </div>
    </div>
  );
}

function Mend({ problem, view, setSite }: { problem: SiteProblem; view: SiteView; setSite: SetSite }) {
  const { mend } = problem;
  if (!mend) return null;
  if (mend.to === 'set') return <SetSiteButton view={view} setSite={setSite} label={mend.label} />;
  if (mend.to.startsWith('/')) return <ButtonLink href={mend.to}>{mend.label}</ButtonLink>;
  return (
    <a href={mend.to} target="_blank" rel="noreferrer" className="text-accent underline">
      {mend.label}
    </a>
  );
}

function Repositories({ view, repository }: { view: SiteView; repository: string }) {
  if (view.repositories.length < 2) return null;
  return (
    <nav aria-label="Repositories" className="flex flex-wrap gap-x-4 gap-y-1 text-sm">
      {view.repositories.map((each) => (
        <Link
          key={each}
          href={`?${new URLSearchParams({ repository: each })}`}
          aria-current={each === repository ? 'page' : undefined}
          className="underline-offset-3 hover:underline aria-[current=page]:font-semibold"
        >
          {each}
        </Link>
      ))}
    </nav>
  );
}

const BUILT_BY = { workflow: 'a workflow', branch: 'a branch', unrecognised: 'something this version does not know' };

function SettingsPanel({ view, setSite }: { view: SiteView; setSite: SetSite }) {
  const { site, word, repository } = view;
  return (
    <Panel
      title={word}
      description={repository}
      actions={view.settings ? <SetSiteButton view={view} setSite={setSite} label="Change…" /> : undefined}
    >
      {site ? (
        <Facts
          items={[
            { name: 'Built by', value: BUILT_BY[site.buildType] },
            ...(site.buildType === 'branch'
              ? [{ name: 'From', value: `${site.source?.branch ?? 'not known'}, folder ${site.source?.path ?? '/'}` }]
              : []),
            {
              name: 'Domain',
              value: site.domain ? `${site.domain.name} (${site.domain.proof ?? 'not proven'})` : 'none of its own',
            },
            { name: 'Certificate', value: site.certificate ? certificateLine(site.certificate) : 'the provider’s own' },
            { name: 'HTTPS', value: site.httpsEnforced ? 'always' : 'not enforced' },
            { name: 'Seen by', value: site.visibility === 'public' ? 'everybody' : 'whoever may read the repository' },
          ]}
        />
      ) : (
        <p className="text-sm text-ink-soft">It is off.</p>
      )}
    </Panel>
  );
}

function certificateLine({ sentence, expiresAt }: { sentence: string; expiresAt: string | null }): string {
  return expiresAt ? `${sentence} Until ${expiresAt.slice(0, 10)}.` : sentence;
}
