import type { DbOrTx } from '@/lib/auth/context';
import { ServiceError } from '@/lib/kernel/errors';
import type { DeployForm, FormField, InputValue } from '@/lib/providers/port';
import { HOW, isOneOff } from '../model/one-off';
import { isCalledEnvironment, isDecided, namesEnvironment } from '../model/own-environment';
import { fixedInputs } from '../model/still-fixed';
import { fillIn } from './form';
import type { Scope, Where } from './known-targets';
import { asksFor, isAmong, isLedByInputs, ownFields } from './own-environment';
import type { DeploymentRow } from './rows';

type Config = DeploymentRow['config'];

/** What a deployment was sent with, and under which settings. */
export interface Before {
  /** What was filled in. */
  values: Record<string, InputValue>;
  config: Config;
  /** Names of inputs that said where it goes. */
  environmentInputs: readonly string[];
  /** All that its workflow declared then, as far as that was kept. */
  declared: readonly string[];
  /** What is said otherwise: the mode. */
  apart: readonly string[];
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
  { values, config: then, environmentInputs, declared, apart }: Before,
): Promise<Record<string, InputValue>> {
  const scope = { ...where, config };
  const taken: Record<string, InputValue> = {};
  const lost: string[] = [];
  const { marker, sha } = form.reserved;
  const reserved = [marker, sha].filter((name) => name !== null);
  const decided = [...Object.keys(fixedInputs(config)), ...reserved, ...apart];
  // What was fixed won then, too.
  const sent = { ...values, ...fixedInputs(then) };
  const known = [...Object.keys(sent), ...declared];
  for (const [name, value] of Object.entries(sent)) {
    if (isAmong(decided, name) || (value === true && isOneOff(name))) continue;
    const field = form.fields.find((each) => isAmong([each.name], name));
    // A file that did not have it was told nothing.
    if (value === '' && field && field.type !== 'string' && isAmong(Object.keys(fixedInputs(then)), name)) continue;
    if (field && (await isTaken(db, scope, form, field, value))) {
      taken[field.name] = String(value);
      continue;
    }
    const isNothing = !field && (value === '' || (value === false && isOneOff(name)));
    const saysPlace = isAmong(environmentInputs, name) || isCalledEnvironment(name);
    if (!isNothing && !(saysPlace && (await isPlaceOurs(db, scope, form, { field, decided, known })))) lost.push(name);
  }
  if (lost.length === 0) return taken;
  const sentence = `The workflow of now does not take what it went with in ${lost.sort().join(', ')}; its page says what that was.`;
  throw new ServiceError('invalid', 'invalid_inputs', sentence);
}

/** For a press without a form: what `carriedOver` and the form refuse is told with the way out. */
export async function withWayOut<T>(way: string, ask: () => Promise<T>): Promise<T> {
  try {
    return await ask();
  } catch (error) {
    const isOfInputs = error instanceof ServiceError && (error.code === 'invalid_inputs' || isLedByInputs(error));
    if (!isOfInputs) throw error;
    throw new ServiceError(error.kind, error.code, `${error.sentence} ${way}`, error.fields);
  }
}

/**
 * Whether nothing but the own environment is left to say where the form of now would say it. An input that was not there then
 * may say a part of it, by its default, so with one the place of then is lost.
 */
async function isPlaceOurs(
  db: DbOrTx,
  scope: Scope,
  form: DeployForm,
  { field, decided, known }: { field: FormField | undefined; decided: readonly string[]; known: readonly string[] },
): Promise<boolean> {
  const open = form.fields.filter(({ name }) => !isAmong(decided, name) && !isAmong(HOW, name));
  const places = field ? [field] : open.filter(namesEnvironment);
  if (open.some((each) => !places.includes(each) && !isAmong(known, each.name))) return false;
  const asked = asksFor(form).map(({ name }) => name);
  // Put together from others, which need not be what it was put together from then.
  if (open.some((each) => !places.includes(each) && isAmong(asked, each.name))) return false;
  return (await ownFields(db, scope, { ...form, fields: places }, {})).every(isDecided);
}

/** Alone, as it would be sent. A field that people cannot empty has its default again where nothing is said. */
async function isTaken(
  db: DbOrTx,
  scope: Scope,
  form: DeployForm,
  field: FormField,
  value: InputValue,
): Promise<boolean> {
  if (value === '' && field.type !== 'string' && field.default) return false;
  try {
    await fillIn(db, scope, { ...form, fields: [field] }, { [field.name]: String(value) });
    return true;
  } catch (error) {
    if (error instanceof ServiceError) return false;
    throw error;
  }
}
