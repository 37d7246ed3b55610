import type { ServiceContext } from '@/lib/auth/context';
import { ServiceError } from '@/lib/kernel/errors';
import type { RollBackPlan } from '../model/roll-back';

export async function readRollBack(
  _ctx: ServiceContext,
  _input: { targetId: string; toDeploymentId?: string | undefined },
): Promise<RollBackPlan> {
  throw new ServiceError('precondition', 'not_ready', 'This is not possible yet.');
}
