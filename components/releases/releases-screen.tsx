'use client';

import { Plus, Tag } from 'lucide-react';
import { useState } from 'react';
import { Button } from '@/components/ui/button';
import { ButtonLink } from '@/components/ui/button-link';
import { EmptyState } from '@/components/ui/empty-state';
import { later } from '@/components/ui/later';
import { Notice } from '@/components/ui/notice';
import { Panel } from '@/components/ui/panel';
import type { ReleaseRepository, ReleasesView } from '@/lib/releases/model/view';
import type { ReleaseActions } from './release-actions';
import { ReleaseTable } from './release-table';

const DraftDialog = later(() => import('./draft-dialog').then((file) => file.DraftDialog));
const TagDialog = later(() => import('./tag-dialog').then((file) => file.TagDialog));

interface ReleasesScreenProps {
  view: ReleasesView;
  actions: ReleaseActions;
}

/** Every repository's versions, with what is live of them. Read once, when the page opens: the provider is asked for it. */
export function ReleasesScreen({ view, actions }: ReleasesScreenProps) {
  if (view.repositories.length === 0)
    return (
      <Panel>
        <EmptyState
          icon={<Tag aria-hidden />}
          title="No repository with releases"
          action={<ButtonLink href="/estate">What you deploy</ButtonLink>}
        >
          A repository shows up here once a target names it, through a provider that knows releases.
        </EmptyState>
      </Panel>
    );
  return (
    <div className="grid gap-5 *:min-w-0">
      {view.repositories.map((each) => (
        <RepositoryPanel
          key={each.repository}
          repository={each}
          actions={actions}
          disabledReason={each.problem?.sentence ?? view.changeRefusal}
        />
      ))}
      {view.left.length > 0 ? (
        <Notice
          tone="neutral"
          title={`${view.left.length} more repositories are not read here: ${view.left.join(', ')}.`}
        >
          Open the releases of one component to see its own: its page leads there.
        </Notice>
      ) : null}
    </div>
  );
}

interface RepositoryPanelProps extends Pick<ReleasesScreenProps, 'actions'> {
  repository: ReleaseRepository;
  /** Why nothing can be made there; null when it can. */
  disabledReason: string | null;
}

function RepositoryPanel({ repository, actions, disabledReason }: RepositoryPanelProps) {
  const [open, setOpen] = useState<'release' | 'tag' | null>(null);
  const { components, connectionName, problem, releases } = repository;
  const close = () => setOpen(null);
  return (
    <Panel
      title={<span className="wrap-anywhere">{repository.repository}</span>}
      description={`${components.map(({ name }) => name).join(', ')} · through ${connectionName}`}
      body="flush"
      actions={
        <>
          <Button size="sm" icon={<Tag aria-hidden />} disabledReason={disabledReason} onClick={() => setOpen('tag')}>
            Tag a commit
          </Button>
          <Button
            size="sm"
            icon={<Plus aria-hidden />}
            disabledReason={disabledReason}
            onClick={() => setOpen('release')}
          >
            Draft a release
          </Button>
        </>
      }
    >
      {problem ? <Notice tone="bad" title={problem.sentence} className="m-3" /> : null}
      {!problem && releases.length === 0 ? (
        <EmptyState title="No release yet">
          Draft one from a commit that is live: what is new is written for you, and nothing is public before you say so.
        </EmptyState>
      ) : null}
      {releases.length > 0 ? (
        <ReleaseTable repository={repository} publish={actions.publish} disabledReason={disabledReason} />
      ) : null}
      {open === 'release' ? <DraftDialog repository={repository} create={actions.create} onClose={close} /> : null}
      {open === 'tag' ? <TagDialog repository={repository} tag={actions.tag} onClose={close} /> : null}
    </Panel>
  );
}
