import type { FormField, InputValue, RenderingCapabilities } from '@/lib/providers/port';
import { hasRendering, isRenderingMode, MODE_WORDS, type RenderingMode } from '../../rendering/model/mode';

export type RenderingTraits = RenderingCapabilities['rendering']['traits'];

export interface RenderingQuestion {
  component: { kind: string; name: string };
  provider: string;
  /** Undefined where the host knows no modes. */
  traits: RenderingTraits | undefined;
  /** What is asked for: the target's, a switch's, or that of what is repeated. Null = nothing is known. */
  mode: RenderingMode | null;
  /** Declared at the revision, those that the settings decide as well; null where there is no form to fill in. */
  fields: readonly FormField[] | null;
  /** Inputs that the target's settings decide. */
  fixed: Readonly<Record<string, InputValue>>;
  values: Readonly<Record<string, InputValue>>;
}

export type RenderingPlan =
  | { ok: true; mode: RenderingMode | null; values: Record<string, InputValue> }
  | { ok: false; code: string; sentence: string };

/** The mode that a deployment builds, and the inputs that tell the host so. What cannot be told is refused, never dropped. */
export function planRendering(question: RenderingQuestion): RenderingPlan {
  const { component, traits, mode, provider } = question;
  const values = { ...question.values };
  if (!hasRendering(component) || !traits) return { ok: true, mode: null, values };
  if (mode !== null && !traits.modes.includes(mode)) return notServed(provider, traits, mode);
  if (traits.writes === 'fixed') return { ok: true, mode: traits.modes[0] ?? null, values };
  if (traits.writes !== 'input') return { ok: true, mode, values };
  return mode === null ? asTyped(question, traits.name, values) : asInput(question, traits.name, mode, values);
}

/** Why a target cannot be moved to this mode by its host; null when it can. */
export function hostRefusal(
  provider: string,
  traits: RenderingTraits | undefined,
  mode: RenderingMode,
): { code: string; sentence: string } | null {
  if (!traits) {
    const sentence = `${provider} knows no rendering modes, so it cannot be told one. Bind the target to a connection that does.`;
    return { code: 'host_has_no_modes', sentence };
  }
  const { code, sentence } = notServed(provider, traits, mode);
  return traits.modes.includes(mode) ? null : { code, sentence };
}

function notServed(provider: string, { modes }: RenderingTraits, mode: RenderingMode) {
  const served = modes.map((each) => MODE_WORDS[each].short).join(' and ');
  const sentence = `${provider} serves ${served || 'no web dashboard'} only, not ${MODE_WORDS[mode].short}. Bind the target to a host that does.`;
  return { ok: false, code: 'mode_not_served', sentence } as const;
}

/** What the target's settings send in an input; undefined where they leave it open. Capitals do not matter, as at GitHub. */
function fixedTo(fixed: Readonly<Record<string, InputValue>>, name: string): InputValue | undefined {
  return Object.entries(fixed).find(([each]) => each.toLowerCase() === name.toLowerCase())?.[1];
}

/** Where no mode is known yet, the input is one like any other, and what it says is what is recorded. */
function asTyped({ fields, fixed }: RenderingQuestion, name: string, values: Record<string, InputValue>) {
  const field = fields?.find((each) => each.name === name);
  const said = fixedTo(fixed, name) ?? values[name] ?? field?.default;
  return { ok: true, mode: field && isRenderingMode(said) ? said : null, values } as const;
}

function asInput(
  { fields, fixed, values: given }: RenderingQuestion,
  name: string,
  mode: RenderingMode,
  values: Record<string, InputValue>,
): RenderingPlan {
  const { short } = MODE_WORDS[mode];
  const field = fields?.find((each) => each.name === name);
  if (!field) {
    const sentence = `The workflow has no input called “${name}”, so it cannot be told to build ${short}. Add one with the options ssr and ssg on this branch, then try again.`;
    return { ok: false, code: 'no_rendering_input', sentence };
  }
  if (field.options.length > 0 && !field.options.includes(mode)) {
    const sentence = `The workflow’s input “${name}” does not offer ${mode}. Add it to its options on this branch, then try again.`;
    return { ok: false, code: 'mode_not_offered', sentence };
  }
  const decided = fixedTo(fixed, name);
  if (decided !== undefined && decided !== mode)
    return { ok: false, code: RENDERING_FIXED, sentence: fixedSentence(name, decided) };
  if (given[name] !== undefined && given[name] !== '' && given[name] !== mode) {
    const sentence = `This target is built as ${short}. Moving it to ${String(given[name])} is a switch with a check of its own: use “Web rendering”, or --rendering.`;
    return { ok: false, code: 'mode_is_a_switch', sentence };
  }
  // What is fixed is sent as such.
  const { [name]: _said, ...rest } = values;
  return { ok: true, mode, values: decided === undefined ? { ...values, [name]: mode } : rest };
}

/** The code of a mode that the target's settings fix otherwise. */
export const RENDERING_FIXED = 'rendering_fixed';

export function fixedSentence(name: string, value: InputValue): string {
  return `The target’s settings fix the input “${name}” to ${value === '' ? 'nothing' : value}. Take it out of the fixed inputs, then try again.`;
}

/**
 * Whether what waited may still be sent as it is: a switch that ended meanwhile would be undone by whatever was asked for
 * before. `before` is what the target was set to then. Only a roll-back goes where it is told.
 */
export function movedMeanwhile(facts: {
  kind: 'deploy' | 'rollback' | 'retry' | 'promote';
  asked: RenderingMode | null;
  before: RenderingMode | null;
  now: RenderingMode | null;
}): string | null {
  const { kind, asked, before, now } = facts;
  if (kind === 'rollback' || now === null || now === before || now === asked) return null;
  const as = asked === null ? 'in no mode that is known' : `as ${MODE_WORDS[asked].short}`;
  return `The target was moved to ${MODE_WORDS[now].short} while this waited, ${as}. Look at it again and deploy anew.`;
}
