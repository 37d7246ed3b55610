'use client';

import { Rocket, SearchX } from 'lucide-react';
import { FreshnessNotice } from '@/components/live/freshness';
import { useLiveQuery } from '@/components/live/use-live-query';
import { ButtonLink } from '@/components/ui/button-link';
import { EmptyState } from '@/components/ui/empty-state';
import type { DeploymentSummary } from '@/lib/deployments/model/view';
import type { Page } from '@/lib/kernel/page';
import { queryKeys } from '@/lib/realtime/protocol';
import { DeploymentTable } from './deployment-table';

interface LiveDeploymentTableProps {
  /** The page at the HTTP API; also its cache key. */
  path: string;
  initial: Page<DeploymentSummary>;
  filtered: boolean;
}

/** One page of the list; its rows change while somebody looks. */
export function LiveDeploymentTable({ path, initial, filtered }: LiveDeploymentTableProps) {
  const {
    data = initial,
    error,
    dataUpdatedAt,
  } = useLiveQuery({
    queryKey: [...queryKeys.deployments, path],
    path,
    initialData: initial,
  });
  return (
    <div className="grid gap-3 *:min-w-0">
      <FreshnessNotice error={error} updatedAt={dataUpdatedAt} />
      <div className="overflow-clip rounded-lg border border-line bg-surface">
        {data.rows.length > 0 ? (
          <DeploymentTable caption="Deployments, newest first" rows={data.rows} />
        ) : (
          <Nothing filtered={filtered} />
        )}
      </div>
    </div>
  );
}

function Nothing({ filtered }: { filtered: boolean }) {
  if (filtered) {
    return (
      <EmptyState
        icon={<SearchX aria-hidden />}
        title="No deployment matches"
        action={<ButtonLink href="/deployments">Show all deployments</ButtonLink>}
      >
        A person is matched by the whole name; a commit by its first characters; a number as #12.
      </EmptyState>
    );
  }
  return (
    <EmptyState
      icon={<Rocket aria-hidden />}
      title="Nothing was deployed yet"
      action={
        <ButtonLink href="/targets" variant="primary">
          Choose what to deploy
        </ButtonLink>
      }
    >
      Every attempt stays in this list, the failed and the cancelled ones too.
    </EmptyState>
  );
}
