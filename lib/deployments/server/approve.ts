import type { ServiceContext } from '@/lib/auth/context';
import type { ApproveInput } from '@/lib/gates/model/schemas';
import { ServiceError } from '@/lib/kernel/errors';

export async function approve(
  _ctx: ServiceContext,
  _input: ApproveInput,
): Promise<{ status: string; given: number; required: number }> {
  throw new ServiceError('precondition', 'not_ready', 'This is not possible yet.');
}
