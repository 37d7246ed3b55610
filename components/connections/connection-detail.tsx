'use client';

import { FreshnessNotice } from '@/components/live/freshness';
import { useLiveQuery } from '@/components/live/use-live-query';
import { ButtonLink } from '@/components/ui/button-link';
import { EmptyState } from '@/components/ui/empty-state';
import { later } from '@/components/ui/later';
import { Link } from '@/components/ui/link';
import { Panel } from '@/components/ui/panel';
import { Skeleton } from '@/components/ui/skeleton';
import type { ConnectionDetail } from '@/lib/connections/model/view';
import { withLabel } from '@/lib/targets/model/label';
import { AuthorityPanel } from './authority-panel';
import type { ConnectionActions } from './connection-actions';
import { ConnectionHead } from './connection-head';
import { CredentialPanel } from './credential-panel';
import { HealthPanel } from './health-panel';
import { QuotaLine } from './quota-line';
import { WebhookPanel } from './webhook-panel';

/** They ask by themselves; the page stands without them. */
const ServicePanel = later(
  () => import('@/components/standing/service-panel').then((file) => file.ServicePanel),
  <Skeleton className="h-28 rounded-lg" />,
);
const CapacityPanel = later(
  () => import('@/components/standing/capacity-panel').then((file) => file.CapacityPanel),
  <Skeleton className="h-24 rounded-lg" />,
);

export interface ConnectionDetailProps {
  initial: ConnectionDetail;
  actions: Omit<ConnectionActions, 'create'>;
  /** Whole address for the provider's settings page. */
  webhookUrl: string;
  /** Why this person may not change it; null when they may. */
  disabledReason: string | null;
}

/** One provider account: does it work, what may it do, who uses it, and how it is mended. */
export function ConnectionScreen({ initial, actions, webhookUrl, disabledReason }: ConnectionDetailProps) {
  const {
    data = initial,
    error,
    dataUpdatedAt,
  } = useLiveQuery({
    queryKey: ['connection', initial.id],
    path: `/api/v1/connections/${encodeURIComponent(initial.id)}`,
    initialData: initial,
  });
  return (
    <>
      <ConnectionHead connection={data} actions={actions} disabledReason={disabledReason} />
      <div className="grid gap-5 *:min-w-0">
        <FreshnessNotice error={error} updatedAt={dataUpdatedAt} />
        <div className="grid items-start gap-5 lg:grid-cols-2">
          <div className="grid min-w-0 gap-5">
            <HealthPanel connection={data} />
            <CredentialPanel connection={data} actions={actions} disabledReason={disabledReason} />
            {data.authorities.accepted || data.authorities.trusted.length > 0 ? (
              <AuthorityPanel connection={data} actions={actions} disabledReason={disabledReason} />
            ) : null}
          </div>
          <div className="grid min-w-0 gap-5">
            {data.webhook.supported ? (
              <WebhookPanel connection={data} actions={actions} url={webhookUrl} disabledReason={disabledReason} />
            ) : null}
            <QuotaPanel quotas={data.quotas} connectionId={data.id} />
            {data.standing.service ? <ServicePanel connectionId={data.id} /> : null}
            {data.standing.capacity ? <CapacityPanel connectionId={data.id} /> : null}
            <UsedBy targets={data.usedBy} imagesOf={data.imagesOf} />
          </div>
        </div>
      </div>
    </>
  );
}

function QuotaPanel({ quotas, connectionId }: { quotas: ConnectionDetail['quotas']; connectionId: string }) {
  return (
    <Panel
      title="Quota"
      body="flush"
      actions={
        <ButtonLink href={`/connections/${connectionId}/quota`} size="sm">
          Who uses it
        </ButtonLink>
      }
    >
      {quotas.length === 0 ? (
        <EmptyState title="No figures yet" className="py-6">
          The provider tells them with its answers; check the connection to see them.
        </EmptyState>
      ) : (
        <ul className="divide-y divide-line">
          {quotas.map((quota) => (
            <QuotaLine key={quota.resource} quota={quota} />
          ))}
        </ul>
      )}
    </Panel>
  );
}

interface UsedByProps {
  targets: ConnectionDetail['usedBy'];
  imagesOf: ConnectionDetail['imagesOf'];
}

function usersOf({ targets, imagesOf }: UsedByProps): string {
  const deploys = targets.length === 1 ? '1 target' : `${targets.length} targets`;
  if (imagesOf.length === 0) return deploys;
  const reads = imagesOf.length === 1 ? '1 component' : `${imagesOf.length} components`;
  return targets.length === 0 ? reads : `${deploys} and ${reads}`;
}

function UsedBy({ targets, imagesOf }: UsedByProps) {
  return (
    <Panel title={`Used by ${usersOf({ targets, imagesOf })}`} body="flush">
      {targets.length + imagesOf.length === 0 ? (
        <EmptyState title="Nothing uses it" className="py-6">
          It can be removed without consequence.
        </EmptyState>
      ) : (
        <ul className="divide-y divide-line">
          {targets.map((target) => (
            <li key={target.targetId} className="px-4 py-2 text-sm">
              <Link href={`/components/${target.component.slug}`} className="rounded-sm hover:underline">
                {target.component.name} <span className="text-ink-faint">→</span>{' '}
                {withLabel(target.environment.name, target.label)}
              </Link>
            </li>
          ))}
          {imagesOf.map((component) => (
            <li key={component.slug} className="px-4 py-2 text-sm">
              <Link href={`/components/${component.slug}`} className="rounded-sm hover:underline">
                Images of {component.name} <span className="text-ink-faint">in {component.repository}</span>
              </Link>
            </li>
          ))}
        </ul>
      )}
    </Panel>
  );
}
