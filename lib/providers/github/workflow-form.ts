import { type DeployForm, type FormField, type InputValue, type JobPlaces, ProviderError } from '../port';
import { destinationsOf, environmentInputs } from './destinations';
import { inputsUsedIn } from './expressions';
import { jobPlaces } from './job-places';
import { whenLeftOut } from './leads-to';
import { manifest } from './manifest';
import { type Mapping, mapping, readWorkflow, scalar } from './workflow-file';
import { INPUT_TYPES } from './workflow-inputs';
import { adviceFor, warningsFor } from './workflow-warnings';

/** Inputs that we fill in ourselves, by the first of these names that the workflow declares. */
const MARKER_INPUTS = ['aetherstack', 'aetherstack_marker', 'correlation_id'];
const SHA_INPUTS = ['aetherstack_sha', 'sha', 'commit'];
const INPUT_NAME = /^[A-Za-z_][A-Za-z0-9_-]{0,99}$/;
const MAX_OPTIONS = 500;
const MAX_DESCRIPTION = 1_000;

export interface FormSource {
  /** File name, e.g. `deploy.yml`. */
  path: string;
  /** The commit at which it was read. */
  sha: string;
  url: string;
  /** SHA-256 of its text, in hexadecimal. */
  digest?: string;
}

/** Whether the repository's environments must be known to draw the form. */
export function needsEnvironments(text: string, path: string): boolean {
  const inputs = mapping(readWorkflow(text, path).dispatch?.inputs) ?? {};
  return Object.values(inputs).some((value) => mapping(value)?.type === 'environment');
}

/** The form that a workflow file declares. `fixed` inputs come from the target's settings and are not asked for. */
export function formFrom(text: string, source: FormSource, environments: string[], fixed: string[] = []): DeployForm {
  const document = readWorkflow(text, source.path);
  if (!document.dispatch) throw noTrigger(source.path);
  const declared = Object.entries(mapping(document.dispatch.inputs) ?? {});
  const { maxInputs } = manifest.capabilities.workflows;
  if (declared.length > maxInputs) {
    throw refused(
      'too_many_inputs',
      `The workflow ${source.path} declares ${declared.length} inputs; GitHub accepts ${maxInputs}. Remove some from its file.`,
    );
  }
  const warnings: string[] = [];
  const names = declared.map(([name]) => name);
  const marker = MARKER_INPUTS.find((name) => names.includes(name)) ?? null;
  const sha = SHA_INPUTS.find((name) => names.includes(name)) ?? null;
  const jobs = jobPlaces(text, source.path);
  const places = environmentInputs(text, source.path);
  const goals = destinationsOf(text, source.path);
  const fields = declared.map(([name, value]) => {
    const field = fieldOf(name, mapping(value) ?? {}, environments, warnings);
    const behind = places.get(name.toLowerCase());
    if (behind) return asEnvironment(field, scalar(mapping(value)?.default) || behind);
    if (!goals.has(name.toLowerCase())) return asSource(field);
    const left = jobs && !field.default ? whenLeftOut(jobs, { marker, sha }, name) : [];
    return left.length > 0 ? { ...field, whenEmpty: left } : field;
  });
  const findable = marker !== null && inputsUsedIn(document.runName).has(marker);
  const facts = { names, marker, sha, findable };
  const offered = fields.filter((field) => field.name !== marker && field.name !== sha);
  // Capitals do not matter in a name, as at GitHub.
  const settled = new Set(fixed.map((name) => name.toLowerCase()));
  const closed = offered.filter(({ name }) => settled.has(name.toLowerCase()));
  return {
    fields: offered.filter((field) => !closed.includes(field)),
    ...(closed.length > 0 && { fixed: closed }),
    reserved: { marker, sha },
    findable,
    source,
    warnings: [...warnings, ...warningsFor(document, facts)],
    advice: adviceFor(facts),
    ...(jobs && { places: asShown(jobs, fields) }),
  };
}

/**
 * Whatever it is called or typed as in the file: it says where the run goes. A default that fits no option is none of the
 * form's, and is what the run has all the same.
 */
