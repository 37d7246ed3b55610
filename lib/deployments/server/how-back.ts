import 'server-only';
import type { OpenConnection, ServiceContext } from '@/lib/auth/context';
import { startsAnew } from '../model/hosting';
import { isFormerKept, releasesOf, takesKept } from '../model/kept';
import type { RollBackHow } from '../model/roll-back';
import { rollBackHowHere } from '../model/roll-back-words';
import { formOf } from './form';
import { restoreOf } from './prepare-serve';
import { asRefusal, tryOpen } from './read-provider';
import type { LoadedTarget } from './read-scope';
import type { DeploymentRow } from './rows';

type Able = Parameters<typeof rollBackHowHere>[0] & Parameters<typeof startsAnew>[0];

interface HowBack {
  how: RollBackHow;
  /** Its workflow is from before it could be told which release to serve again. */
  former: boolean;
}

/**
 * As the press will do it: the host is asked whether it still has the build, and the workflow whether it can be told to serve
 * one that its server keeps. A provider that cannot be asked leaves what is usual there.
 */
export async function howBack(
  ctx: ServiceContext,
  loaded: LoadedTarget,
  row: DeploymentRow,
  able: Able,
): Promise<HowBack> {
  const how = rollBackHowHere(able, loaded.target.config);
  const asUsual = { how, former: false };
  const asksHost = how === 'repoint' && able?.promote !== undefined;
  const asksWorkflow = how === 'roll-forward' && row.connectionId === loaded.connection.id;
  if (!asksHost && !asksWorkflow) return asUsual;
  const opened = await tryOpen(ctx, loaded.connection.id);
  if (!opened.ok) return asUsual;
  try {
    if (asksWorkflow) return await byWorkflow(opened.open, row, how);
    return { ...asUsual, how: (await restoreOf(opened.open, loaded, row)) ? 'repoint' : 'redeploy' };
  } catch (error) {
    asRefusal(error);
    return asUsual;
  }
}

async function byWorkflow(open: OpenConnection, row: DeploymentRow, how: RollBackHow): Promise<HowBack> {
  const { ref, refKind, sha, config } = row;
  const form = await formOf(open, config, { ref, refKind, sha });
  const serves = takesKept(form) && releasesOf(row) !== null;
  return { how: serves ? 'repoint-or-redeploy' : how, former: isFormerKept(form) };
}

/** Who starts what is served again with the variables of now; null where it has those of then. */
export function restarts(how: RollBackHow, able: Able, label: string): string | null {
  if (how === 'repoint-or-redeploy') return 'Its server';
  return how === 'repoint' && startsAnew(able) ? label : null;
}
