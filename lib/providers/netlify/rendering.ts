import type { ModeVariable, ProviderContext } from '../port';
import { listSettings, readPlaces, writeSetting } from './configuration';
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
