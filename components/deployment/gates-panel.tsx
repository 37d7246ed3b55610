'use client';

import { ShieldAlert, ThumbsUp } from 'lucide-react';
import { VoteList } from '@/components/approval/votes-panel';
import { useAction } from '@/components/console/use-action';
import { approvalHref } from '@/components/deployments/deployment-row';
import { overridableOf } from '@/components/gates/blocked';
import { GateSummary, gatesInWords } from '@/components/gates/gate-list';
import { ButtonLink } from '@/components/ui/button-link';
import { ConfirmButton } from '@/components/ui/confirm-button';
import { Panel } from '@/components/ui/panel';
import { RelativeTime } from '@/components/ui/relative-time';
import type { DeploymentDetail } from '@/lib/deployments/model/view';
import type { DeploymentVerbs } from './verbs';

interface OverrideProps {
  deployment: DeploymentDetail;
  override: DeploymentVerbs['overrideFreeze'];
  onDone: () => void;
}

function OverrideButton({ deployment, override, onDone }: OverrideProps) {
  const { run } = useAction(override);
  const { overrideFreeze } = deployment.actions;
  const freeze = overridableOf(deployment.gates);
  return (
    <ConfirmButton
      size="sm"
      icon={<ShieldAlert aria-hidden />}
      disabledReason={overrideFreeze.allowed ? null : overrideFreeze.refusal?.sentence}
      confirm={{
        title: `Let #${deployment.number} through the freeze?`,
        description: freeze?.sentence ?? 'It goes on as if nothing were frozen. Others still wait.',
        confirmLabel: 'Let it through',
        tone: 'danger',
        reason: { required: true, hint: 'Shown with the deployment and kept in the audit log.' },
      }}
      onConfirm={async ({ reason }) => {
        const done = await run({ deploymentId: deployment.id, reason });
        if (!done.ok) return done.fields?.['reason'] ?? done.refusal.sentence;
        onDone();
        return null;
      }}
    >
      Let it through the freeze…
    </ConfirmButton>
  );
}

function Approval({ deployment }: { deployment: DeploymentDetail }) {
  const { approval, actions, status } = deployment;
  if (!approval) return null;
  const waits = status === 'awaiting_approval';
  const mine = waits && actions.approve.allowed;
  return (
    <Panel
      title={`Approvals: ${approval.given} of ${approval.required}`}
      description={
        waits && approval.expiresAt ? (
          <>
            ends without an answer <RelativeTime at={approval.expiresAt} />
          </>
        ) : undefined
      }
      actions={
        waits ? (
          <ButtonLink
            href={approvalHref(deployment)}
            size="sm"
            variant={mine ? 'primary' : 'secondary'}
            icon={<ThumbsUp aria-hidden />}
          >
            {mine ? 'Approve or reject' : 'What is asked'}
          </ButtonLink>
        ) : null
      }
    >
      {approval.entries.length > 0 ? (
        <div className="-my-2">
          <VoteList entries={approval.entries} />
        </div>
      ) : (
        <p className="text-sm text-ink-faint">{waits ? 'Nobody has decided yet.' : 'Nobody decided.'}</p>
      )}
      {waits && !mine ? (
        <p className="mt-1 text-pretty text-sm text-ink-soft">{actions.approve.refusal?.sentence}</p>
      ) : null}
    </Panel>
  );
}

/** Who said yes, what still stands between it and the provider, and the way through a freeze. */
export function DeploymentGates(props: OverrideProps) {
  const { deployment } = props;
  const { gates } = deployment;
  const frozen = overridableOf(gates) !== null;
  return (
    <div className="grid items-start gap-4 *:min-w-0 has-[>:nth-child(2)]:lg:grid-cols-2">
      <Approval deployment={deployment} />
      {gates.length > 0 ? (
        <Panel
          title="What it waits for"
          description={gatesInWords(gates)}
          actions={frozen ? <OverrideButton {...props} /> : null}
        >
          <GateSummary gates={gates} />
        </Panel>
      ) : null}
    </div>
  );
}
