'use client';

import { ThumbsUp } from 'lucide-react';
import { approvalHref, DeploymentLine } from '@/components/deployments/deployment-row';
import { FreshnessNotice } from '@/components/live/freshness';
import { useLiveQuery } from '@/components/live/use-live-query';
import { EmptyState } from '@/components/ui/empty-state';
import { Panel } from '@/components/ui/panel';
import type { DeploymentSummary, NowView } from '@/lib/deployments/model/view';
import type { Page } from '@/lib/kernel/page';
import { queryKeys } from '@/lib/realtime/protocol';

type Waiting = Pick<Page<DeploymentSummary>, 'rows'>;

interface ListProps {
  title: string;
  description: string;
  rows: readonly DeploymentSummary[];
  className?: string;
}

function List({ title, description, rows, className }: ListProps) {
  return (
    <Panel title={`${title} (${rows.length})`} description={description} body="flush" className={className ?? ''}>
      <ul className="divide-y divide-line">
        {rows.map((row) => (
          <DeploymentLine key={row.id} deployment={row} href={approvalHref(row)} />
        ))}
      </ul>
    </Panel>
  );
}

interface ApprovalBoardProps {
  waiting: Waiting;
  now: NowView;
}

/** What waits for approval: first what the viewer can decide. Live. */
export function ApprovalBoard({ waiting, now }: ApprovalBoardProps) {
  const all = useLiveQuery<Waiting>({
    queryKey: ['approvals'],
    path: '/api/v1/deployments?status=awaiting_approval&limit=100',
    initialData: waiting,
  });
  const mine = useLiveQuery<NowView>({ queryKey: queryKeys.now, path: '/api/v1/now', initialData: now });
  const rows = all.data?.rows ?? waiting.rows;
  const own = new Set((mine.data ?? now).needsYou.map((each) => each.id));
  const forMe = rows.filter((row) => own.has(row.id));
  const others = rows.filter((row) => !own.has(row.id));
  return (
    <div className="grid gap-4 *:min-w-0">
      <FreshnessNotice error={all.error} updatedAt={all.dataUpdatedAt} />
      {rows.length === 0 ? (
        <Panel>
          <EmptyState icon={<ThumbsUp aria-hidden />} title="Nothing waits for approval">
            Which environments ask for it, and from how many people, stands under What you deploy.
          </EmptyState>
        </Panel>
      ) : null}
      {forMe.length > 0 ? (
        <List
          title="Waiting for you"
          description="Open one to see what changes, then approve or reject it."
          rows={forMe}
          className="border-warn/40"
        />
      ) : null}
      {others.length > 0 ? (
        <List title="Waiting for others" description="Somebody else has to decide; you can look." rows={others} />
      ) : null}
    </div>
  );
}
