import { DEADLINE_MS } from '@/lib/deployments/model/machine';
import type { DeploymentDetail } from '@/lib/deployments/model/view';

/** The clock here may go ahead of the database’s, which decides. */
const AGAIN_MS = 30_000;

/** In how long its time alone, without any news, may turn Cancel into Stop waiting; null: it does not. */
export function wayOutInMs({ status, statusSince, actions }: DeploymentDetail, now: number): number | null {
  if (status !== 'building' && status !== 'deploying' && status !== 'cancelling') return null;
  const { cancel, stopWaiting } = actions;
  if (cancel.allowed || stopWaiting.refusal?.code !== 'not_verifying') return null;
  const left = Date.parse(statusSince) + DEADLINE_MS[status] - now;
  return left > 0 ? left + 1_000 : AGAIN_MS;
}
