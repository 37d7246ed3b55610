import { isTerminal } from '@/lib/deployments/model/status';
import type { Allowed, DeploymentDetail } from '@/lib/deployments/model/view';

export type ActionId = 'cancel' | 'retry' | 'redeploy' | 'rollBack' | 'rollBackPrevious';
/** Those that ask in a dialog; going back has a page of its own. */
export type VerbId = Exclude<ActionId, 'rollBack' | 'rollBackPrevious'>;

export interface PlannedAction {
  id: ActionId;
  label: string;
  allowed: Allowed;
  /** Where it leads; null for what is asked here. */
  href: string | null;
}

/** Going back from what is live: the server asks again; here the reasons that any deployment of this target would meet. */
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
  // A roll-back may be followed by another one: its own pin is no obstacle.
  return actions.redeploy.refusal?.code === 'pinned_rollback' ? { allowed: true, refusal: null } : actions.redeploy;
}

function all(deployment: DeploymentDetail): PlannedAction[] {
  const { actions, previous, revision, targetId, id } = deployment;
  const back = (to: string) => `/targets/${targetId}/roll-back?to=${to}`;
  return [
    { id: 'cancel', label: 'Cancel', allowed: actions.cancel, href: null },
    { id: 'retry', label: 'Re-run failed jobs', allowed: actions.retry, href: null },
    { id: 'redeploy', label: 'Deploy again', allowed: actions.redeploy, href: null },
    deployment.isCurrent
      ? {
          id: 'rollBackPrevious',
          label: previous ? `Roll back to #${previous.number}` : 'Roll back',
          allowed: previousGate(deployment),
          href: back(previous?.id ?? ''),
        }
      : {
          id: 'rollBack',
          label: `Roll back to ${revision.sha.slice(0, 7)}`,
          allowed: actions.rollBack,
          href: back(id),
        },
  ];
}

/** Which ones deserve a button in each situation, most wanted last (next to the thumb); the rest stay in the menu with their reasons. */
function wanted({ status, isCurrent }: DeploymentDetail): ActionId[] {
  if (!isTerminal(status)) return ['cancel'];
  if (status === 'succeeded') return isCurrent ? ['redeploy', 'rollBackPrevious'] : ['redeploy', 'rollBack'];
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
