import type { ModeVariable, ProviderContext } from '../port';
import { listSettings, readPlaces, writeSetting } from './configuration';
import { manifest } from './manifest';
import type { Place } from './target';

/**
 * Builds read the nearest: of the previews the one of their branch, then the one of all previews.
 * Source: https://vercel.com/docs/environment-variables (branch-specific values override those of all previews)
 */
export function modeVariable(c: ProviderContext, place: Place, ref: string): ModeVariable {
  return {
    name: manifest.capabilities.rendering.name,
    host: manifest.label,
    project: place.project,
    places: async () => (await readPlaces(c, { ...place, defaultRef: ref })).places,
    list: (at) => listSettings(c, at),
    write: (at, setting) => writeSetting(c, at, setting),
  };
}
