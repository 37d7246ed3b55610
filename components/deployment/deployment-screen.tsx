'use client';

import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { FreshnessNotice } from '@/components/live/freshness';
import { useLiveQuery } from '@/components/live/use-live-query';
import { later } from '@/components/ui/later';
import { Skeleton } from '@/components/ui/skeleton';
import { isTerminal } from '@/lib/deployments/model/status';
import type { DeploymentDetail } from '@/lib/deployments/model/view';
import { queryKeys } from '@/lib/realtime/protocol';
import { ActionBar } from './action-bar';
import { Announcer } from './announcer';
import { DeploymentHeader } from './deployment-header';
import { jobOfInterest } from './jobs';
import { Progress } from './progress';
import type { DeploymentVerbs } from './verbs';
import { wayOutInMs } from './way-out';

/** The server draws it; it comes alive after the head with its buttons. */
const RunPanel = later(
  () => import('./run-panel').then((file) => file.RunPanel),
  <Skeleton className="h-[58dvh] min-h-72 rounded-lg" />,
);

/** Below the fold, and the page says what matters without them. */
const Timeline = later(
  () => import('./timeline').then((file) => file.Timeline),
  <Skeleton className="h-60 rounded-lg" />,
);
const FactList = later(
  () => import('./fact-list').then((file) => file.FactList),
  <Skeleton className="h-60 rounded-lg" />,
);

/** Rare, and it brings the schemas with it. */
const AttentionPanel = later(
  () => import('./attention-panel').then((file) => file.AttentionPanel),
  <Skeleton className="h-96 rounded-lg" />,
);

/** Only where something has to be let through first. */
const DeploymentGates = later(
  () => import('./gates-panel').then((file) => file.DeploymentGates),
  <Skeleton className="h-24 rounded-lg" />,
);

/** Only where there is something to say beside the status. */
const StandingNotices = later(
  () => import('./standing-notices').then((file) => file.StandingNotices),
  <Skeleton className="h-11 rounded-md" />,
);

/** Only while something of it is not ticked, and only where a run came after the end. */
const ChecklistPanel = later(
  () => import('./checklist-panel').then((file) => file.ChecklistPanel),
  <Skeleton className="h-40 rounded-lg" />,
);
const LateRunNotice = later(
  () => import('./late-run-notice').then((file) => file.LateRunNotice),
  <Skeleton className="h-20 rounded-md" />,
);

/** Only while its provider holds it for people. */
const HeldPanel = later(() => import('@/components/gates/held-panel').then((file) => file.HeldPanel), <span hidden />);

/** Only once there is something to look at; quiet where its provider is no host. */
const PreviewPanel = later(
  () => import('@/components/hosting/preview-panel').then((file) => file.PreviewPanel),
  <span hidden />,
);

/** Only while something outside keeps it from going live; quiet where no host does. */
const KeptBackNotice = later(
  () => import('@/components/hosting/kept-back-notice').then((file) => file.KeptBackNotice),
  <span hidden />,
);

/** Only for what ended badly. */
const FailurePanel = later(
  () => import('./failure-panel').then((file) => file.FailurePanel),
  <Skeleton className="h-40 rounded-lg" />,
);

/** Only where its run may have built a package. */
const TakePackage = later(
  () => import('./take-package').then((file) => file.TakePackage),
  <Skeleton className="h-20 rounded-md" />,
);

/** Asks the provider, so only where a reason is wanted; quiet until it has one. */
const ReasonsPanel = later(() => import('./reasons-panel').then((file) => file.ReasonsPanel), <span hidden />);

/** Only for what ended badly: the same failure elsewhere, and what the provider said then. */
const IsItUsPanel = later(() => import('./is-it-us-panel').then((file) => file.IsItUsPanel), <span hidden />);

/** Only once it is live; quiet where nobody measures its target. */
const VerdictPanel = later(() => import('./verdict-panel').then((file) => file.VerdictPanel), <span hidden />);

const waitsForTicks = ({ status, checklist }: DeploymentDetail) =>
  (status === 'queued' || status === 'awaiting_approval') && checklist.some((each) => !each.ticked);

