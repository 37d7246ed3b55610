import type { ServiceContext } from '@/lib/auth/context';
import { ServiceError } from '@/lib/kernel/errors';
import type { FreezeInput } from '../model/schemas';

export async function createFreeze(
  _ctx: ServiceContext,
  _input: FreezeInput,
): Promise<{ freezeId: string; version: number }> {
  throw new ServiceError('precondition', 'not_ready', 'This is not possible yet.');
}
