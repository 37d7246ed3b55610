'use client';

import { useQueryClient } from '@tanstack/react-query';
import { GateList, gatesInWords } from '@/components/gates/gate-list';
import { FreshnessNotice } from '@/components/live/freshness';
import { useLiveQuery } from '@/components/live/use-live-query';
import { ButtonLink } from '@/components/ui/button-link';
import { later } from '@/components/ui/later';
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

/** What the provider asks for besides; quiet where that is nothing. */
const RemoteRules = later(
  () => import('@/components/gates/remote-rules').then((file) => file.RemoteRules),
  <span hidden />,
);
const HeldPanel = later(() => import('@/components/gates/held-panel').then((file) => file.HeldPanel), <span hidden />);

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
  const again = () => void client.invalidateQueries({ queryKey });
  const waits = packet.deployment.status === 'awaiting_approval';
  return (
    <div className="grid gap-4">
      <ApprovalHead packet={packet} />
      <FreshnessNotice error={live.error} updatedAt={live.dataUpdatedAt} />
      {waits ? (
        <RemoteRules
          targetId={packet.targetId}
          gitRef={packet.deployment.ref}
          refKind={packet.refKind}
          inputs={packet.inputs}
        />
      ) : (
        <>
          <Over packet={packet} />
          <HeldPanel deploymentId={packet.deployment.id} answer={actions.answerGate} onDone={again} />
        </>
      )}
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
      {waits ? <DecisionBar packet={packet} actions={actions} onChanged={again} /> : null}
    </div>
  );
}
