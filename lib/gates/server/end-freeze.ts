import type { ServiceContext } from '@/lib/auth/context';
import { ServiceError } from '@/lib/kernel/errors';
import type { EndFreezeInput } from '../model/schemas';

export async function endFreeze(_ctx: ServiceContext, _input: EndFreezeInput): Promise<{ ended: boolean }> {
  throw new ServiceError('precondition', 'not_ready', 'This is not possible yet.');
}
