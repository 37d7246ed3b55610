import { isTerminal } from '@/lib/deployments/model/status';
import type { DeploymentDetail } from '@/lib/deployments/model/view';
import { waitingSentence } from '@/lib/deployments/model/waiting';

/** Why there are no steps and no log yet, and when there will be. */
export function waitingInWords(deployment: DeploymentDetail): string {
  const { status, provider, waitingFor } = deployment;
  if (isTerminal(status))
    return deployment.remote ? `${provider.runsAt} reported no steps for this run.` : 'It ended before a run started.';
  if (deployment.attention) return 'They appear when it is known which run this is.';
  if (status === 'awaiting_approval') return 'They appear once it is approved and the run has started.';
  if (status === 'queued')
    return `They appear when its turn comes. ${waitingFor ? waitingSentence(waitingFor) : ''}`.trim();
  return `They appear when ${provider.runsAt} has started the run.`;
}
