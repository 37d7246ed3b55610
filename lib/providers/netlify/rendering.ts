import { folderNamed, type ModeVariable, type ProviderContext, type RenderingSetting, readModeVariable } from '../port';
import { listSettings, readPlaces, writeSetting } from './configuration';
import { readSite } from './deploy';
import { manifest } from './manifest';
import type { Place } from './target';

/**
 * Builds read the nearest: their own context's or branch's, then that of all contexts, then the team's.
 * Source: https://docs.netlify.com/build/environment-variables/overview/ (deploy contexts)
 */
export function modeVariable(c: ProviderContext, place: Place, ref: string): ModeVariable {
  return {
    name: manifest.capabilities.rendering.name,
    host: manifest.label,
    project: place.site,
    places: async () => (await readPlaces(c, { ...place, defaultRef: ref })).places,
    list: (at) => listSettings(c, at),
    write: (at, setting) => writeSetting(c, at, setting),
  };
}

/**
 * With the folder that the project's builds begin in: its “Base directory”. A project without one may have it in netlify.toml,
 * which nobody has read, so nothing is said then.
 */
export async function readMode(c: ProviderContext, place: Place, ref: string): Promise<RenderingSetting> {
  const [setting, { build_settings }] = await Promise.all([
    readModeVariable(modeVariable(c, place, ref)),
    readSite(c, place),
  ]);
  const folder = folderNamed(build_settings?.base);
  return folder === '' ? setting : { ...setting, folder };
}
