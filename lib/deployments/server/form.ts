import type { DbOrTx, OpenConnection } from '@/lib/auth/context';
import { ServiceError } from '@/lib/kernel/errors';
import {
  type AnyProvider,
  capability,
  type DeployForm,
  type InputValue,
  type JobPlace,
  type Revision,
} from '@/lib/providers/port';
import { isFoundByMarker } from '../model/dispatch';
import { inputsSchema } from '../model/inputs';
import { isOneOff } from '../model/one-off';
import { isCalledEnvironment, isDecided, namesEnvironment, withoutBlanks } from '../model/own-environment';
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
  if (now.sha !== revision.sha) throw refMoved(revision, now);
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
 * The target's fixed values win over what was typed; what is not fixed may name no environment but the target's own; the
 * form's own schema has the last word. Throws `ServiceError` `other_environment` and `invalid_inputs`.
 */
export async function checkInputs(
  db: DbOrTx,
  where: Where,
  form: DeployForm,
  config: Record<string, unknown>,
  values: Record<string, InputValue>,
): Promise<Record<string, InputValue>> {
  const fixed = (config.inputs ?? {}) as Record<string, InputValue>;
  const [closed, open] = [true, false].map((is) => form.fields.filter(({ name }) => Object.hasOwn(fixed, name) === is));
  const declared = new Set(closed?.map(({ name }) => name));
  const chosen = await ownFields(db, { ...where, config }, { ...form, fields: open ?? [] }, values);
  const typed = withoutBlanks(chosen, values);
  const merged = { ...typed, ...Object.fromEntries(Object.entries(fixed).filter(([name]) => declared.has(name))) };
  const parsed = inputsSchema([...(closed ?? []), ...chosen]).safeParse(merged);
  if (parsed.success) return parsed.data;
  const fields = Object.fromEntries(
    parsed.error.issues.map((issue) => [issue.path.join('.') || 'inputs', issue.message]),
  );
  const [first] = Object.entries(fields);
  throw new ServiceError(
    'invalid',
    'invalid_inputs',
    first ? `${first[0]}: ${first[1]}` : 'The inputs do not fit the workflow.',
    fields,
  );
}

/** What a deployment was sent with, and under which settings. */
export interface Before {
  /** What was filled in. */
  values: Record<string, InputValue>;
  config: Config;
  /** Names of inputs that said where it goes. */
  environmentInputs: readonly string[];
}

/**
 * What went with settings of before, as the form of now takes it: each alone, under the form's spelling, and in the target's
 * own environment. What the settings of now fix is theirs to say. Throws `ServiceError` `invalid_inputs` where anything else
 * would be lost, for the workflow's default would go instead.
 */
export async function carriedOver(
  db: DbOrTx,
  where: Where,
  form: DeployForm,
  config: Config,
  { values, config: then, environmentInputs }: Before,
): Promise<Record<string, InputValue>> {
  const taken: Record<string, InputValue> = {};
  const lost: string[] = [];
  const decided = (name: string) => isAmong(Object.keys(fixedInputs(config)), name);
  // What was fixed won then, too.
  for (const [name, value] of [...Object.entries(values), ...Object.entries(fixedInputs(then))]) {
    if (decided(name) || (value === true && isOneOff(name))) continue;
    const field = form.fields.find((each) => each.name.toLowerCase() === name.toLowerCase());
    const one = field && { [field.name]: String(value) };
    if (field && one && (await isTaken(() => checkInputs(db, where, { ...form, fields: [field] }, config, one)))) {
      Object.assign(taken, one);
      continue;
    }
    const isNothing = !field && (value === '' || (value === false && isOneOff(name)));
    const saysPlace = isAmong(environmentInputs, name) || isCalledEnvironment(name);
    const places = field ? [field] : form.fields.filter((each) => namesEnvironment(each) && !decided(each.name));
    const isOwn = saysPlace && (await isOurs(db, { ...where, config }, { ...form, fields: places }));
    if (!isNothing && !isOwn) lost.push(name);
  }
  if (lost.length === 0) return taken;
  const sentence = `The workflow of now does not take what it went with in ${lost.sort().join(', ')}; its page says what that was.`;
  throw new ServiceError('invalid', 'invalid_inputs', sentence);
}

/** Whether nothing but the own environment is left to say. */
async function isOurs(db: DbOrTx, scope: Scope, form: DeployForm): Promise<boolean> {
  return (await ownFields(db, scope, form, {})).every(isDecided);
}

async function isTaken(check: () => Promise<unknown>): Promise<boolean> {
  try {
    await check();
    return true;
  } catch (error) {
    if (error instanceof ServiceError) return false;
    throw error;
  }
}

function refMoved(wanted: Revision, now: Revision): ServiceError {
  return new ServiceError(
    'precondition',
    'ref_changed',
    `${wanted.ref} is at ${now.sha.slice(0, 7)} now, not at ${wanted.sha.slice(0, 7)}. Review the new commits and deploy again; to deploy an older commit, tag it or let the workflow declare an input named sha.`,
  );
}
