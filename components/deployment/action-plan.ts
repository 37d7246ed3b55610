import { isTerminal } from '@/lib/deployments/model/status';
import type { Allowed, DeploymentDetail } from '@/lib/deployments/model/view';

export type ActionId = 'cancel' | 'stopWaiting' | 'retry' | 'redeploy' | 'rollBack' | 'rollBackPrevious';
/** Those that ask in a dialog; going back has a page of its own. */
export type VerbId = Exclude<ActionId, 'rollBack' | 'rollBackPrevious'>;

export interface PlannedAction {
  id: ActionId;
  label: string;
  allowed: Allowed;
  /** Where it leads; null for what is asked here. */
  href: string | null;
}

/** Going back from what is live: what the chosen one meets on its way is said where it is chosen. */
function previousGate({ actions, previous, isCurrent }: DeploymentDetail): Allowed {
  if (!isCurrent)
    return {
      allowed: false,
      refusal: { code: 'not_current', sentence: 'It is not what is live; open the one that is.' },
    };
  if (!previous)
    return {
      allowed: false,
      refusal: { code: 'no_previous', sentence: 'Nothing was live here before it, so there is nothing to go back to.' },
    };
  return actions.rollBackFrom;
}

/** What counts as live is gone back to only where something else went there after it, or was found there. */
function offersItself({ isCurrent, actions }: DeploymentDetail): boolean {
  return !isCurrent || actions.rollBack.allowed;
}

/** What the provider has finished, or does not end when it is asked to, cannot be cancelled; waiting for it can be ended. */
function ending({ status, actions }: DeploymentDetail): PlannedAction {
  return status === 'verifying' || actions.stopWaiting.allowed
    ? { id: 'stopWaiting', label: 'Stop waiting', allowed: actions.stopWaiting, href: null }
    : { id: 'cancel', label: 'Cancel', allowed: actions.cancel, href: null };
}

function all(deployment: DeploymentDetail): PlannedAction[] {
  const { actions, previous, revision, targetId, id } = deployment;
  const back = (to: string) => `/targets/${targetId}/roll-back?to=${to}`;
  return [
    ending(deployment),
    { id: 'retry', label: 'Re-run failed jobs', allowed: actions.retry, href: null },
    { id: 'redeploy', label: 'Deploy again', allowed: actions.redeploy, href: null },
    ...(deployment.isCurrent
      ? [
          {
            id: 'rollBackPrevious' as const,
            label: previous ? `Roll back to #${previous.number}` : 'Roll back',
            allowed: previousGate(deployment),
            href: back(previous?.id ?? ''),
          },
        ]
      : []),
    ...(offersItself(deployment)
      ? [
          {
            id: 'rollBack' as const,
            label: `Roll back to ${revision.sha.slice(0, 7)}`,
            allowed: actions.rollBack,
            href: back(id),
          },
        ]
      : []),
  ];
}

/** Which ones deserve a button in each situation, most wanted last (next to the thumb); the rest stay in the menu with their reasons. */
function wanted(deployment: DeploymentDetail): ActionId[] {
  const { status } = deployment;
  if (!isTerminal(status)) return [ending(deployment).id];
  if (status === 'succeeded') return ['redeploy', offersItself(deployment) ? 'rollBack' : 'rollBackPrevious'];
  if (status === 'failed' || status === 'timed_out' || status === 'errored') return ['redeploy', 'retry'];
  return ['redeploy'];
}

/** Buttons on the page and entries of the menu behind them; every action is in exactly one of the two. */
export function planActions(deployment: DeploymentDetail): { buttons: PlannedAction[]; menu: PlannedAction[] } {
  const ids = wanted(deployment);
  const every = all(deployment);
  const buttons = ids.flatMap((id) => every.filter((action) => action.id === id));
  return { buttons, menu: every.filter((action) => !ids.includes(action.id)) };
}
