import type { ServiceContext } from '@/lib/auth/context';
import { ServiceError } from '@/lib/kernel/errors';
import type { PolicyView } from '../model/view';

export async function readPolicy(_ctx: ServiceContext, _input: { environmentId: string }): Promise<PolicyView> {
  throw new ServiceError('precondition', 'not_ready', 'This is not possible yet.');
}