const wantsReasons = ({ status, remote, waitingFor }: DeploymentDetail) =>
  remote !== null && (BAD.includes(status) || status === 'cancelled' || (waitingFor !== null && !isTerminal(status)));

const mayBeKeptBack = ({ status, remote, waitingFor }: DeploymentDetail) =>
  (status === 'building' || status === 'deploying') && remote !== null && waitingFor !== null;

const hasBuild = ({ status, remote }: DeploymentDetail) =>
  remote !== null && ['deploying', 'verifying', 'succeeded'].includes(status);

const BAD: readonly string[] = ['failed', 'errored', 'timed_out'];

function hasNotices(deployment: DeploymentDetail): boolean {
  const { status, trouble, cancelRequestedBy, acceptedAt, freezeOverride } = deployment;
  if (status === 'superseded') return true;
  return [trouble, cancelRequestedBy, acceptedAt, freezeOverride].some((each) => each !== null);
}

const untilWayOut = (deployment?: DeploymentDetail) => (deployment ? wayOutInMs(deployment, Date.now()) : null);

/** One attempt to put a release on a target: what it does now, why it failed, what can be done. Live. */
export function DeploymentScreen({ initial, verbs }: { initial: DeploymentDetail; verbs: DeploymentVerbs }) {
  const client = useQueryClient();
  const queryKey = queryKeys.deployment(initial.id);
  const path = `/api/v1/deployments/${initial.id}`;
  const live = useLiveQuery({ queryKey, path, initialData: initial, everyMs: untilWayOut });
  const deployment = live.data ?? initial;
  const again = () => void client.invalidateQueries({ queryKey });
  const [chosen, setChosen] = useState<string | null>(null);
  const job = deployment.jobs.find((each) => each.jobId === chosen) ?? jobOfInterest(deployment.jobs);

  return (
    <div className="grid gap-4">
      <Announcer deployment={deployment} />
      <DeploymentHeader
        deployment={deployment}
        actions={<ActionBar deployment={deployment} verbs={verbs} onDone={again} />}
      />
      <FreshnessNotice error={live.error} updatedAt={live.dataUpdatedAt} />
      {deployment.attention ? <AttentionPanel deployment={deployment} resolve={verbs.resolve} onDone={again} /> : null}
      {deployment.lateRun ? (
        <LateRunNotice deployment={deployment} cancel={verbs.cancelLateRun} onDone={again} />
      ) : null}
      {hasNotices(deployment) ? <StandingNotices deployment={deployment} /> : null}
      {waitsForTicks(deployment) ? <ChecklistPanel deployment={deployment} tick={verbs.tick} onDone={again} /> : null}
      {deployment.gates.length > 0 || deployment.approval ? (
        <DeploymentGates deployment={deployment} override={verbs.overrideFreeze} onDone={again} />
      ) : null}
      {deployment.heldSince ? (
        <HeldPanel deploymentId={deployment.id} answer={verbs.answerGate} onDone={again} />
      ) : null}
      {mayBeKeptBack(deployment) ? (
        <KeptBackNotice deployment={deployment} serve={verbs.serveHeld} onDone={again} />
      ) : null}
      {BAD.includes(deployment.status) ? (
        <FailurePanel
          deployment={deployment}
          job={deployment.jobs.find((each) => each.status === 'failed') ?? null}
          onOpenLog={setChosen}
        />
      ) : null}
      {BAD.includes(deployment.status) ? <IsItUsPanel deployment={deployment} /> : null}
      {wantsReasons(deployment) ? <ReasonsPanel deployment={deployment} newHead={verbs.newHead} /> : null}
      {deployment.status === 'succeeded' ? <VerdictPanel deployment={deployment} /> : null}
      {deployment.mayHoldPackage ? <TakePackage deployment={deployment} take={verbs.takePackage} /> : null}
      <Progress deployment={deployment} />
      <RunPanel deployment={deployment} job={job} onPick={setChosen} />
      {hasBuild(deployment) ? <PreviewPanel deployment={deployment} /> : null}
      <div className="grid items-start gap-4 lg:grid-cols-2">
        <Timeline entries={deployment.timeline} />
        <FactList deployment={deployment} />
      </div>
    </div>
  );
}
