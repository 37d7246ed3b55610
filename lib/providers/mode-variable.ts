import { RENDERING_MODES, type RenderingMode } from '../rendering/model/mode';
import type { RenderingSetting } from './capabilities-rendering';
import {
  type ConfigurationEntry,
  type ConfigurationPlace,
  HiddenValue,
  type WantedSetting,
} from './configuration-terms';
import { ProviderError } from './context';

/** A variable from which a host's builds learn the rendering mode, and the host's own settings to keep it in. */
export interface ModeVariable {
  /** The variable's name. */
  name: string;
  /** What people call the host. */
  host: string;
  /** Where it would be kept, when no place is known. */
  project: string;
  /** What the builds of one target read, nearest first. Read anew each time. */
  places(): Promise<readonly ConfigurationPlace[]>;
  list(place: string): Promise<ConfigurationEntry[]>;
  /** What else reads a place, as a sentence; null where nothing does. Left out where no place of it is read by others. */
  reaches?(at: ConfigurationPlace): string | null;
  write(place: string, setting: WantedSetting): Promise<unknown>;
}

/** What the builds read now: of the places that have it the nearest counts. Throws `ProviderError`. */
export async function readModeVariable(variable: ModeVariable): Promise<RenderingSetting> {
  const { name, host, project } = variable;
  const places = await variable.places();
  const [nearest] = places;
  const also = nearest && variable.reaches?.(nearest);
  const reaches = also ? { reaches: also } : {};
  for (const at of places) {
    const found = (await variable.list(at.id)).find((each) => each.name === name);
    if (!found) continue;
    const where = `${name} in ${at.label}`;
    const obstacle = found.value
      ? null
      : {
          code: 'rendering_hidden',
          sentence: `${where} cannot be read back at ${host}, so nobody could see what it is set to. Delete it there; the next deployment makes it again.`,
        };
    const text = found.value?.reveal();
    const mode = RENDERING_MODES.find((each) => each === text) ?? null;
    const raw = mode ?? (found.value ? '(neither ssr nor ssg)' : '(not readable)');
    return { mode, raw, where, url: at.url, obstacle, ...reaches };
  }
  const where = `${name} in ${nearest?.label ?? project}`;
  return { mode: null, raw: '(not set)', where, url: nearest?.url ?? null, obstacle: null, ...reaches };
}

/** A folder of a repository as a host names it (`./apps/web/`, `/`, nothing), as we do: `apps/web`, and empty for the top. */
export function folderNamed(name: string | null | undefined): string {
  return (name ?? '').trim().replace(/^(\.?\/)+|^\.$|\/+$/g, '');
}

/** Sets it in the nearest place only, which nobody else's builds read, and reads it back. Throws `ProviderError`. */
export async function writeModeVariable(variable: ModeVariable, mode: RenderingMode): Promise<'written' | 'unchanged'> {
  const before = await readModeVariable(variable);
  if (before.obstacle) throw new ProviderError('rejected', before.obstacle.code, before.obstacle.sentence);
  if (before.mode === mode) return 'unchanged';
  const [nearest] = await variable.places();
  const setting = { kind: 'variable', name: variable.name, value: new HiddenValue(mode) } as const;
  if (nearest) await variable.write(nearest.id, setting);
  const after = await readModeVariable(variable);
  if (after.mode === mode) return 'written';
  if (after.obstacle) throw madeSecret(after, variable);
  const sentence = `${after.where} was set to ${mode} and reads ${after.raw} now. It is tried again.`;
  throw new ProviderError('unavailable', 'rendering_not_kept', sentence);
}

/** Written in vain: made again it would be as unreadable, so nobody is told to delete it and go on. */
function madeSecret({ where }: RenderingSetting, { host }: ModeVariable): ProviderError {
  const sentence = `${where} was written and cannot be read back: ${host} makes a secret of what is new there. Let it keep variables readable, delete this one, and deploy again.`;
  return new ProviderError('rejected', 'rendering_hidden', sentence);
}