function asEnvironment(field: FormField, behind: string | string[]): FormField {
  if (field.type === 'boolean' || field.type === 'number') return field;
  const whenEmpty = field.default ? [] : [...new Set([behind].flat())];
  const ofFile = field.type === 'choice' && { ofFile: true as const };
  return { ...field, type: 'environment', ...ofFile, ...(whenEmpty.length > 0 ? { whenEmpty } : {}) };
}

/** Inputs by the type that the form has them, so that those which name an environment are known. */
function asShown(places: JobPlaces, fields: readonly FormField[]): JobPlaces {
  const types = new Map(fields.map(({ name, type }) => [name, type]));
  return { ...places, inputs: places.inputs.map((each) => ({ ...each, type: types.get(each.name) ?? each.type })) };
}

/** An environment that no run goes to, such as the one that a promotion takes from, is a choice like any other. */
function asSource(field: FormField): FormField {
  if (field.type !== 'environment') return field;
  return { ...field, type: field.options.length > 0 ? 'choice' : 'string' };
}

function fieldOf(name: string, value: Mapping, environments: string[], warnings: string[]): FormField {
  if (!INPUT_NAME.test(name) || name === '__proto__') {
    throw refused(
      'invalid_input',
      `The workflow declares an input with a name that GitHub does not accept. Rename it in its file.`,
    );
  }
  const type = typeOf(name, value.type, warnings);
  const options = type === 'environment' ? environments : type === 'choice' ? choices(name, value.options) : [];
  const field: FormField = {
    name,
    type,
    description: typeof value.description === 'string' ? value.description.slice(0, MAX_DESCRIPTION) : '',
    required: value.required === true || value.required === 'true',
    default: null,
    options,
  };
  return { ...field, default: defaultOf(field, value.default, warnings) };
}

function typeOf(name: string, value: unknown, warnings: string[]): FormField['type'] {
  const known = INPUT_TYPES.find((type) => type === value);
  if (!known && value !== undefined && value !== null) {
    warnings.push(`The input “${name}” has a type that GitHub does not know; it is treated as text.`);
  }
  return known ?? 'string';
}

function choices(name: string, value: unknown): string[] {
  const options = Array.isArray(value)
    ? value.filter((each) => ['string', 'number', 'boolean'].includes(typeof each)).map(String)
    : [];
  if (options.length === 0) {
    throw refused(
      'invalid_input',
      `The input “${name}” is a choice without options. Add “options:” in the workflow file.`,
    );
  }
  return [...new Set(options)].slice(0, MAX_OPTIONS);
}

function defaultOf(field: FormField, value: unknown, warnings: string[]): InputValue | null {
  if (value === undefined || value === null) return null;
  const suggested = fitted(field, value);
  if (suggested === null) warnings.push(`The default of “${field.name}” does not fit its type, so it is left empty.`);
  return suggested;
}

function fitted(field: FormField, value: unknown): InputValue | null {
  switch (field.type) {
    case 'boolean':
      return value === true || value === 'true' ? true : value === false || value === 'false' ? false : null;
    case 'number': {
      const number = typeof value === 'string' && value.trim() !== '' ? Number(value) : value;
      return typeof number === 'number' && Number.isFinite(number) ? number : null;
    }
    case 'choice':
    case 'environment':
      return offered(field, value);
    case 'string':
      return typeof value === 'object' ? null : String(value);
  }
}

/** Environments may be hidden from this credential; what the file says is sent all the same when nothing else is. */
function offered({ type, options }: FormField, value: unknown): string | null {
  if (typeof value === 'object') return null;
  const isHidden = type === 'environment' && options.length === 0;
  return isHidden || options.includes(String(value)) ? String(value) : null;
}

function noTrigger(path: string): ProviderError {
  return refused(
    'no_dispatch_trigger',
    `The workflow ${path} cannot be started by hand at this revision. Add “workflow_dispatch” under “on:” in its file and merge that.`,
  );
}

function refused(code: string, sentence: string): ProviderError {
  return new ProviderError('rejected', code, sentence);
}
