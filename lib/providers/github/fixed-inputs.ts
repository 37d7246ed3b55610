import { type DeployForm, type InputValue, ProviderError } from '../port';
import type { Place } from './target';
import { mapping, readWorkflow } from './workflow-file';

/** Inputs that a target fixes and that its workflow does not declare: GitHub refuses to start it with one. */
export function undeclared(text: string, { workflow, inputs = {} }: Pick<Place, 'workflow' | 'inputs'>): string[] {
  const declared = Object.keys(mapping(readWorkflow(text, workflow).dispatch?.inputs) ?? {});
  const known = new Set(declared.map((name) => name.toLowerCase()));
  return Object.keys(inputs).filter((name) => !known.has(name.toLowerCase()));
}

/** A file that asks for nothing cannot have them under another name, which would be left at its default. */
const mayLeaveOut = (form: DeployForm): boolean => form.fields.length === 0;

/** What is fixed, as far as the workflow takes it. Throws `ProviderError` `unexpected_inputs`. */
export function fixedFor(
  form: DeployForm,
  { inputs = {} }: Place,
  unknown: readonly string[],
): Record<string, InputValue> {
  const [first] = unknown;
  if (first !== undefined && !mayLeaveOut(form)) {
    throw new ProviderError('rejected', 'unexpected_inputs', sentenceOf(form, first));
  }
  return Object.fromEntries(Object.entries(inputs).filter(([name]) => !unknown.includes(name)));
}

export function warnUndeclared(form: DeployForm, unknown: readonly string[]): DeployForm {
  return { ...form, warnings: [...form.warnings, ...unknown.map((name) => sentenceOf(form, name))] };
}

function sentenceOf(form: DeployForm, name: string): string {
  const what = `The target fixes the input “${name}”, which ${form.source.path} does not have at this revision`;
  return mayLeaveOut(form)
    ? `${what}; it is left out. An administrator takes it out of the target’s settings.`
    : `${what}, and GitHub starts nothing with it. An administrator takes it out of the target’s settings; or deploy a revision whose file has it.`;
}
