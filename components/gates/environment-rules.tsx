'use client';

import { sentenceOf } from '@/components/live/problem';
import { useLiveQuery } from '@/components/live/use-live-query';
import { Badge } from '@/components/ui/badge';
import { Notice } from '@/components/ui/notice';
import { Panel } from '@/components/ui/panel';
import { Loading, SkeletonText } from '@/components/ui/skeleton';
import { type RemoteRulesView, ruleWords } from '@/lib/gates/model/remote-rules';

/** The environments of the target's repository at its provider: what each asks for, and which of them a run may take. */
export function EnvironmentRules({ targetId }: { targetId: string }) {
  const { data, error } = useLiveQuery<RemoteRulesView>({
    queryKey: ['target', targetId, 'rules', ''],
    path: `/api/v1/targets/${encodeURIComponent(targetId)}/rules`,
  });
  if (data && data.environments.length === 0 && data.uses.length === 0 && !data.notice) return null;
  return (
    <Panel
      className="mt-5 max-w-3xl"
      title={data ? `Environments at ${data.providerLabel}` : 'Environments at the provider'}
      description="What the provider itself asks for before a run may have one. Changed there, not here."
    >
      {error && !data ? <Notice tone="bad" title={sentenceOf(error)} /> : null}
      {!data && !error ? (
        <Loading label="Reading what the provider asks for">
          <SkeletonText lines={3} />
        </Loading>
      ) : null}
      {data?.notice ? <Notice tone="warn" title={data.notice} /> : null}
      {data && !data.notice ? <List view={data} /> : null}
    </Panel>
  );
}

function List({ view }: { view: RemoteRulesView }) {
  const named = view.uses.flatMap((use) => (use.kind === 'named' ? [use.name.toLowerCase()] : []));
  const inputs = view.uses.flatMap((use) => (use.kind === 'input' ? [use.input] : []));
  if (view.environments.length === 0)
    return <p className="text-sm text-ink-soft">The repository has none, so nothing is asked for there.</p>;
  return (
    <>
      <ul className="grid gap-2 text-sm">
        {view.environments.map((each) => (
          <li key={each.name} className="grid gap-0.5">
            <span className="flex flex-wrap items-center gap-2">
              <a
                href={each.url}
                target="_blank"
                rel="noreferrer"
                className="font-medium wrap-anywhere underline decoration-line-strong underline-offset-3"
              >
                {each.name}
              </a>
              {named.includes(each.name.toLowerCase()) ? <Badge variant="accent">runs here</Badge> : null}
            </span>
            <span className="text-ink-soft wrap-anywhere">{ruleWords(each).join(' ')}</span>
          </li>
        ))}
      </ul>
      {inputs.length > 0 ? (
        <p className="mt-3 text-xs text-ink-faint">
          Which of them a run takes is said by the input {inputs.map((name) => `“${name}”`).join(', ')}.
        </p>
      ) : null}
    </>
  );
}
