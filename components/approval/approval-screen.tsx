'use client';

import { useQueryClient } from '@tanstack/react-query';
import { GateList, gatesInWords } from '@/components/gates/gate-list';
import { FreshnessNotice } from '@/components/live/freshness';
import { useLiveQuery } from '@/components/live/use-live-query';
import { ButtonLink } from '@/components/ui/button-link';
import { Notice } from '@/components/ui/notice';
import { Panel } from '@/components/ui/panel';
import { type DeploymentStatus, STATUS_VIEW } from '@/lib/deployments/model/status';
import type { ApprovalPacket } from '@/lib/gates/model/view';
import { queryKeys } from '@/lib/realtime/protocol';
import type { ApprovalActions } from './approval-actions';
import { ApprovalHead } from './approval-head';
import { ChangesPanel } from './changes-panel';
import { ContentPanel } from './content-panel';
import { DecisionBar } from './decision-bar';
import { StandingPanel } from './standing-panel';
import { VotesPanel } from './votes-panel';

function Over({ packet }: { packet: ApprovalPacket }) {
  const { id, number, status } = packet.deployment;
  const { tone, label, says } = STATUS_VIEW[status as DeploymentStatus];
  return (
    <Notice
      tone={tone}
      live
      title={`#${number} does not wait for approval any more: ${label.toLowerCase()}`}
      action={
        <ButtonLink href={`/deployments/${id}`} size="sm">
          Open #{number}
        </ButtonLink>
      }
    >
      {says}
    </Notice>
  );
}

/** What somebody is asked to approve, on one page: what changes, how it stands, who else, and the two buttons. Live. */
export function ApprovalScreen({ initial, actions }: { initial: ApprovalPacket; actions: ApprovalActions }) {
  const client = useQueryClient();
  const queryKey = queryKeys.approval(initial.deployment.id);
  const live = useLiveQuery({
    queryKey,
    path: `/api/v1/deployments/${initial.deployment.id}/approval`,
    initialData: initial,
  });
  const packet = live.data ?? initial;
  const waits = packet.deployment.status === 'awaiting_approval';
  return (
    <div className="grid gap-4">
      <ApprovalHead packet={packet} />
      <FreshnessNotice error={live.error} updatedAt={live.dataUpdatedAt} />
      {waits ? null : <Over packet={packet} />}
      <div className="grid items-start gap-4 lg:grid-cols-[minmax(0,1fr)_22rem]">
        <div className="grid min-w-0 gap-4">
          <ChangesPanel packet={packet} />
          <ContentPanel packet={packet} />
        </div>
        <div className="grid min-w-0 gap-4">
          <VotesPanel packet={packet} />
          <StandingPanel packet={packet} />
          {packet.gates.length > 0 ? (
            <Panel title="Gates" description={gatesInWords(packet.gates)}>
              <GateList gates={packet.gates} className="-my-2" />
            </Panel>
          ) : null}
        </div>
      </div>
      {waits ? (
        <DecisionBar packet={packet} actions={actions} onChanged={() => void client.invalidateQueries({ queryKey })} />
      ) : null}
    </div>
  );
}
