'use client';

import { SubmitButton } from '@/components/ui/button';
import { Notice } from '@/components/ui/notice';
import type { HostingView } from '@/lib/deployments/model/hosting';
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
  async function press() {
    if (await verb.run({ deploymentId: deployment.id })) onDone();
  }
  return data ? <KeptBackParts deployment={deployment} hosting={data} verb={verb} press={press} /> : null;
}

interface KeptBackPartsProps {
  deployment: Pick<DeploymentDetail, 'id' | 'number'>;
  hosting: HostingView;
  verb: Pick<ReturnType<typeof useVerb>, 'pending' | 'refusal'>;
  press: () => void | Promise<void>;
}

/** The same for what was read: only what the host itself calls built and waiting. */
export function KeptBackParts({ deployment, hosting: { held, kept }, verb, press }: KeptBackPartsProps) {
  if (held === null || kept?.id !== deployment.id) return null;
  const { refusal } = kept.allowed;
  return (
    <Notice
      tone="warn"
      title={held}
      action={
        refusal ? null : (
          <form action={press}>
            <SubmitButton pending={verb.pending}>Put #{deployment.number} live</SubmitButton>
          </form>
        )
      }
    >
      {verb.refusal
        ? verb.refusal.sentence
        : `It is built, and waits there for a promotion. ${refusal ? refusal.sentence : 'Its gates and approvals are asked once more.'}`}
    </Notice>
  );
}
