import type { DeploymentDetail } from '@/lib/deployments/model/view';
import { withLabel } from '@/lib/targets/model/label';
import type { VerbId } from './action-plan';

export interface Confirmation {
  title: string;
  /** What will happen, what it leaves alone, how to go back. One sentence a line. */
  consequences: string[];
  confirmLabel: string;
  tone: 'primary' | 'danger';
}

function replaced({ current, environment, label }: DeploymentDetail): string {
  const place = withLabel(environment.name, label);
  return current
    ? `What is live in ${place} now (#${current.number}, ${current.sha.slice(0, 7)}) stays until it succeeds.`
    : `Nothing is live in ${place} now.`;
}

function danger({ environment }: DeploymentDetail): 'primary' | 'danger' {
  return environment.isProduction ? 'danger' : 'primary';
}

function cancel(deployment: DeploymentDetail): Confirmation {
  const { provider, remote, environment, number } = deployment;
  return {
    title: `Cancel deployment #${number}?`,
    consequences: remote
      ? [
          `${provider.runsAt} is asked to stop the run. Steps that are done stay done.`,
          `If it was already changing ${environment.name}, what is live may be half of each: check it, then deploy again or roll back.`,
        ]
      : ['No run has started, so nothing changes anywhere.', 'You can deploy the same commit again at any time.'],
    confirmLabel: 'Cancel deployment',
    tone: 'danger',
  };
}

function stopWaiting({ status, holdsTarget, provider, number, environment, label }: DeploymentDetail): Confirmation {
  const next = holdsTarget
    ? 'Its own hold stays: until that is lifted, only a roll-back goes there.'
    : 'What waits for this target takes its turn.';
  if (status !== 'verifying')
    return {
      title: `Stop waiting for the end of #${number}?`,
      consequences: [
        `It ends as timed out here. ${provider.runsAt} hears nothing of it: the run may go on there, and put its commit over what goes to ${withLabel(environment.name, label)} next.`,
        next,
      ],
      confirmLabel: 'Stop waiting',
      tone: 'danger',
    };
  return {
    title: `Stop waiting for #${number} to be live?`,
    consequences: [
      `It ends as failed, since nothing proved it live in ${withLabel(environment.name, label)}. ${next}`,
      `${provider.label} hears nothing of it: what was put there stays until something else is. Look at what is live, then roll back or deploy again.`,
    ],
    confirmLabel: 'Stop waiting',
    tone: 'danger',
  };
}

/** What a person reads before each of the verbs. */
export function confirmationOf(id: VerbId, deployment: DeploymentDetail): Confirmation {
  const { revision, environment, provider, number } = deployment;
  const short = revision.sha.slice(0, 7);
  switch (id) {
    case 'cancel':
      return cancel(deployment);
    case 'stopWaiting':
      return stopWaiting(deployment);
    case 'retry':
      return {
        title: `Re-run the failed jobs of #${number}?`,
        consequences: [
          `${provider.label} runs the failed jobs of the same run once more, and those that wait for them. Jobs that succeeded do not run again.`,
          replaced(deployment),
        ],
        confirmLabel: 'Re-run failed jobs',
        tone: danger(deployment),
      };
    case 'redeploy':
      return {
        title: `Deploy ${short} to ${withLabel(environment.name, deployment.label)} again?`,
        consequences: [
          `A new deployment of the same commit from ${revision.ref}, with the same inputs and today’s settings.`,
          replaced(deployment),
        ],
        confirmLabel: `Deploy ${short} again`,
        tone: danger(deployment),
      };
  }
}
