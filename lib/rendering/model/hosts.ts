import type { RenderingSetting } from '@/lib/providers/port';
import { fixedSentence, hostRefusal, RENDERING_FIXED, type RenderingTraits } from '../../deployments/model/rendering';
import { MODE_WORDS, type RenderingMode } from './mode';
import type { Finding, Preflight } from './preflight';

/** Where a target is served, as far as its provider tells. */
export interface HostFacts {
  /** The provider's name, for people. */
  label: string;
  /** Undefined where the provider knows no modes. */
  traits: RenderingTraits | undefined;
  /** What it is set to; null where that could not be read, and then `problem` says why. */
  setting: RenderingSetting | null;
  problem: { code: string; sentence: string } | null;
}

/** Why this host does not do this mode. Empty when it does. */
export function hostFindings({ label, traits, setting, problem }: HostFacts, mode: RenderingMode): Finding[] {
  const refusal = hostRefusal(label, traits, mode);
  if (refusal) return [finding(refusal, null)];
  if (traits?.writes === 'fixed' && traits.modes.length < 2) return [];
  if (problem) return [finding(problem, null)];
  const serves = setting?.serves;
  if (serves && !serves.modes.includes(mode))
    return [finding({ code: 'host_cannot', sentence: serves.sentence }, setting.where)];
  if (!setting) return [];
  const { obstacle, where, isFixed, raw } = setting;
  if (obstacle) return [finding(obstacle, where)];
  if (!isFixed || setting.mode === mode) return [];
  const sentence = fixedSentence(traits?.name ?? '', raw);
  return [finding({ code: RENDERING_FIXED, sentence }, where)];
}

/** What should be known about where it is served; nothing of it stands in the way. */
export function hostWarnings({ setting }: HostFacts, mode: RenderingMode): Finding[] {
  if (!setting) return [];
  const { where, reaches, serves } = setting;
  const shared =
    reaches && setting.mode !== mode ? [finding({ code: 'reaches_others', sentence: reaches }, where)] : [];
  const basePath = serves?.modes.includes(mode) ? serves.basePath : null;
  if (!basePath) return shared;
  const sentence = `The site lies below ${basePath}, so the build needs basePath “${basePath}”; without it no style and no script is found.`;
  return [...shared, { code: 'base_path', sentence, where, line: null, mend: `Set basePath to ${basePath} for SSG.` }];
}

function finding({ code, sentence }: { code: string; sentence: string }, where: string | null): Finding {
  return { code, sentence, where, line: null, mend: null };
}

/** What is written at the host by the switch, by name. */
export function changedVariables({ traits, setting }: HostFacts, mode: RenderingMode): Preflight['variables'] {
  if (!traits || traits.name === '' || setting?.mode === mode) return [];
  return [{ name: traits.name, from: setting?.mode ?? null, to: mode }];
}

/**
 * What the host would build by itself, in a sentence, where its variable says another mode than is recorded, as after a
 * roll-back that was served. Null where they agree, and where nobody can say.
 */
export function builtOtherwise({ label, traits, setting }: HostFacts, recorded: RenderingMode | null): string | null {
  if (traits?.writes !== 'variable' || !setting || setting.obstacle || recorded === null) return null;
  // A build is told to export; anything else makes the server.
  const builds = setting.mode ?? 'ssr';
  if (builds === recorded) return null;
  const says = setting.mode === null ? 'does not say ssg' : `says ${setting.mode}`;
  return `${setting.where} ${says}, so what ${label} builds by itself is ${MODE_WORDS[builds].short}. The next deployment from here that builds sets it to ${recorded}.`;
}

/** The variables that an app's build sees in a mode: ours, and the one that this host is told it by. */
export function buildEnv(traits: RenderingTraits | undefined, mode: RenderingMode): Record<string, string | null> {
  const own = traits?.writes === 'variable' && traits.name !== '' ? { [traits.name]: mode } : {};
  return { [MODE_VARIABLE]: mode, ...own };
}

/** The variable that our workflows and hosts tell a build its mode by. */
export const MODE_VARIABLE = 'AETHERSTACK_RENDERING';

/** “SSG, exported once as files” */
export const modeInWords = (mode: RenderingMode) => `${MODE_WORDS[mode].short}, ${MODE_WORDS[mode].means}`;
