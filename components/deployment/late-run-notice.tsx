'use client';

import { Square } from 'lucide-react';
import { useAction } from '@/components/console/use-action';
import { ButtonLink } from '@/components/ui/button-link';
import { ConfirmButton } from '@/components/ui/confirm-button';
import { Notice } from '@/components/ui/notice';
import { RelativeTime } from '@/components/ui/relative-time';
import type { DeploymentDetail } from '@/lib/deployments/model/view';
import type { DeploymentVerbs } from './verbs';

interface LateRunProps {
  deployment: DeploymentDetail;
  cancel: DeploymentVerbs['cancelLateRun'];
  onDone: () => void;
}

/** A run of it appeared although it had ended: where it is, and the way to stop it. */
export function LateRunNotice({ deployment, cancel, onDone }: LateRunProps) {
  const { run } = useAction(cancel);
  const { lateRun: late, provider } = deployment;
  if (!late) return null;
  return (
    <Notice
      tone={late.cancelledBy ? 'warn' : 'bad'}
      live
      title={late.sentence}
      action={
        <span className="flex flex-wrap gap-2">
          {late.url ? (
            <ButtonLink href={late.url} size="sm">
              Open run {late.runId}
            </ButtonLink>
          ) : null}
          <ConfirmButton
            size="sm"
            icon={<Square aria-hidden />}
            disabledReason={late.cancel.allowed ? null : late.cancel.refusal?.sentence}
            confirm={{
              title: `Cancel run ${late.runId} at ${provider.runsAt}?`,
              description: 'What it has done until then stays done. Look at what is live afterwards.',
              confirmLabel: 'Cancel the run',
              tone: 'danger',
            }}
            onConfirm={async () => {
              const done = await run({ deploymentId: deployment.id });
              if (!done.ok) return done.refusal.sentence;
              onDone();
              return null;
            }}
          >
            Cancel the run…
          </ConfirmButton>
        </span>
      }
    >
      Seen <RelativeTime at={late.at} />.
      {late.cancelledBy ? ` ${late.cancelledBy} asked ${provider.runsAt} to cancel it.` : ''}
    </Notice>
  );
}
