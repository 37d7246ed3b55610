import type { ServiceContext } from '@/lib/auth/context';
import type { OverrideFreezeInput } from '@/lib/gates/model/schemas';
import { ServiceError } from '@/lib/kernel/errors';

export async function overrideFreeze(
  _ctx: ServiceContext,
  _input: OverrideFreezeInput,
): Promise<{ overridden: boolean }> {
  throw new ServiceError('precondition', 'not_ready', 'This is not possible yet.');
}
