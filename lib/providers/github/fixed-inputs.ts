import { type DeployForm, type InputValue, ProviderError } from '../port';
import type { Place } from './target';
import { mapping, readWorkflow } from './workflow-file';

/** Inputs that a target fixes, if to nothing, and that its workflow does not declare: GitHub refuses to start it with one. */
export function undeclared(text: string, { workflow, inputs = {} }: Pick<Place, 'workflow' | 'inputs'>): string[] {
  const declared = Object.keys(mapping(readWorkflow(text, workflow).dispatch?.inputs) ?? {});
  const known = new Set(declared.map((name) => name.toLowerCase()));
  return Object.keys(inputs).filter((name) => !known.has(name.toLowerCase()));
}

/** A file that asks for nothing cannot have them under another name, which would be left at its default. */
const mayLeaveOut = (form: DeployForm): boolean => form.fields.length === 0;

/** An administrator settled the others so: fixed to nothing, they are left out and are no news. */
const sayingSomething = ({ inputs = {} }: Pick<Place, 'inputs'>, unknown: readonly string[]): string[] =>
  unknown.filter((name) => inputs[name] !== '');

/**
 * What is fixed, as far as the workflow takes it, under the names that it declares; of two spellings of one name the first
 * counts, as it does where a run is worked out before. Throws `ProviderError` `unexpected_inputs`.
 */
export function fixedFor(
  form: DeployForm,
  place: Pick<Place, 'inputs'>,
  unknown: readonly string[],
): Record<string, InputValue> {
  const [first] = sayingSomething(place, unknown);
  if (first !== undefined && !mayLeaveOut(form)) {
    throw new ProviderError('rejected', 'unexpected_inputs', sentenceOf(form, first));
  }
  const { marker, sha } = form.reserved;
  const declared = [...form.fields, ...(form.fixed ?? [])].map(({ name }) => name);
  const names = new Map([marker, sha, ...declared].flatMap((name) => (name ? [[name.toLowerCase(), name]] : [])));
  const values = new Map<string, InputValue>();
  for (const [given, value] of Object.entries(place.inputs ?? {})) {
    const name = names.get(given.toLowerCase()) ?? given;
    if (!unknown.includes(given) && !values.has(name)) values.set(name, value);
  }
  return Object.fromEntries(values);
}

export function warnUndeclared(form: DeployForm, place: Pick<Place, 'inputs'>, unknown: readonly string[]): DeployForm {
  const names = sayingSomething(place, unknown);
  const told = names.map((name) => sentenceOf(form, name));
  const refused = names.length > 0 && !mayLeaveOut(form);
  return { ...form, ...(refused && { undeclared: names }), warnings: [...form.warnings, ...told] };
}

function sentenceOf(form: DeployForm, name: string): string {
  const what = `The target fixes the input “${name}”, which ${form.source.path} does not have at this revision`;
  return mayLeaveOut(form)
    ? `${what}; it is left out. An administrator takes it out of the target’s settings.`
    : `${what}, and GitHub starts nothing with it. An administrator takes it out of the target’s settings, or fixes it to nothing; or deploy a revision whose file has it.`;
}
