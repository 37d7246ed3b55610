'use client';

import { GitPullRequest } from 'lucide-react';
import { Button } from '@/components/ui/button';
import { ButtonLink } from '@/components/ui/button-link';
import { Notice } from '@/components/ui/notice';
import type { BurnedHead } from '@/lib/deployments/model/reasons';
import type { DeploymentDetail } from '@/lib/deployments/model/view';
import { useVerb } from './use-verb';
import type { DeploymentVerbs } from './verbs';

interface BurnedNoticeProps {
  deployment: Pick<DeploymentDetail, 'id' | 'targetId'>;
  burned: BurnedHead;
  newHead: DeploymentVerbs['newHead'];
}

/** A head that nothing goes live from any more, with both ways out. */
export function BurnedNotice({ deployment, burned, newHead }: BurnedNoticeProps) {
  const verb = useVerb(newHead);
  const { targetId, id } = deployment;

  async function propose() {
    const made = await verb.run({ deploymentId: id });
    if (made) window.location.assign(made.url);
  }

  return (
    <Notice
      tone="bad"
      live
      title={burned.sentence}
      action={
        <>
          {burned.branch ? (
            <Button size="sm" pending={verb.pending} icon={<GitPullRequest aria-hidden />} onClick={propose}>
              Propose an empty commit
            </Button>
          ) : null}
          <ButtonLink href={`/deploy/${targetId}`} size="sm">
            Deploy another revision
          </ButtonLink>
        </>
      }
    >
      {burned.branch
        ? `Once there is a new commit on ${burned.branch}, deploy again: then it has a head that nothing is kept for.`
        : 'It was deployed from a tag, which has only the one head. Deploy from a branch, or make a new tag on another commit.'}
      {verb.refusal ? <p className="mt-1 text-bad">{verb.refusal.sentence}</p> : null}
    </Notice>
  );
}
