import type { ServiceContext } from '@/lib/auth/context';
import { ServiceError } from '@/lib/kernel/errors';
import type { HoldsView } from '../model/view';

export async function readHolds(
  _ctx: ServiceContext,
  _input: { from?: string | undefined; to?: string | undefined },
): Promise<HoldsView> {
  throw new ServiceError('precondition', 'not_ready', 'This is not possible yet.');
}
