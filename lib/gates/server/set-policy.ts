import type { ServiceContext } from '@/lib/auth/context';
import { ServiceError } from '@/lib/kernel/errors';
import type { SetPolicyInput } from '../model/policy';

export async function setPolicy(_ctx: ServiceContext, _input: SetPolicyInput): Promise<{ policyVersion: number }> {
  throw new ServiceError('precondition', 'not_ready', 'This is not possible yet.');
}
