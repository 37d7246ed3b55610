import { checkField, checkInputs, defaultInputs, type Inputs } from '@/lib/deployments/model/input-fields';
import { isDecided } from '@/lib/deployments/model/own-environment';
import type { FormField, InputValue } from '@/lib/providers/port';

export { isDecided };

/** Fields that a person fills in; those that the target's settings decide are only shown. */
export function openFields(fields: readonly FormField[], fixed: Record<string, InputValue>): FormField[] {
  return fields.filter((field) => !Object.hasOwn(fixed, field.name));
}

/** Last time's value where it still fits the field and differs from the default. */
export function remembered(field: FormField, last: Record<string, InputValue> | null): InputValue | undefined {
  const value = last?.[field.name];
  if (value === undefined || value === (field.default ?? '')) return undefined;
  return checkField(field, value).ok ? value : undefined;
}

/** What the form shows: typed before remembered before default. What was typed for a field survives a change of revision. */
export function shownValues(
  fields: readonly FormField[],
  last: Record<string, InputValue> | null,
  typed: Inputs,
): Inputs {
  const values = defaultInputs([...fields]);
  for (const field of fields) {
    const value = typed[field.name] ?? remembered(field, last);
    if (value !== undefined) values[field.name] = value;
  }
  return values;
}

/** The first problem of each field (`''` for the whole), by the same check that the schema of action and engine wraps. */
export function problemsOf(fields: readonly FormField[], values: Inputs): Record<string, string> {
  const problems: Record<string, string> = {};
  for (const { name, sentence } of checkInputs([...fields], 0, values).problems) problems[name ?? ''] ??= sentence;
  return problems;
}
