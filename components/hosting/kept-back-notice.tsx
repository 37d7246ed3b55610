'use client';

import { SubmitButton } from '@/components/ui/button';
import { Notice } from '@/components/ui/notice';
import type { DeploymentDetail } from '@/lib/deployments/model/view';
import type { Action } from '@/lib/kernel/result';
import { useVerb } from '../deployment/use-verb';
import { useHosting } from './use-hosting';

interface KeptBackNoticeProps {
  deployment: DeploymentDetail;
  serve: Action<{ deploymentId: string }, { runId: string }>;
  onDone: () => void;
}

/** A build that its host keeps back, and the one press that puts it live. Nothing where no host does so. */
export function KeptBackNotice({ deployment, serve, onDone }: KeptBackNoticeProps) {
  const { data } = useHosting(deployment.targetId);
  const verb = useVerb(serve);
  if (!data?.held) return null;
  async function press() {
    if (await verb.run({ deploymentId: deployment.id })) onDone();
  }
  return (
    <Notice
      tone="warn"
      title={data.held}
      action={
        <form action={press}>
          <SubmitButton pending={verb.pending}>Put #{deployment.number} live</SubmitButton>
        </form>
      }
    >
      {verb.refusal
        ? verb.refusal.sentence
        : `It is built, and waits there for a promotion. Gates are asked once more.`}
    </Notice>
  );
}
