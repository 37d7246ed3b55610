import type { Refusal } from '@/lib/kernel/errors';
import { hasRendering, MODE_WORDS, type RenderingMode } from './mode';
import type { Preflight } from './preflight';

export interface SwitchFacts {
  component: { kind: string; name: string };
  environment: { name: string };
  mode: RenderingMode;
  /** What the target is set to; null = not known. */
  now: RenderingMode | null;
  /** Why the host cannot; null when it can. */
  host: Refusal | null;
}

/** Why a target cannot be moved to this mode, before anything is looked at; null when it may be. */
export function switchRefusal({ component, environment, mode, now, host }: SwitchFacts): Refusal | null {
  if (!hasRendering(component)) {
    const sentence = `${component.name} is no web dashboard, so it has no rendering mode. Only components of the kind “dashboard” have one.`;
    return { code: 'not_a_dashboard', sentence };
  }
  if (host) return host;
  if (now === mode) {
    const sentence = `${component.name} in ${environment.name} is built as ${MODE_WORDS[mode].short} already, so there is nothing to move. To build it again, deploy it.`;
    return { code: 'mode_is_set', sentence };
  }
  return null;
}

/** Why what was found stands in the way: a blocker, or a check that is not the one that the person saw. */
export function preflightRefusal(found: Preflight, seen: string): Refusal | null {
  const [first, ...more] = found.blockers;
  if (first) {
    const where = first.where === null ? '' : ` (${first.where}${first.line === null ? '' : `:${first.line}`})`;
    const rest = more.length === 0 ? '' : ` ${more.length} more stand${more.length === 1 ? 's' : ''} in the way.`;
    const mend = first.mend === null ? '' : ` ${first.mend}`;
    const sentence = `It cannot be built as ${MODE_WORDS[found.mode].short}: ${first.sentence}${where}${mend}${rest}`;
    return { code: 'preflight_blocked', sentence };
  }
  if (found.digest === seen) return null;
  const sentence = 'What the check found has changed since you looked at it. Look at it again, then switch.';
  return { code: 'preflight_changed', sentence };
}
