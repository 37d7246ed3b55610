'use client';

import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { FreshnessNotice } from '@/components/live/freshness';
import { useLiveQuery } from '@/components/live/use-live-query';
import { ButtonLink } from '@/components/ui/button-link';
import { later } from '@/components/ui/later';
import { Notice } from '@/components/ui/notice';
import { Skeleton } from '@/components/ui/skeleton';
import { type DeploymentStatus, isTerminal, STATUS_VIEW } from '@/lib/deployments/model/status';
import { meantBy } from '@/lib/gates/model/given-ahead';
import type { ApprovalPacket } from '@/lib/gates/model/view';
import { queryKeys } from '@/lib/realtime/protocol';
import type { ApprovalActions } from './approval-actions';
import { ApprovalHead } from './approval-head';
import { DecisionBar } from './decision-bar';
import { useGivenAhead } from './use-given-ahead';

/** Everything to look at before a decision; the server draws it, and the two buttons do not need it. */
const ApprovalFacts = later(
  () => import('./approval-facts').then((file) => file.ApprovalFacts),
  <Skeleton className="h-160 rounded-lg" />,
);

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

const mayStillAsk = ({ deployment: { status } }: ApprovalPacket) => !isTerminal(status as DeploymentStatus);

const NONE: readonly string[] = [];

interface ApprovalScreenProps {
  initial: ApprovalPacket;
  actions: ApprovalActions;
  /** Who looks. */
  personId: string;
}

/** What somebody is asked to approve, on one page: what changes, how it stands, who else, and the two buttons. Live. */
export function ApprovalScreen({ initial, actions, personId }: ApprovalScreenProps) {
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
  const [chosen, setChosen] = useState(NONE);
  const [offered, setOffered] = useState(NONE);
  const [given, tell] = useGivenAhead(personId, packet.digest);
  // A tick beside another question than the one that stands there now is no yes.
  const approved = () => tell({ kind: 'given', digest: packet.digest, environments: meantBy(chosen, offered) });
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
          {...(packet.refusal ? {} : { ahead: { chosen, onChange: setChosen, onOffered: setOffered } })}
        />
      ) : (
        <>
          <Over packet={packet} />
          <HeldPanel
            deploymentId={packet.deployment.id}
            answer={actions.answerGate}
            onDone={again}
            {...(mayStillAsk(packet) ? { ahead: { given, tell } } : {})}
          />
        </>
      )}
      <ApprovalFacts packet={packet} />
      {waits ? <DecisionBar packet={packet} actions={actions} onChanged={again} onApproved={approved} /> : null}
    </div>
  );
}
