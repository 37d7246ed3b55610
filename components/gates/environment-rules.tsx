'use client';

import { sentenceOf } from '@/components/live/problem';
import { useLiveQuery } from '@/components/live/use-live-query';
import { later } from '@/components/ui/later';
import { Notice } from '@/components/ui/notice';
import { Panel } from '@/components/ui/panel';
import { Loading, SkeletonText } from '@/components/ui/skeleton';
import type { RemoteRulesView } from '@/lib/gates/model/remote-rules';

function Reading() {
  return (
    <Loading label="Reading what the provider asks for">
      <SkeletonText lines={3} />
    </Loading>
  );
}

// Only the browser has what it draws, so its code comes with the answer.
const RuleList = later(() => import('./rule-list').then((file) => file.RuleList), <Reading />);

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
      {!data && !error ? <Reading /> : null}
      {data?.notice ? <Notice tone="warn" title={data.notice} /> : null}
      {data && !data.notice ? <RuleList view={data} /> : null}
    </Panel>
  );
}
