'use client';

import { Rocket } from 'lucide-react';
import { type Redeploy, RedeployPress } from '@/components/redeploy/redeploy-press';
import { rollBackHref } from '@/components/roll-back/roll-back-link';
import { Badge } from '@/components/ui/badge';
import { ButtonLink } from '@/components/ui/button-link';
import { Mono } from '@/components/ui/code';
import { Link } from '@/components/ui/link';
import { Notice } from '@/components/ui/notice';
import { RelativeTime } from '@/components/ui/relative-time';
import type { AddressView, HostingView } from '@/lib/deployments/model/hosting';
import { PreviewParts } from './preview-parts';
import { Unread } from './unread';
import { useHosting } from './use-hosting';
import { VitalsPanel } from './vitals-panel';

export function promoteHref(targetId: string, from?: string): string {
  return `/targets/${targetId}/promote${from ? `?from=${encodeURIComponent(from)}` : ''}`;
}

/**
 * Where a target is served: its addresses and the deployment behind each, what the host keeps back, what changed since, and
 * a look at the build, and what visitors had. Nothing where its provider is no host.
 */
export function HostingPanel({ targetId, ...props }: Omit<PanelProps, 'hosting'>) {
  const { data, error } = useHosting(targetId);
  if (!data) return <Unread what={`How ${props.where} is served`} error={error} />;
  return (
    <>
      <HostingParts targetId={targetId} {...props} hosting={data} />
      <VitalsPanel targetId={targetId} where={props.where} />
    </>
  );
}

/** The same for what was read. */
export function HostingParts({ targetId, where, redeploy, hosting: data }: PanelProps) {
  return (
    <section aria-label={`How ${where} is served`} className="grid gap-2 border-t border-line pt-3 *:min-w-0">
      {data.problem ? (
        <p className="text-xs text-warn">{data.problem.sentence}</p>
      ) : (
        <>
          {data.down ? <Notice tone="bad" title={data.down} /> : null}
          <Kept targetId={targetId} hosting={data} />
          <ChangedThere targetId={targetId} hosting={data} />
          <Changed targetId={targetId} where={where} redeploy={redeploy} hosting={data} />
          <Addresses hosting={data} />
          {data.preview ? (
            <PreviewParts preview={data.preview} alt="The build that is live, as its host photographed it" />
          ) : null}
          {data.unread.map((sentence) => (
            <p key={sentence} className="text-xs text-warn">
              {sentence}
            </p>
          ))}
          {data.serving ? (
            <p>
              <ButtonLink
                href={promoteHref(targetId)}
                size="sm"
                variant="quiet"
                icon={<Rocket aria-hidden />}
                aria-label={`Promote a build: ${where}`}
              >
                Promote a build
              </ButtonLink>
            </p>
          ) : null}
        </>
      )}
    </section>
  );
}

interface PartProps {
  targetId: string;
  hosting: HostingView;
}

interface PanelProps extends PartProps {
  /** "Website in Staging". */
  where: string;
  redeploy: Redeploy;
}

/** Why nothing goes live by itself there, with the way to mend it. */
export function Kept({ targetId, hosting: { held, mend } }: PartProps) {
  if (!held) return null;
  return (
    <Notice
      tone="warn"
      title={held}
      action={
        mend ? (
          <ButtonLink href={promoteHref(targetId, mend.id)} size="sm">
            Promote #{mend.number}
          </ButtonLink>
        ) : null
      }
    >
      {mend
        ? `#${mend.number} (${mend.sha.slice(0, 7)}) is the newest build; promoting it serves that one.`
        : 'What is deployed is built and waits; put it live from its own page.'}
    </Notice>
  );
}

/** Somebody went back at the host itself, say; where new builds are kept back too, the notice above has the same press. */
export function ChangedThere({ targetId, hosting: { provider, changedThere, serving, mend } }: PartProps) {
  if (!changedThere) return null;
  const shown = serving?.deployment
    ? `the build of #${serving.deployment.number}`
    : 'a build that was not deployed from here';
  return (
    <Notice
      tone="warn"
      title={`${provider} serves another build than #${changedThere.number}, which counts as live here`}
      action={
        changedThere.older ? (
          <ButtonLink href={rollBackHref(targetId, changedThere.id)} size="sm">
            Roll back to #{changedThere.number}
          </ButtonLink>
        ) : mend?.id === changedThere.id ? null : (
          <ButtonLink href={promoteHref(targetId, changedThere.id)} size="sm">
            Promote #{changedThere.number}
          </ButtonLink>
        )
      }
    >
      Its addresses show {shown}: that was changed there, past this console.{' '}
      {changedThere.older
        ? `It is newer than #${changedThere.number}, which is therefore not promoted over it: deploy a newer commit from here, or roll back to it, which holds it there.`
        : `Promoting serves #${changedThere.number} again.`}
    </Notice>
  );
}

/** Changed at the host, and not in the build that is live; no press where the host serves another build than that one. */
export function Changed({ targetId, where, redeploy, hosting: { provider, changed, changedThere } }: PanelProps) {
  if (!changed?.again) return null;
  const count = changed.names.length;
  const { live, next, approvals, allowed } = changed.again;
  return (
    <Notice
      tone="warn"
      title={`${count} variable${count === 1 ? '' : 's'} changed, not live yet`}
      action={
        changedThere ? null : (
          <RedeployPress
            key={live.id}
            {...{ targetId, where, live, next, approvals, redeploy }}
            refusal={allowed.refusal?.sentence ?? null}
          />
        )
      }
    >
      {changed.names.join(', ')}: changed after the build of #{live.number} was asked for (
      <RelativeTime at={changed.since} />
      ). A variable counts from the next deployment on
      {changedThere
        ? `; #${live.number} is not deployed over the build that ${provider} serves now, which may have them already.`
        : `: here of #${live.number} once more, which counts as live here, from ${live.ref}.`}
    </Notice>
  );
}

function Addresses({ hosting: { addresses } }: { hosting: HostingView }) {
  if (addresses.length === 0) return null;
  return (
    <ul className="grid gap-1">
      {addresses.map((address) => (
        <Address key={address.name} address={address} />
      ))}
    </ul>
  );
}

function Address({ address: { name, deployment, redirectsTo, verified, url } }: { address: AddressView }) {
  return (
    <li className="flex min-w-0 flex-wrap items-center gap-x-2 gap-y-0.5 text-xs">
      <a href={`https://${name}`} target="_blank" rel="noreferrer" className="min-w-0 wrap-anywhere hover:underline">
        {name}
      </a>
      {verified ? null : <Badge variant="solid">not verified</Badge>}
      <span className="text-ink-faint">
        {redirectsTo ? (
          `leads on to ${redirectsTo}`
        ) : deployment ? (
          <>
            shows{' '}
            <Link href={`/deployments/${deployment.id}`} className="text-ink-soft hover:underline">
              #{deployment.number} <Mono>{deployment.sha.slice(0, 7)}</Mono>
            </Link>
          </>
        ) : url ? (
          <a href={url} target="_blank" rel="noreferrer" className="hover:underline">
            shows a build that was not deployed from here
          </a>
        ) : (
          'leads nowhere yet'
        )}
      </span>
    </li>
  );
}
