import { eq } from 'drizzle-orm';
import type { DbOrTx } from '@/lib/auth/context';
import { environments, targets } from '@/lib/db/schema';
import { ServiceError } from '@/lib/kernel/errors';
import type { DeployForm, FormField, InputValue } from '@/lib/providers/port';
import {
  type EnvironmentWords,
  inOwnEnvironment,
  isCalledEnvironment,
  leadsElsewhere,
  namesEnvironment,
  sentElsewhere,
} from '../model/own-environment';
import type { DeploymentRow } from './rows';

/** Whose environment it is, and through which connection its runs are started. */
export type Where = Pick<DeploymentRow, 'environmentId' | 'connectionId'>;

/** The code of a value that leads to another environment than the target's. */
export const OTHER_ENVIRONMENT = 'other_environment';

/** The form as this target may fill it in. */
export async function ownForm<F extends DeployForm | null>(db: DbOrTx, where: Where, form: F): Promise<F> {
  if (!form?.fields.some(namesEnvironment)) return form;
  return { ...form, fields: inOwnEnvironment(form.fields, await readWords(db, where, form.fields)) };
}

/** The form's fields with the target's own environment in them. Throws `ServiceError` `other_environment`. */
export async function ownFields(
  db: DbOrTx,
  where: Where,
  { fields }: DeployForm,
  values: Record<string, InputValue>,
): Promise<FormField[]> {
  if (!fields.some(namesEnvironment)) return fields;
  const words = await readWords(db, where, fields);
  const sentence = leadsElsewhere(fields, words, values);
  if (sentence) throw new ServiceError('precondition', OTHER_ENVIRONMENT, sentence);
  return inOwnEnvironment(fields, words);
}

/**
 * Why what was filled in for a deployment leads to another environment by now; null when it does not. Of those from before
 * their inputs were told apart, the one called so.
 */
export async function leadsAway(
  db: DbOrTx,
  row: Where & Pick<DeploymentRow, 'inputs' | 'config' | 'dispatch'>,
): Promise<string | null> {
  const { serve, publish, environmentInputs } = row.dispatch;
  if (serve || publish) return null;
  const fixed = new Set(Object.keys((row.config.inputs ?? {}) as object));
  const isAsked = (name: string) => environmentInputs?.includes(name) ?? isCalledEnvironment(name);
  const values = Object.entries(row.inputs).filter(([name]) => isAsked(name) && !fixed.has(name));
  if (values.length === 0) return null;
  const names = values.map(([name]) => ({ name, type: 'environment' as const }));
  return sentElsewhere(await readWords(db, row, names), Object.fromEntries(values));
}

/** Our words first, then what other targets of the connection fix such an input to: a fixed one takes no word of ours away. */
async function readWords(
  db: DbOrTx,
  { environmentId, connectionId }: Where,
  fields: readonly Pick<FormField, 'name' | 'type'>[],
): Promise<EnvironmentWords> {
  const known = await db
    .select({ id: environments.id, slug: environments.slug, name: environments.name })
    .from(environments);
  const siblings = await db
    .select({ id: targets.environmentId, config: targets.config })
    .from(targets)
    .where(eq(targets.connectionId, connectionId));
  const asked = new Set(fields.filter(namesEnvironment).map(({ name }) => name.toLowerCase()));
  const nameOf = new Map(known.map(({ id, name }) => [id, name]));
  const said = [
    ...known.flatMap(({ id, slug, name }) => [slug, name].map((word) => ({ id, word: word.toLowerCase() }))),
    ...siblings.flatMap(({ id, config }) => fixedIn(config, asked).map((word) => ({ id, word: word.toLowerCase() }))),
  ];
  const meant = new Map<string, string>();
  const mine = said.filter(({ id }) => id === environmentId).slice(0, 2);
  for (const { id, word } of [...mine, ...said]) if (!meant.has(word)) meant.set(word, id);
  const words = [...meant];
  return {
    label: nameOf.get(environmentId) ?? '',
    own: words.flatMap(([word, id]) => (id === environmentId ? [word] : [])),
    others: new Map(words.flatMap(([word, id]) => (id === environmentId ? [] : [[word, nameOf.get(id) ?? word]]))),
  };
}

function fixedIn(config: Record<string, unknown>, asked: ReadonlySet<string>): string[] {
  return Object.entries((config.inputs ?? {}) as Record<string, InputValue>).flatMap(([name, value]) =>
    asked.has(name.toLowerCase()) && value !== '' ? [String(value)] : [],
  );
}
