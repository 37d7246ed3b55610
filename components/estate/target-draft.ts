import { checkField } from '@/lib/deployments/model/input-fields';
import type { DeployForm, FormField, InputValue } from '@/lib/providers/port';
import type { SettingField } from '@/lib/targets/model/settings-form';
import type { EstateTarget, EstateView } from '@/lib/targets/model/view';
import { type ProbeDraft, probeDraftOf } from './probe-draft';

/** What the target form knows of a provider. */
export interface ProviderForm {
  label: string;
  fields: readonly SettingField[];
  /** A whole file that has everything, to be copied. */
  example: string | null;
}

export interface FixedInput {
  /** Keeps a row itself while its name is typed. */
  key: string;
  name: string;
  value: InputValue;
}

export interface TargetDraft {
  componentId: string;
  environmentId: string;
  connectionId: string;
  label: string;
  /** The settings apart from fixed inputs, by name. */
  values: Record<string, InputValue>;
  inputs: FixedInput[];
  probe: ProbeDraft;
}

interface Wanted {
  component: string;
  environment: string;
}

function isScalar(value: unknown): value is InputValue {
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean';
}

export function scalars(record: unknown): [string, InputValue][] {
  if (typeof record !== 'object' || record === null) return [];
  return Object.entries(record).filter((entry): entry is [string, InputValue] => isScalar(entry[1]));
}

/** Settings in one line, in the order of the form, and fixed inputs in another, as a table shows them. */
export function configInWords(
  config: Record<string, unknown>,
  fields: readonly SettingField[],
): { settings: string; inputs: string } {
  const inputs = Object.values(config).flatMap((value) => scalars(value));
  const place = (name: string) => fields.findIndex((field) => field.name === name);
  // A switch that is on says what it is; the rest of its label explains it.
  const inWords = ([name, value]: [string, InputValue]) =>
    value === true ? (fields[place(name)]?.label.split(':')[0] ?? name) : String(value);
  return {
    settings: scalars(config)
      .filter(([, value]) => value !== false)
      .sort(([a], [b]) => place(a) - place(b))
      .map(inWords)
      .join(' · '),
    inputs: inputs.map(([name, value]) => `${name} = ${value === '' ? '(nothing)' : value}`).join(', '),
  };
}

/** The form as it opens: what is stored, or what the address asks for; the only choice is made already. */
export function draftOf(target: EstateTarget | null, estate: EstateView, wanted: Wanted): TargetDraft {
  if (target) {
    const inputs = Object.values(target.config).flatMap((value) => scalars(value));
    return {
      componentId: target.component.id,
      environmentId: target.environment.id,
      connectionId: target.connection.id,
      label: target.label,
      values: Object.fromEntries(scalars(target.config)),
      inputs: inputs.map(([name, value]) => ({ key: name, name, value })),
      probe: probeDraftOf(target.probe),
    };
  }
  const only = (rows: readonly { id: string }[]) => (rows.length === 1 ? (rows[0]?.id ?? '') : '');
  const bySlug = (rows: readonly { id: string; slug: string }[], slug: string) =>
    rows.find((row) => row.slug === slug)?.id ?? only(rows);
  return {
    componentId: bySlug(estate.components, wanted.component),
    environmentId: bySlug(estate.environments, wanted.environment),
    connectionId: only(estate.connections.filter((each) => each.use.deploys)),
    label: '',
    values: {},
    inputs: [],
    probe: probeDraftOf(null),
  };
}

/** Every required setting has something in it. */
export function isComplete(values: TargetDraft['values'], fields: readonly SettingField[]): boolean {
  return fields.every((field) => !field.required || field.kind === 'inputs' || String(values[field.name] ?? '') !== '');
}

/** The settings as the provider's schema wants them; what is empty is left out. */
export function configOf(
  { values, inputs }: Pick<TargetDraft, 'values' | 'inputs'>,
  fields: readonly SettingField[],
): Record<string, unknown> {
  const config: Record<string, unknown> = {};
  for (const field of fields) {
    const value = values[field.name];
    if (field.kind === 'inputs') {
      const named = inputs.filter((each) => each.name.trim() !== '');
      if (named.length > 0)
        config[field.name] = Object.fromEntries(named.map((each) => [each.name.trim(), each.value]));
    } else if (value !== undefined && value !== '') {
      config[field.name] = field.kind === 'number' && Number.isFinite(Number(value)) ? Number(value) : value;
    }
  }
  return config;
}

/** Typed text as the declared input has it: `2` for a number is a number. */
export function typedValue(field: FormField | undefined, text: string): InputValue {
  if (field?.type === 'boolean') return text === 'true';
  const checked = field?.type === 'number' ? checkField(field, text) : null;
  return checked?.ok && checked.value !== undefined ? checked.value : text;
}

/** What is wrong with each fixed input, by row. Without a form only names can be judged. */
export function inputProblems(inputs: readonly FixedInput[], form: DeployForm | null): Record<string, string> {
  const problems: Record<string, string> = {};
  const seen = new Set<string>();
  for (const { key, name: typed, value } of inputs) {
    const name = typed.trim();
    const sentence = problemOf(name, value, seen.has(name), form);
    if (sentence) problems[key] = sentence;
    seen.add(name);
  }
  return problems;
}

function problemOf(name: string, value: InputValue, again: boolean, form: DeployForm | null): string | null {
  if (name === '') return 'Give the input a name, or remove it.';
  if (again) return 'This input is fixed twice. Remove one of them.';
  if (!form) return null;
  if (name === form.reserved.marker || name === form.reserved.sha)
    return 'The console fills this input in itself. Remove it here.';
  const field = form.fields.find((each) => each.name.toLowerCase() === name.toLowerCase());
  if (!field) return value === '' ? null : notDeclared(form);
  if (field.name !== name) return `${form.source.path} calls this input “${field.name}”. Write it the same way.`;
  const checked = checkField(field, value);
  return checked.ok ? null : checked.sentence;
}

function notDeclared({ source }: DeployForm): string {
  return `${source.path} declares no input of this name, so the run would be refused. Leave its value empty, or remove it.`;
}

/** Inputs that name the environment: fixing them keeps a deployment to one from going to another. */
export function environmentInput(
  form: DeployForm | null,
  inputs: readonly FixedInput[],
  slug: string | undefined,
): { name: string; value: string } | null {
  if (!form || !slug) return null;
  const fixed = new Set(inputs.map((each) => each.name.trim()));
  for (const field of form.fields) {
    if (fixed.has(field.name) || (field.type !== 'environment' && field.name !== 'environment')) continue;
    const value = field.options.find((option) => option.toLowerCase() === slug);
    if (value !== undefined) return { name: field.name, value };
  }
  return null;
}
