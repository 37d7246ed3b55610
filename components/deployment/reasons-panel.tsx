'use client';

import { GitPullRequest } from 'lucide-react';
import { useLiveQuery } from '@/components/live/use-live-query';
import { ServiceLines } from '@/components/standing/service-lines';
import { Button } from '@/components/ui/button';
import { ButtonLink } from '@/components/ui/button-link';
import { Notice } from '@/components/ui/notice';
import type { BurnedHead, DeploymentReasons } from '@/lib/deployments/model/reasons';
import type { DeploymentDetail } from '@/lib/deployments/model/view';
import { useVerb } from './use-verb';
import type { DeploymentVerbs } from './verbs';

interface ReasonsProps {
  deployment: DeploymentDetail;
  newHead: DeploymentVerbs['newHead'];
}

/** Why it waits or ended badly, as the provider tells it when somebody looks; quiet when it tells nothing. */
export function ReasonsPanel({ deployment, newHead }: ReasonsProps) {
  const { id, status, waitingFor, provider } = deployment;
  const { data } = useLiveQuery<DeploymentReasons>({
    // Another status, or another thing that it waits for, has other reasons.
    queryKey: ['deployment', id, 'reasons', status, waitingFor],
    path: `/api/v1/deployments/${encodeURIComponent(id)}/reasons`,
    everyMs: 60_000,
  });
  if (!data) return null;
  return (
    <div className="grid gap-4 empty:hidden">
      {data.burned ? <Burned deployment={deployment} burned={data.burned} newHead={newHead} /> : null}
      {data.waits.length > 0 ? (
        <Notice tone="busy" live title={`What it waits for at ${provider.label}`}>
          <ul className="grid gap-1">
            {data.waits.map(({ sentence, url }) => (
              <li key={sentence} className="wrap-anywhere">
                {sentence}
                {url ? (
                  <>
                    {' '}
                    <a href={url} target="_blank" rel="noreferrer" className="underline underline-offset-3">
                      Open it
                    </a>
                  </>
                ) : null}
              </li>
            ))}
          </ul>
        </Notice>
      ) : null}
      {data.service ? (
        <Notice tone="warn" live title={`${data.service.provider} has trouble of its own`}>
          <ServiceLines service={data.service} />
        </Notice>
      ) : null}
    </div>
  );
}

function Burned({ deployment, burned, newHead }: ReasonsProps & { burned: BurnedHead }) {
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
