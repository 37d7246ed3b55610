import 'server-only';
import type { OpenConnection, ServiceContext } from '@/lib/auth/context';
import { startsAnew } from '../model/hosting';
import { isFormerKept, releasesOf, takesKept } from '../model/kept';
import type { RollBackHow } from '../model/roll-back';
import { rollBackHowHere } from '../model/roll-back-words';
import { restoreOf } from './prepare-serve';
import { asRefusal, tryOpen } from './read-provider';
import type { LoadedTarget } from './read-scope';
import type { DeploymentRow } from './rows';
import { type SettingsBack, settingsBack } from './settings-back';

type Able = Parameters<typeof rollBackHowHere>[0] & Parameters<typeof startsAnew>[0];

interface HowBack {
  how: RollBackHow;
  /** Its workflow is from before it could be told which release to serve again. */
  former: boolean;
  settings: SettingsBack;
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
  const isSameAccount = row.connectionId === loaded.connection.id;
  const settings = { settingsOf: isSameAccount ? 'then' : 'now', because: null, refusal: null } as const;
  const asUsual = { how, former: false, settings };
  const asksHost = how === 'repoint' && able?.promote !== undefined;
  const opened = await tryOpen(ctx, loaded.connection.id);
  if (!opened.ok) return asUsual;
  try {
    if (asksHost && (await restoreOf(opened.open, loaded, row))) return asUsual;
    const built = { ...asUsual, how: asksHost ? ('redeploy' as const) : how };
    return await asBuilt(ctx, opened.open, loaded, row, built);
  } catch (error) {
    asRefusal(error);
    return asUsual;
  }
}

async function asBuilt(
  ctx: ServiceContext,
  open: OpenConnection,
  loaded: LoadedTarget,
  row: DeploymentRow,
  built: HowBack,
): Promise<HowBack> {
  const { form, ...settings } = await settingsBack(ctx, open, loaded, row);
  if (settings.settingsOf === 'now' || built.how !== 'roll-forward') return { ...built, settings };
  const serves = takesKept(form) && releasesOf(row) !== null;
  return { how: serves ? 'repoint-or-redeploy' : built.how, former: isFormerKept(form), settings };
}

/** Who starts what is served again with the variables of now; null where it has those of then. */
export function restarts(how: RollBackHow, able: Able, label: string): string | null {
  if (how === 'repoint-or-redeploy') return 'Its server';
  return how === 'repoint' && startsAnew(able) ? label : null;
}
