import {
  HiddenValue,
  type ProviderContext,
  ProviderError,
  RENDERING_MODES,
  type RenderingMode,
  type RenderingSetting,
} from '../port';
import { listSettings, readPlaces, writeSetting } from './configuration';
import { manifest } from './manifest';
import type { Place } from './target';

const { name } = manifest.capabilities.rendering;
const modeOf = (text: string | undefined): RenderingMode | null =>
  RENDERING_MODES.find((mode) => mode === text) ?? null;

/** Builds read the nearest: of the previews the one of their branch, then the one of all previews. */
export async function readRendering(c: ProviderContext, place: Place, ref: string): Promise<RenderingSetting> {
  const { places } = await readPlaces(c, { ...place, defaultRef: ref });
  for (const at of places) {
    const found = (await listSettings(c, at.id)).find((each) => each.name === name);
    if (!found) continue;
    const where = `${name} in ${at.label}`;
    const obstacle = found.value
      ? null
      : {
          code: 'rendering_hidden',
          sentence: `${where} cannot be read back at Vercel, so nobody could see what it is set to. Delete it there, or make it a plain variable.`,
        };
    const mode = modeOf(found.value?.reveal());
    const raw = mode ?? (found.value ? '(neither ssr nor ssg)' : '(not readable)');
    return { mode, raw, where, url: at.url, obstacle };
  }
  const [nearest] = places;
  return { ...unset, where: `${name} in ${nearest?.label ?? place.project}`, url: nearest?.url ?? null };
}

const unset = { mode: null, raw: '(not set)', obstacle: null };

/**
 * In the nearest place only: production, or this branch's previews. Nobody else's builds read that one.
 * Source: https://vercel.com/docs/environment-variables (branch-specific values override those of all previews)
 */
export async function writeRendering(
  c: ProviderContext,
  place: Place,
  ref: string,
  mode: RenderingMode,
): Promise<'written' | 'unchanged'> {
  const before = await readRendering(c, place, ref);
  if (before.obstacle) throw new ProviderError('rejected', before.obstacle.code, before.obstacle.sentence);
  if (before.mode === mode) return 'unchanged';
  const [nearest] = (await readPlaces(c, { ...place, defaultRef: ref })).places;
  if (nearest) await writeSetting(c, nearest.id, { kind: 'variable', name, value: new HiddenValue(mode) });
  const after = await readRendering(c, place, ref);
  if (after.mode === mode) return 'written';
  const sentence = `${after.where} was set to ${mode} and reads ${after.raw} now. It is tried again.`;
  throw new ProviderError('unavailable', 'rendering_not_kept', sentence);
}
