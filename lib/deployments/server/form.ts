import type { DbOrTx, OpenConnection } from '@/lib/auth/context';
import { ServiceError } from '@/lib/kernel/errors';
import {
  type AnyProvider,
  capability,
  type DeployForm,
  type FormField,
  type InputValue,
  type JobPlace,
  type Revision,
} from '@/lib/providers/port';
import { isFoundByMarker } from '../model/dispatch';
import { checkField, inputsSchema } from '../model/inputs';
import { namesEnvironment, withoutBlanks } from '../model/own-environment';
import { fixedInputs } from '../model/still-fixed';
import type { Scope, Where } from './known-targets';
import { isAmong, ownFields } from './own-environment';
import type { DeploymentRow } from './rows';

type Config = DeploymentRow['config'];

/** The form that the provider would run for it now; null where it has none to fill in. Throws `ProviderError`. */
export async function formOf(
  { provider, context }: OpenConnection,
  config: Config,
  revision: Revision,
): Promise<DeployForm | null> {
  return provider.methods.workflows ? await provider.methods.workflows.form(context, config, formRef(revision)) : null;
}

/** Whether a run can be told which commit it is of: by the form's own input, or because the provider builds what it is told. */
export function takesCommit({ manifest }: AnyProvider, form: DeployForm | null): boolean {
  return form ? form.reserved.sha !== null : manifest.capabilities.deploy?.revision === 'commit';
}

/** What cannot be told the commit runs the newest one of its ref, so that has to be the chosen one. */
export async function requirePinned(
  { provider, context }: OpenConnection,
  config: Config,
  revision: Revision,
  form: DeployForm | null,
): Promise<void> {
  if (takesCommit(provider, form)) return;
  const now = await capability(provider, 'source').resolve(context, config, formRef(revision));
  if (now.sha !== revision.sha) throw refMoved(revision, now, form ? TELL_COMMIT : NEWEST_ONLY);
}

/** A branch is dispatched by name, so the form that counts is the one at its head; a tag may have the same name. */
export function formRef({ ref, refKind }: Revision): string {
  return `refs/${refKind === 'branch' ? 'heads' : 'tags'}/${ref}`;
}

/** How what is sent can be told apart later. Without a form to echo the marker, the provider keeps it by itself or not. */
export function dispatchOf(
  form: DeployForm | null,
  { manifest }: AnyProvider,
  runsIn: JobPlace[] = [],
): DeploymentRow['dispatch'] {
  const declared = form && [...form.fields, ...(form.fixed ?? [])];
  return {
    findable: form ? form.findable : isFoundByMarker(manifest.capabilities.deploy?.idempotency),
    markerInput: form?.reserved.marker ?? null,
    shaInput: form?.reserved.sha ?? null,
    ...(declared && { environmentInputs: declared.filter(namesEnvironment).map(({ name }) => name) }),
    ...(runsIn.length > 0 && { runsIn }),
    ...(form?.places && { places: form.places }),
    ...(form?.source.digest ? { form: { path: form.source.path, digest: form.source.digest } } : {}),
  };
}

/**
 * What is filled in, as it will be sent beside what the target's settings fix, which wins. Throws `ServiceError`
 * `other_environment`, `invalid_inputs`, and `fixed_unfit` where the workflow does not take what is fixed.
 */
export async function checkInputs(
  db: DbOrTx,
  where: Where,
  form: DeployForm,
  config: Record<string, unknown>,
  values: Record<string, InputValue>,
): Promise<Record<string, InputValue>> {
  requireFixed(form, fixedInputs(config));
  return fillIn(db, { ...where, config }, form, values);
}

/** What is not fixed may name no environment but the target's own; the form's own schema has the last word. */
export async function fillIn(
  db: DbOrTx,
  scope: Scope,
  form: DeployForm,
  values: Record<string, InputValue>,
): Promise<Record<string, InputValue>> {
  const chosen = await ownFields(db, scope, form, values);
  const parsed = inputsSchema(chosen).safeParse(withoutBlanks(chosen, values));
  if (parsed.success) return parsed.data;
  throw unfit(
    Object.fromEntries(parsed.error.issues.map((issue) => [issue.path.join('.') || 'inputs', issue.message])),
  );
}

/** The provider would refuse the run for it, after everybody approved. */
function requireFixed({ fixed: declared = [], undeclared = [] }: DeployForm, fixed: Record<string, InputValue>): void {
  const wrong = declared.flatMap((field) => {
    const [, value] = Object.entries(fixed).find(([name]) => isAmong([field.name], name)) ?? [];
    const sentence = value === undefined ? null : whyNotTaken(field, value);
    return sentence === null ? [] : [`${field.name}: ${sentence}`];
  });
  const gone = undeclared.map((name) => `${name}: The workflow does not have it at this revision.`);
  const [first] = [...wrong, ...gone];
  if (first === undefined) return;
  const sentence = `What the target’s settings fix does not fit the workflow. ${first} An administrator puts that right under What you deploy.`;
  throw new ServiceError('invalid', 'fixed_unfit', sentence);
}

/** Null where it is taken. Of environments by GitHub's own type any will do: a run makes those that are not there. */
function whyNotTaken(field: FormField, value: InputValue): string | null {
  if (value === '' && field.options.includes('') && !field.required) return null;
  if (value === '') {
    const isText = field.type === 'string' || (field.type === 'environment' && field.options.length === 0);
    return isText && !field.required ? null : 'It is fixed to nothing, and the workflow has it at this revision.';
  }
  if (field.type === 'environment' && !field.ofFile) return null;
  const checked = checkField(field, String(value));
  return checked.ok ? null : checked.sentence;
}

function unfit(fields: Record<string, string>): ServiceError {
  const [first] = Object.entries(fields);
  const sentence = first ? `${first[0]}: ${first[1]}` : 'The inputs do not fit the workflow.';
  return new ServiceError('invalid', 'invalid_inputs', sentence, fields);
}

const TELL_COMMIT = 'to deploy an older commit, tag it or let the workflow declare an input named sha';
const NEWEST_ONLY = 'it builds the newest commit of a branch only, so revert there what came after an older one';

function refMoved(wanted: Revision, now: Revision, way: string): ServiceError {
  return new ServiceError(
    'precondition',
    'ref_changed',
    `${wanted.ref} is at ${now.sha.slice(0, 7)} now, not at ${wanted.sha.slice(0, 7)}. Review the new commits and deploy again; ${way}.`,
  );
}
