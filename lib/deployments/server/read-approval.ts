import type { ServiceContext } from '@/lib/auth/context';
import type { ApprovalPacket } from '@/lib/gates/model/view';
import { ServiceError } from '@/lib/kernel/errors';

export async function readApproval(_ctx: ServiceContext, _input: { deploymentId: string }): Promise<ApprovalPacket> {
  throw new ServiceError('precondition', 'not_ready', 'This is not possible yet.');
}
