'use client';

import { useLiveQuery } from '@/components/live/use-live-query';
import { ServiceLines } from '@/components/standing/service-lines';
import { Notice } from '@/components/ui/notice';
import type { DeploymentReasons } from '@/lib/deployments/model/reasons';
import type { DeploymentDetail } from '@/lib/deployments/model/view';
import { BurnedNotice } from './burned-notice';
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
      {data.burned ? <BurnedNotice deployment={deployment} burned={data.burned} newHead={newHead} /> : null}
      {data.waits.length > 0 ? (
        <Notice tone="busy" live title={`What it waits for at ${provider.runsAt}`}>
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
