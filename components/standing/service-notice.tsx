'use client';

import { useLiveQuery } from '@/components/live/use-live-query';
import { Notice } from '@/components/ui/notice';
import type { ServiceStatusView } from '@/lib/connections/model/standing';
import { ServiceLines } from './service-lines';

const EVERY_MS = 120_000;

/** Quiet unless the target's provider says that something is wrong with it. */
export function ServiceNotice({ targetId }: { targetId: string }) {
  const { data } = useLiveQuery<{ service: ServiceStatusView | null }>({
    queryKey: ['service-status', targetId],
    path: `/api/v1/targets/${encodeURIComponent(targetId)}/service-status`,
    everyMs: EVERY_MS,
  });
  const service = data?.service ?? null;
  if (!service || service.incidents.length === 0) return null;
  return (
    <Notice tone="warn" live title={`${service.provider} has trouble of its own`}>
      <ServiceLines service={service} />
    </Notice>
  );
}
