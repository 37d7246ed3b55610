import type { ServiceContext } from '@/lib/auth/context';
import { ServiceError } from '@/lib/kernel/errors';
import type { LockInput } from '../model/schemas';

export async function lock(_ctx: ServiceContext, _input: LockInput): Promise<{ pinId: string }> {
  throw new ServiceError('precondition', 'not_ready', 'This is not possible yet.');
}
