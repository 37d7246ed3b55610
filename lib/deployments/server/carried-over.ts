import type { DbOrTx } from '@/lib/auth/context';
import { ServiceError } from '@/lib/kernel/errors';
import type { DeployForm, FormField, InputValue } from '@/lib/providers/port';
import { isOneOff } from '../model/one-off';
import { isCalledEnvironment, isDecided, namesEnvironment } from '../model/own-environment';
import { fixedInputs } from '../model/still-fixed';
import { fillIn } from './form';
import type { Scope, Where } from './known-targets';
import { asksFor, isAmong, ownFields } from './own-environment';
import type { DeploymentRow } from './rows';

type Config = DeploymentRow['config'];

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
  const scope = { ...where, config };
  const taken: Record<string, InputValue> = {};
  const lost: string[] = [];
  const { marker, sha } = form.reserved;
  const decided = [...Object.keys(fixedInputs(config)), ...[marker, sha].filter((name) => name !== null)];
  // What was fixed won then, too.
  for (const [name, value] of [...Object.entries(values), ...Object.entries(fixedInputs(then))]) {
    if (isAmong(decided, name) || (value === true && isOneOff(name))) continue;
    const field = form.fields.find((each) => isAmong([each.name], name));
    if (field && (await isTaken(db, scope, form, field, value))) {
      taken[field.name] = String(value);
      continue;
    }
    const isNothing = !field && (value === '' || (value === false && isOneOff(name)));
    const saysPlace = isAmong(environmentInputs, name) || isCalledEnvironment(name);
    if (!isNothing && !(saysPlace && (await isPlaceOurs(db, scope, form, field, decided)))) lost.push(name);
  }
  if (lost.length === 0) return taken;
  const sentence = `The workflow of now does not take what it went with in ${lost.sort().join(', ')}; its page says what that was.`;
  throw new ServiceError('invalid', 'invalid_inputs', sentence);
}

/** Whether nothing but the own environment is left to say where the form of now would say it. */
async function isPlaceOurs(
  db: DbOrTx,
  scope: Scope,
  form: DeployForm,
  field: FormField | undefined,
  decided: readonly string[],
): Promise<boolean> {
  const isOpen = ({ name }: { name: string }) => !isAmong(decided, name);
  const places = field ? [field] : form.fields.filter((each) => namesEnvironment(each) && isOpen(each));
  // Put together from others, which go as the file has them.
  if (places.length === 0 && asksFor(form).some(isOpen)) return false;
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
