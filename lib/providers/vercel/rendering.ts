import { folderNamed, type ModeVariable, type ProviderContext, type RenderingSetting, readModeVariable } from '../port';
import { listOne, readPlaces, writeSetting } from './configuration';
import { readProject } from './deploy';
import { manifest } from './manifest';
import type { Place } from './target';

const ALL_PREVIEWS =
  'Vercel takes no variable for the previews of a project’s production branch, so it is set for all previews: those of pull requests are built so, too, but for branches with a value of their own.';

/**
 * Builds read the nearest: of the previews the one of their branch, then the one of all previews.
 * Source: https://vercel.com/docs/environment-variables (branch-specific values override those of all previews)
 */
export function modeVariable(c: ProviderContext, place: Place, ref: string): ModeVariable {
  const { name } = manifest.capabilities.rendering;
  return {
    name,
    host: manifest.label,
    project: place.project,
    places: async () => (await readPlaces(c, { ...place, defaultRef: ref })).places,
    reaches: ({ scope }) => (scope === 'preview' ? ALL_PREVIEWS : null),
    list: (at) => listOne(c, at, name),
    write: (at, setting) => writeSetting(c, at, setting),
  };
}

/** With the folder that the project's builds begin in: its “Root Directory”. */
export async function readMode(c: ProviderContext, place: Place, ref: string): Promise<RenderingSetting> {
  const [setting, { rootDirectory }] = await Promise.all([
    readModeVariable(modeVariable(c, place, ref)),
    readProject(c, place),
  ]);
  return { ...setting, folder: folderNamed(rootDirectory) };
}
