'use client';

import { useLiveQuery } from '@/components/live/use-live-query';
import { Mono } from '@/components/ui/code';
import { Link } from '@/components/ui/link';
import { Notice } from '@/components/ui/notice';
import { RelativeTime } from '@/components/ui/relative-time';
import type { FailedAlike, FailureView, ProviderSaid } from '@/lib/deployments/model/failure-view';
import type { DeploymentDetail } from '@/lib/deployments/model/view';
import { withLabel } from '@/lib/targets/model/label';

/** The same failure here and elsewhere, what the provider said while it ran, and how the connection stands. */
export function IsItUsPanel({ deployment }: { deployment: DeploymentDetail }) {
  const { data } = useLiveQuery<FailureView>({
    queryKey: ['deployment', deployment.id, 'failure'],
    path: `/api/v1/deployments/${encodeURIComponent(deployment.id)}/failure`,
    everyMs: 60_000,
  });
  return data?.failure ? <IsItUs view={data} /> : null;
}

export function IsItUs({ view: { failure, here, elsewhere, said, weather, verdict } }: { view: FailureView }) {
  if (!failure) return null;
  const tone = said.length > 0 || weather.some((each) => each.tone === 'bad') ? 'warn' : 'neutral';
  const rest = elsewhere.times - elsewhere.newest.length;
  return (
    <Notice tone={tone} title="Is it us?">
      <p className="wrap-anywhere">{verdict}</p>
      <ul className="mt-2 grid gap-1.5">
        <li className="wrap-anywhere">
          It failed with <Mono>{failure.line}</Mono>
          {failure.exitCode === null ? null : <>, exit code {failure.exitCode}</>}
          {failure.source === 'said' ? ' (no log could be read)' : null}.
        </li>
        <li>
          {here.last ? (
            <>
              Here {here.times === 1 ? 'once' : `${here.times} times`} before in 90 days, last in{' '}
              <Alike alike={here.last} />.
            </>
          ) : (
            'Here never before in 90 days.'
          )}
        </li>
        {elsewhere.newest.map((each) => (
          <li key={each.id} className="wrap-anywhere">
            {each.component} in {withLabel(each.environment, each.label)}: <Alike alike={each} />.
          </li>
        ))}
        {rest > 0 ? <li>{rest} more elsewhere.</li> : null}
        {said.map((each) => (
          <Said key={`${each.since} ${each.name}`} said={each} />
        ))}
        {weather.map(({ sentence }) => (
          <li key={sentence} className="wrap-anywhere">
            {sentence}
          </li>
        ))}
      </ul>
    </Notice>
  );
}

function Alike({ alike }: { alike: FailedAlike }) {
  return (
    <>
      <Link href={`/deployments/${alike.id}`} className="underline underline-offset-3">
        #{alike.number}
      </Link>
      , <RelativeTime at={alike.at} />
    </>
  );
}

function Said({ said: { provider, name, url, latest, since, seenAt } }: { said: ProviderSaid }) {
  return (
    <li className="wrap-anywhere">
      {provider} said “{name}”
      {url ? (
        <>
          {' '}
          (
          <a href={url} target="_blank" rel="noreferrer" className="underline underline-offset-3">
            its page
          </a>
          )
        </>
      ) : null}{' '}
      from <RelativeTime at={since} /> on; last read there <RelativeTime at={seenAt} />.{latest ? ` ${latest}` : null}
    </li>
  );
}
