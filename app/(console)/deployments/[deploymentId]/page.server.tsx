import type { Metadata } from 'next';
import { Refused } from '@/components/console/refused';
import { DeploymentScreen } from '@/components/deployment/deployment-screen';
import { deploymentQuery } from '@/lib/deployments/queries';
import { readOrRefuse } from '../../read-or-refuse';
import {
  answerGateAction,
  cancelAction,
  cancelLateRunAction,
  newHeadAction,
  overrideFreezeAction,
  redeployAction,
  resolveAction,
  retryAction,
  serveHeldAction,
  stopWaitingAction,
  takePackageAction,
  tickAction,
} from '../actions';

export const metadata: Metadata = { title: 'Deployment' };

export default async function DeploymentPage({ params }: { params: Promise<{ deploymentId: string }> }) {
  const { deploymentId } = await params;
  const read = await readOrRefuse(deploymentQuery, { deploymentId }, `/deployments/${deploymentId}`);
  if (!read.ok) return <Refused refusal={read.refusal} />;
  return (
    <DeploymentScreen
      key={deploymentId}
      initial={read.value}
      verbs={{
        cancel: cancelAction,
        stopWaiting: stopWaitingAction,
        retry: retryAction,
        redeploy: redeployAction,
        resolve: resolveAction,
        overrideFreeze: overrideFreezeAction,
        answerGate: answerGateAction,
        tick: tickAction,
        serveHeld: serveHeldAction,
        cancelLateRun: cancelLateRunAction,
        newHead: newHeadAction,
        takePackage: takePackageAction,
      }}
    />
  );
}
