'use client';

import { DeploymentTable } from '@/components/deployments/deployment-table';
import { FreshnessNotice } from '@/components/live/freshness';
import { useLiveQuery } from '@/components/live/use-live-query';
import type { LiftPin } from '@/components/matrix/lift-pin-button';
import type { LookNow } from '@/components/matrix/look-button';
import type { Redeploy } from '@/components/redeploy/redeploy-press';
import { EmptyState } from '@/components/ui/empty-state';
import { Link } from '@/components/ui/link';
import { Panel } from '@/components/ui/panel';
import type { ComponentView } from '@/lib/deployments/model/view';
import { queryKeys } from '@/lib/realtime/protocol';
import { ComponentFigures } from './component-figures';
import { EnvironmentPanel } from './environment-panel';

interface ComponentBoardProps {
  initial: ComponentView;
  liftPin: LiftPin;
  look: LookNow;
  redeploy: Redeploy;
}

/** One component: where it runs, how it has gone, and what can be done. */
export function ComponentBoard({ initial, liftPin, look, redeploy }: ComponentBoardProps) {
  const { slug } = initial.component;
  const {
    data = initial,
    error,
    dataUpdatedAt,
  } = useLiveQuery({
    queryKey: queryKeys.component(slug),
    path: `/api/v1/components/${encodeURIComponent(slug)}`,
    initialData: initial,
  });
  const placed = data.environments.filter((environment) => environment.cells.length > 0);
  const allHref = `/deployments?component=${encodeURIComponent(slug)}`;
  return (
    <div className="grid gap-5 *:min-w-0">
      <FreshnessNotice error={error} updatedAt={dataUpdatedAt} />
      <ComponentFigures stats={data.stats} href={allHref} />
      {placed.length > 0 ? (
        <div className="grid grid-cols-[repeat(auto-fit,minmax(min(20rem,100%),1fr))] items-start gap-4">
          {placed.map((environment) => (
            <EnvironmentPanel
              key={environment.slug}
              environment={environment}
              componentName={data.component.name}
              liftPin={liftPin}
              look={look}
              redeploy={redeploy}
            />
          ))}
        </div>
      ) : (
        <Panel>
          <EmptyState title="This component has no target">
            A target binds it to an environment and a connection; without one it cannot be deployed.
          </EmptyState>
        </Panel>
      )}
      <Panel
        title="History"
        body="flush"
        className="overflow-clip"
        actions={
          <Link href={allHref} className="rounded-sm text-xs text-ink-soft hover:text-ink hover:underline">
            See all
          </Link>
        }
      >
        {data.history.length > 0 ? (
          <DeploymentTable caption={`Last deployments of ${data.component.name}`} rows={data.history} of="component" />
        ) : (
          <EmptyState title="Not deployed yet">
            The first deployment starts with Deploy beside an environment above.
          </EmptyState>
        )}
      </Panel>
    </div>
  );
}
