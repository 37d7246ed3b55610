import 'server-only';
import type { ServiceContext } from '@/lib/auth/context';
import type { Refusal } from '@/lib/kernel/errors';
import { startsAnew } from '../model/hosting';
import { isFormerKept, releasesOf, takesKept } from '../model/kept';
import type { RollBackHow } from '../model/roll-back';
import { rollBackHowHere } from '../model/roll-back-words';
import { isSetAsThen, lookBack } from './prepare-back';
import { restoreOf } from './prepare-serve';
import { asRefusal, tryOpen } from './read-provider';
import type { DeploymentRow, LoadedTarget } from './rows';

type Able = Parameters<typeof rollBackHowHere>[0] & Parameters<typeof startsAnew>[0];

interface HowBack {
  how: RollBackHow;
  /** Its workflow is from before it could be told which release to serve again. */
  former: boolean;
  /** What refuses it, as far as the provider can be asked. */
  refusal: Refusal | null;
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
  const asUsual = { how, former: false, refusal: null };
  const asksHost = how === 'repoint' && able?.promote !== undefined;
  const opened = await tryOpen(ctx, loaded.connection.id);
  if (!opened.ok) return asUsual;
  try {
    if (asksHost && (await restoreOf(opened.open, loaded, row))) return asUsual;
    const built = asksHost ? ('redeploy' as const) : how;
    const { form, refusal } = await lookBack(ctx, opened.open, loaded, row);
    const serves = takesKept(form) && releasesOf(row) !== null && isSetAsThen(row, loaded);
    return { how: serves ? 'repoint-or-redeploy' : built, former: isFormerKept(form), refusal };
  } catch (error) {
    asRefusal(error);
    return asUsual;
  }
}

/** Who starts what is served again with the variables of now; null where it has those of then. */
export function restarts(how: RollBackHow, able: Able, label: string): string | null {
  if (how === 'repoint-or-redeploy') return 'Its server';
  return how === 'repoint' && startsAnew(able) ? label : null;
}
