import type { ServiceContext } from '@/lib/auth/context';
import { ServiceError } from '@/lib/kernel/errors';
import type { UpdateFreezeInput } from '../model/schemas';

export async function updateFreeze(
  _ctx: ServiceContext,
  _input: UpdateFreezeInput,
): Promise<{ freezeId: string; version: number }> {
  throw new ServiceError('precondition', 'not_ready', 'This is not possible yet.');
}
