import type { ServiceContext } from '@/lib/auth/context';
import type { RejectInput } from '@/lib/gates/model/schemas';
import { ServiceError } from '@/lib/kernel/errors';

export async function reject(_ctx: ServiceContext, _input: RejectInput): Promise<{ status: string }> {
  throw new ServiceError('precondition', 'not_ready', 'This is not possible yet.');
}
