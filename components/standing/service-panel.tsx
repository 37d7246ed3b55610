'use client';

import { useLiveQuery } from '@/components/live/use-live-query';
import { Notice } from '@/components/ui/notice';
import { Panel } from '@/components/ui/panel';
import { RelativeTime } from '@/components/ui/relative-time';
import { SkeletonText } from '@/components/ui/skeleton';
import type { ServiceStatusView } from '@/lib/connections/model/standing';
import { ServiceLines } from './service-lines';

/** What the provider says about itself, to everybody; nothing where it has no page for this address. */
export function ServicePanel({ connectionId }: { connectionId: string }) {
  const { data, error } = useLiveQuery<{ service: ServiceStatusView | null }>({
    queryKey: ['service-status', connectionId],
    path: `/api/v1/connections/${encodeURIComponent(connectionId)}/service-status`,
    everyMs: 120_000,
  });
  if (data && data.service === null) return null;
  const service = data?.service ?? null;
  return (
    <Panel
      title="The provider’s own status"
      description={service?.readAt ? <>As of {<RelativeTime at={service.readAt} />}</> : undefined}
      actions={
        service ? (
          <a href={service.page} target="_blank" rel="noreferrer" className="text-sm text-accent underline">
            Its status page
          </a>
        ) : undefined
      }
    >
      {service ? (
        <Said service={service} />
      ) : error ? (
        <Notice tone="warn" title={error.message} />
      ) : (
        <SkeletonText lines={2} />
      )}
    </Panel>
  );
}

function Said({ service }: { service: ServiceStatusView }) {
  const quiet = service.incidents.length + service.maintenance.length === 0;
  return (
    <div className="grid gap-3 text-sm">
      {service.problem ? (
        <Notice tone="neutral" title={service.problem}>
          It is asked again in a minute. Nothing waits for it.
        </Notice>
      ) : null}
      {quiet && !service.problem ? (
        <p className="text-ink-soft">
          {service.readAt
            ? 'No incident and no maintenance of the parts that deployments need.'
            : 'It was not read yet. Look again in a moment.'}
        </p>
      ) : null}
      {quiet ? null : (
        <Notice tone={service.incidents.length > 0 ? 'warn' : 'neutral'} title={titleOf(service)}>
          <ServiceLines service={service} />
        </Notice>
      )}
    </div>
  );
}

function titleOf({ provider, incidents }: ServiceStatusView): string {
  if (incidents.length === 0) return `${provider} plans maintenance`;
  return incidents.length === 1 ? `${provider} has an incident` : `${provider} has ${incidents.length} incidents`;
}
