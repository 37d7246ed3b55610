import type { DbOrTx } from '@/lib/auth/context';
import { isFollowed } from '@/lib/publications/server/move-publication';
import { isInFlight } from '../model/status';
import type { DeploymentRow } from './rows';

/** Its gallery was seen with what it publishes, so that no run is left to be stopped. Asks our own books alone. */
export async function isAtGallery(
  db: DbOrTx,
  { id, status, dispatch }: Pick<DeploymentRow, 'id' | 'status' | 'dispatch'>,
): Promise<boolean> {
  return dispatch.publish !== undefined && isInFlight(status) && (await isFollowed(db, id));
}
