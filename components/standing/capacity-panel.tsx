'use client';

import { useState } from 'react';
import { useLiveQuery } from '@/components/live/use-live-query';
import { Badge } from '@/components/ui/badge';
import { Button } from '@/components/ui/button';
import { EmptyState } from '@/components/ui/empty-state';
import { Field } from '@/components/ui/field';
import { NativeSelect } from '@/components/ui/input';
import { Notice } from '@/components/ui/notice';
import { Panel } from '@/components/ui/panel';
import { RelativeTime } from '@/components/ui/relative-time';
import { SkeletonText } from '@/components/ui/skeleton';
import { ToneBadge } from '@/components/ui/tone';
import type { CapacityView } from '@/lib/connections/model/standing';
import type { Capacity, Runner } from '@/lib/providers/port';

/** What there is to run on and what waits; asked only when somebody wants to see it, since it costs requests. */
export function CapacityPanel({ connectionId }: { connectionId: string }) {
  const [wanted, setWanted] = useState(false);
  return (
    <Panel
      title="Runners and queue"
      actions={
        wanted ? undefined : (
          <Button size="sm" onClick={() => setWanted(true)}>
            Look now
          </Button>
        )
      }
    >
      {wanted ? (
        <Looked connectionId={connectionId} />
      ) : (
        <p className="text-sm text-ink-soft">Asks the provider, so it is looked at when you want to know.</p>
      )}
    </Panel>
  );
}

function Looked({ connectionId }: { connectionId: string }) {
  const [repository, setRepository] = useState('');
  const query = repository ? `?${new URLSearchParams({ repository })}` : '';
  const { data, error } = useLiveQuery<CapacityView>({
    queryKey: ['capacity', connectionId, repository],
    path: `/api/v1/connections/${encodeURIComponent(connectionId)}/capacity${query}`,
  });
  if (error) return <Notice tone="warn" live title={error.message} />;
  if (!data) return <SkeletonText lines={4} />;
  return (
    <div className="grid gap-4 text-sm">
      {data.repositories.length > 1 ? (
        <Field label="Repository">
          <NativeSelect
            value={repository || (data.repository ?? '')}
            onChange={(event) => setRepository(event.target.value)}
          >
            {data.repositories.map((each) => (
              <option key={each} value={each}>
                {each}
              </option>
            ))}
          </NativeSelect>
        </Field>
      ) : null}
      {data.problem ? <Notice tone="warn" title={data.problem} /> : null}
      {data.capacity ? <Found capacity={data.capacity} word={data.ownRunners} /> : null}
    </div>
  );
}

function Found({ capacity, word }: { capacity: Capacity; word: string }) {
  const { runners, open, queued, running } = capacity;
  return (
    <>
      <p>
        {queued} waiting, {running} running.
      </p>
      {open.length > 0 ? (
        <ul className="grid gap-1">
          {open.map((run) => (
            <li key={run.id} className="flex flex-wrap items-center gap-x-2 gap-y-0.5 wrap-anywhere">
              <ToneBadge tone={run.state === 'running' ? 'busy' : 'neutral'} plain>
                {run.state}
              </ToneBadge>
              <a href={run.url} target="_blank" rel="noreferrer" className="underline underline-offset-3">
                #{run.number} {run.title}
              </a>
              <RelativeTime at={run.at} className="text-xs text-ink-faint" />
            </li>
          ))}
        </ul>
      ) : null}
      {'refused' in runners ? (
        <Notice tone="neutral" title={runners.refused} />
      ) : runners.list.length === 0 ? (
        <EmptyState title={`No ${word}`} className="py-4">
          Its runs use the provider’s own.
        </EmptyState>
      ) : (
        <ul className="grid gap-1.5">
          {runners.list.map((runner) => (
            <RunnerLine key={runner.name} runner={runner} />
          ))}
        </ul>
      )}
    </>
  );
}

function RunnerLine({ runner }: { runner: Runner }) {
  const state = runner.online ? (runner.busy ? 'busy' : 'free') : 'away';
  return (
    <li className="flex flex-wrap items-center gap-1.5">
      <ToneBadge tone={state === 'away' ? 'bad' : state === 'busy' ? 'busy' : 'good'} plain>
        {state}
      </ToneBadge>
      <span className="font-medium">{runner.name}</span>
      <span className="text-ink-faint">{runner.os}</span>
      {runner.labels.map((label) => (
        <Badge key={label} className="font-mono">
          {label}
        </Badge>
      ))}
    </li>
  );
}
