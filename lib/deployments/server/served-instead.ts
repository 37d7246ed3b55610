import { and, eq, inArray } from 'drizzle-orm';
import type { DbOrTx, OpenConnection } from '@/lib/auth/context';
import { deployments } from '@/lib/db/schema';
import type { Serving } from '@/lib/providers/port';
import { IN_FLIGHT_STATUSES } from '../model/status';
import { isAnother } from './again-there';
import { type DeploymentRow, type LoadedTarget, loadDeployment } from './rows';
import { servedNow, servedSha } from './served-age';

interface Place {
  target: Pick<LoadedTarget['target'], 'id' | 'config' | 'currentDeploymentId'>;
  connection: Pick<LoadedTarget['connection'], 'id'>;
}

/** Somebody changed it at the host: while something of ours is on its way the two differ for good reason. */
export async function isChangedThere(
  db: DbOrTx,
  { target, connection }: Place,
  serving: Serving,
  current: DeploymentRow,
): Promise<boolean> {
  if (!isAnother(serving, current, connection.id) || serving.change?.state === 'going-on') return false;
  const onItsWay = and(eq(deployments.targetId, target.id), inArray(deployments.status, [...IN_FLIGHT_STATUSES]));
  return (await db.$count(deployments, onItsWay)) === 0;
}

/** What a host serves in place of what counts as live here. Full commit id; null where neither it nor our books tell. */
export interface ServedInstead {
  sha: string | null;
  current: DeploymentRow;
}

/** Of what counts as live here. Neither: the host was not asked, or does not say. */
export interface HostSays {
  isServed: boolean;
  instead: ServedInstead | null;
}

/** Throws `ProviderError` where it cannot be asked. */
export async function hostSays(db: DbOrTx, open: OpenConnection, place: Place): Promise<HostSays> {
  const { target, connection } = place;
  const current = target.currentDeploymentId ? await loadDeployment(db, target.currentDeploymentId) : null;
  const serving = current && (await servedNow(open, target.config));
  if (!current || !serving?.ref) return { isServed: false, instead: null };
  if (!(await isChangedThere(db, place, serving, current))) {
    const isServed = serving.ref.id === current.remoteId && current.connectionId === connection.id;
    return { isServed, instead: null };
  }
  const sha = await servedSha(db, open, { config: target.config, connectionId: connection.id }, serving.ref.id);
  return { isServed: false, instead: { current, sha } };
}
