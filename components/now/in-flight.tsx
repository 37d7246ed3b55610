'use client';

import { Rocket } from 'lucide-react';
import { deploymentHref, KindMark, NumberedRoute, RevisionMark } from '@/components/deployments/deployment-row';
import { StatusBadge } from '@/components/deployments/status-badge';
import { Duration } from '@/components/ui/duration';
import { EmptyState } from '@/components/ui/empty-state';
import { Link } from '@/components/ui/link';
import { Panel } from '@/components/ui/panel';
import { ProgressBar } from '@/components/ui/progress-bar';
import { useNow } from '@/components/ui/ticking';
import type { NowView } from '@/lib/deployments/model/view';
import { waitingSentence } from '@/lib/deployments/model/waiting';

type Flight = NowView['inFlight'][number];

/** What is moving, how far it is and how long that usually takes. */
export function InFlight({ deployments }: { deployments: readonly Flight[] }) {
  return (
    <Panel title="In flight" body="flush">
      {deployments.length === 0 ? (
        <EmptyState icon={<Rocket aria-hidden />} title="Nothing is moving" className="py-7">
          A deployment appears here the moment someone starts it.
        </EmptyState>
      ) : (
        <ul className="divide-y divide-line">
          {deployments.map((deployment) => (
            <FlightLine key={deployment.id} flight={deployment} />
          ))}
        </ul>
      )}
    </Panel>
  );
}

function FlightLine({ flight }: { flight: Flight }) {
  return (
    <li className="group relative grid gap-2 px-4 py-3 hover:bg-raised/60">
      <div className="flex min-w-0 flex-wrap items-center gap-x-3 gap-y-1">
        <Link
          href={deploymentHref(flight)}
          className="flex min-w-0 items-baseline text-sm font-medium after:absolute after:inset-0 group-hover:underline focus-visible:outline-none focus-visible:after:outline-2 focus-visible:after:-outline-offset-2 focus-visible:after:outline-accent"
        >
          <NumberedRoute deployment={flight} />
        </Link>
        <StatusBadge status={flight.status} />
        <KindMark kind={flight.kind} />
        <span className="ml-auto text-sm">
          <Duration since={flight.startedAt ?? flight.requestedAt} />
        </span>
      </div>
      <FlightProgress flight={flight} />
      <div className="flex min-w-0 flex-wrap items-center gap-x-3 gap-y-1 text-xs text-ink-faint">
        <RevisionMark revision={flight.revision} />
        <span>by {flight.requestedBy.name}</span>
        <span className="ml-auto">{whereItIs(flight)}</span>
      </div>
    </li>
  );
}

function whereItIs(flight: Flight): string {
  if (flight.waitingFor) return waitingSentence(flight.waitingFor);
  if (flight.stepsTotal === 0) return 'no steps yet';
  const step = `step ${Math.min(flight.stepsDone + 1, flight.stepsTotal)} of ${flight.stepsTotal}`;
  return flight.currentStep ? `${step}: ${flight.currentStep}` : step;
}

function FlightProgress({ flight }: { flight: Flight }) {
  const now = useNow('second');
  const since = new Date(flight.startedAt ?? flight.requestedAt).getTime();
  const usual = flight.usual?.p50Ms ?? null;
  const bySteps = flight.stepsTotal > 0 ? flight.stepsDone / flight.stepsTotal : 0;
  const byTime = usual && now ? (now - since) / usual : null;
  // Time says "longer than usual"; until then steps that are done are the better witness where time is unknown.
  return <ProgressBar label={`Progress of deployment ${flight.number}`} fraction={byTime ?? bySteps} usually={usual} />;
}
