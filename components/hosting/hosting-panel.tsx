'use client';

import { ExternalLink, Rocket } from 'lucide-react';
import Link from 'next/link';
import { Badge } from '@/components/ui/badge';
import { ButtonLink } from '@/components/ui/button-link';
import { Mono } from '@/components/ui/code';
import { Notice } from '@/components/ui/notice';
import { RelativeTime } from '@/components/ui/relative-time';
import type { AddressView, HostingView } from '@/lib/deployments/model/hosting';
import { useHosting } from './use-hosting';

export function promoteHref(targetId: string, from?: string): string {
  return `/targets/${targetId}/promote${from ? `?from=${encodeURIComponent(from)}` : ''}`;
}

/**
 * Where a target is served: its addresses and the deployment behind each, what the host keeps back, what changed since, and
 * a look at the build. Nothing where its provider is no host.
 */
export function HostingPanel({ targetId, where }: { targetId: string; where: string }) {
  const { data } = useHosting(targetId);
  return data ? <HostingParts targetId={targetId} where={where} hosting={data} /> : null;
}

/** The same for what was read. */
export function HostingParts({ targetId, where, hosting: data }: PartProps & { where: string }) {
  return (
    <section aria-label={`How ${where} is served`} className="grid gap-2 border-t border-line pt-3">
      {data.problem ? (
        <p className="text-xs text-warn">{data.problem.sentence}</p>
      ) : (
        <>
          <Kept targetId={targetId} hosting={data} />
          <Changed targetId={targetId} hosting={data} />
          <Addresses hosting={data} />
          <Preview hosting={data} />
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

/** Changed at the host, and not in the build that is live. */
export function Changed({ targetId, hosting: { changed } }: PartProps) {
  if (!changed || changed.names.length === 0) return null;
  const count = changed.names.length;
  return (
    <Notice
      tone="warn"
      title={`${count} variable${count === 1 ? '' : 's'} changed, not live yet`}
      action={
        <ButtonLink href={`/deploy/${targetId}`} size="sm">
          Deploy again
        </ButtonLink>
      }
    >
      {changed.names.join(', ')}: changed after the build that is live was asked for (
      <RelativeTime at={changed.since} />
      ). A variable counts from the next deployment on.
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

function Preview({ hosting: { preview } }: { hosting: HostingView }) {
  if (!preview?.address && !preview?.screenshot) return null;
  return (
    <div className="grid justify-items-start gap-1.5">
      {preview.screenshot ? (
        // biome-ignore lint/performance/noImgElement: it comes through our own server, once, and is not resized.
        <img
          src={`/api/v1/deployments/${encodeURIComponent(preview.deploymentId)}/screenshot`}
          alt="The build that is live, as its host photographed it"
          loading="lazy"
          width={320}
          height={200}
          className="aspect-8/5 w-full max-w-80 rounded-md border border-line object-cover object-top"
          onError={(event) => {
            event.currentTarget.hidden = true;
          }}
        />
      ) : null}
      {preview.address ? (
        <a
          href={preview.address}
          target="_blank"
          rel="noreferrer"
          className="inline-flex items-center gap-1 text-xs text-ink-soft hover:underline"
        >
          <ExternalLink aria-hidden className="size-3.5" />
          Look at this build
        </a>
      ) : null}
    </div>
  );
}
