'use client';

import { FreshnessNotice } from '@/components/live/freshness';
import { useLiveQuery } from '@/components/live/use-live-query';
import type { LiftPin } from '@/components/matrix/lift-pin-button';
import type { LookNow } from '@/components/matrix/look-button';
import { later } from '@/components/ui/later';
import { Skeleton } from '@/components/ui/skeleton';
import type { NowView } from '@/lib/deployments/model/view';
import { queryKeys } from '@/lib/realtime/protocol';
import { Headline } from './headline';
import { InFlight } from './in-flight';
import { NeedsYou } from './needs-you';
import { QuickDeploys } from './quick-deploys';

/** What stands beside the buttons; the server draws it. */
const NowAside = later(
  () => import('./now-aside').then((file) => file.NowAside),
  <Skeleton className="h-96 rounded-lg" />,
);

/** Rare. */
const DriftList = later(
  () => import('./drift-list').then((file) => file.DriftList),
  <Skeleton className="h-24 rounded-lg" />,
);

interface NowBoardProps {
  initial: NowView;
  liftPin: LiftPin;
  look: LookNow;
}

/** The page for three in the morning: what is wrong, what moves, what waits for you, and the way to act. */
export function NowBoard({ initial, liftPin, look }: NowBoardProps) {
  const {
    data = initial,
    error,
    dataUpdatedAt,
  } = useLiveQuery({ queryKey: queryKeys.now, path: '/api/v1/now', initialData: initial, everyMs: 60_000 });
  return (
    <div className="grid gap-5">
      <Headline headline={data.headline} />
      <FreshnessNotice error={error} updatedAt={dataUpdatedAt} />
      <div className="grid items-start gap-5 lg:grid-cols-[minmax(0,1fr)_20rem]">
        <div className="grid min-w-0 gap-5">
          {data.drift.length > 0 ? <DriftList drift={data.drift} look={look} /> : null}
          <NeedsYou deployments={data.needsYou} />
          <InFlight deployments={data.inFlight} />
          <QuickDeploys targets={data.quickDeploys} />
        </div>
        <NowAside now={data} liftPin={liftPin} />
      </div>
    </div>
  );
}
