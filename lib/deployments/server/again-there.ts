import type { DbOrTx, OpenConnection } from '@/lib/auth/context';
import type { Refusal } from '@/lib/kernel/errors';
import { ProviderError, type Serving } from '@/lib/providers/port';
import { notTakenAgain, servesAnother } from '../model/promotion';
import { type DeploymentRow, type LoadedTarget, loadDeployment } from './rows';
import { olderThanServing, servedNow } from './served-age';

interface Asked {
  db: DbOrTx;
  open: OpenConnection;
  loaded: {
    target: Pick<LoadedTarget['target'], 'config' | 'currentDeploymentId'>;
    connection: Pick<LoadedTarget['connection'], 'id'>;
  };
  /** What is to be deployed once more. */
  row: DeploymentRow;
  /** Only as what counts as live here: a host that serves another build, whichever, is not written over. */
  whileLive: boolean;
  /** What the host serves, where it was asked already; null = it serves nothing of its own here. */
  serving?: Serving | null;
}

/**
 * Why a host does not get a commit once more: it serves something newer than our books know of, or would refuse it. Asked of
 * the host and not of our books; null where nothing is against it. Throws `ProviderError` where it cannot be asked.
 */
export async function whyNotAgain(asked: Asked): Promise<Refusal | null> {
  return (await servesOther(asked)) ?? (await wouldRefuse(asked));
}

/** Of that the half that asks what is served now: something newer, or with `whileLive` any other build. Throws `ProviderError`. */
export async function servesOther(asked: Asked): Promise<Refusal | null> {
  const { db, open, loaded, row, whileLive } = asked;
  const { target, connection } = loaded;
  const { provider } = open;
  const serving = asked.serving === undefined ? await servedNow(open, target.config) : asked.serving;
  if (!serving) return null;
  const current = target.currentDeploymentId ? await loadDeployment(db, target.currentDeploymentId) : null;
  const older = await olderThanServing({ db, open, loaded, current, serving }, row.sha);
  if (older) return older;
  return whileLive && isAnother(serving, row, connection.id) ? servesAnother(provider.manifest.label, row) : null;
}

/** Another account knows nothing of the builds of the one before it, so their names are not compared. */
export function isAnother({ ref }: Serving, { remoteId, connectionId }: DeploymentRow, connection: string): boolean {
  return Boolean(ref && remoteId && ref.id !== remoteId && connectionId === connection);
}

async function wouldRefuse({ open, loaded, row }: Asked): Promise<Refusal | null> {
  const { ref, refKind, sha, dispatch } = row;
  try {
    await open.provider.methods.deploy?.check?.(open.context, loaded.target.config, { ref, refKind, sha });
    return null;
  } catch (error) {
    if (!(error instanceof ProviderError) || error.kind !== 'rejected') throw error;
    return notTakenAgain(
      { code: error.code, sentence: error.message },
      { ref, isServed: dispatch.serve !== undefined },
    );
  }
}
