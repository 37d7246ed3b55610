import { asc, eq, sql } from 'drizzle-orm';
import type { DbOrTx } from '@/lib/auth/context';
import { environments, targets } from '@/lib/db/schema';
import { ServiceError } from '@/lib/kernel/errors';
import type {
  AnyProvider,
  DeployForm,
  FormField,
  InputValue,
  JobPlace,
  PlaceWordsOf,
  Revision,
} from '@/lib/providers/port';
import {
  type EnvironmentWords,
  inOwnEnvironment,
  isCalledEnvironment,
  leadsElsewhere,
  namesEnvironment,
  runsElsewhere,
  sentElsewhere,
} from '../model/own-environment';
import type { DeploymentRow } from './rows';

/** Whose environment it is, and through which connection its runs are started. */
export type Where = Pick<DeploymentRow, 'environmentId' | 'connectionId'>;

/** With the settings of the target, which say in what repository its workflow is. */
type Scope = Where & Pick<DeploymentRow, 'config'>;

/** The code of a value that leads to another environment than the target's. */
export const OTHER_ENVIRONMENT = 'other_environment';

/** The form as this target may fill it in, and as it is shown. */
export async function ownForm(db: DbOrTx, scope: Scope, read: DeployForm | null): Promise<DeployForm | null> {
  if (!read) return null;
  const { places: _notShown, ...form } = read;
  if (!form.fields.some(namesEnvironment)) return form;
  return { ...form, fields: inOwnEnvironment(form.fields, await readWords(db, scope, form.fields)) };
}

/** The form's fields with the target's own environment in them. Throws `ServiceError` `other_environment`. */
export async function ownFields(
  db: DbOrTx,
  scope: Scope,
  { fields }: DeployForm,
  values: Record<string, InputValue>,
): Promise<FormField[]> {
  if (!fields.some(namesEnvironment)) return fields;
  const words = await readWords(db, scope, fields);
  const sentence = leadsElsewhere(fields, words, values);
  if (sentence) throw new ServiceError('precondition', OTHER_ENVIRONMENT, sentence);
  return inOwnEnvironment(fields, words);
}

/**
 * Where the jobs of its workflow run, as far as what is sent or the ref decides that. Throws `ServiceError`
 * `other_environment` where that is another environment than the target's.
 */
export async function requireOwnJobs(
  db: DbOrTx,
  { environmentId, connectionId, config, ref, refKind, sha }: Scope & Revision,
  { methods }: AnyProvider,
  form: DeployForm | null,
  inputs: Record<string, InputValue>,
): Promise<JobPlace[]> {
  const fixed = (config.inputs ?? {}) as Record<string, InputValue>;
  const sent = { inputs, fixed, revision: { ref, refKind, sha } };
  const places = (form && methods.workflows?.leadsTo?.(form, sent)) ?? [];
  if (!form || places.length === 0) return [];
  const words = await readWords(db, { environmentId, connectionId, config }, form.fields);
  const sentence = runsElsewhere(words, places);
  if (sentence) throw new ServiceError('precondition', OTHER_ENVIRONMENT, sentence);
  return places;
}

/**
 * Why what was filled in for a deployment leads to another environment by now; null when it does not. Of those from before
 * their inputs were told apart, the one called so.
 */
export async function leadsAway(
  db: DbOrTx,
  row: Scope & Pick<DeploymentRow, 'inputs' | 'dispatch'>,
): Promise<string | null> {
  const { serve, publish, environmentInputs, runsIn = [] } = row.dispatch;
  if (serve || publish) return null;
  const fixed = new Set(Object.keys((row.config.inputs ?? {}) as object));
  const isAsked = (name: string) => environmentInputs?.includes(name) ?? isCalledEnvironment(name);
  const values = Object.entries(row.inputs).filter(([name]) => isAsked(name) && !fixed.has(name));
  if (values.length === 0 && runsIn.length === 0) return null;
  const names = environmentInputs ?? values.map(([name]) => name);
  const asked = names.map((name) => ({ name, type: 'environment' as const }));
  const words = await readWords(db, row, asked);
  return sentElsewhere(words, Object.fromEntries(values)) ?? runsElsewhere(words, runsIn);
}

/** Where no form is at hand: what an input says, once its name is known. */
export async function placeWords(db: DbOrTx, scope: Scope): Promise<PlaceWordsOf> {
  const known = await readKnown(db, scope);
  return (input) => {
    const { own, others } = wordsOf(known, scope, [{ name: input, type: 'environment' }]);
    return { own, others: [...others.keys()] };
  };
}

type Asked = readonly Pick<FormField, 'name' | 'type'>[];

async function readWords(db: DbOrTx, scope: Scope, fields: Asked): Promise<EnvironmentWords> {
  return wordsOf(await readKnown(db, scope), scope, fields);
}

interface Known {
  /** By slug. */
  environments: { id: string; slug: string; name: string }[];
  /** Targets of the same repository and connection, those of the own environment first; `id` is their environment's. */
  siblings: { id: string; config: Record<string, unknown> }[];
}

async function readKnown(db: DbOrTx, { environmentId, connectionId, config }: Scope): Promise<Known> {
  const known = await db
    .select({ id: environments.id, slug: environments.slug, name: environments.name })
    .from(environments)
    .orderBy(asc(environments.slug));
  const siblings = await db
    .select({ id: targets.environmentId, config: targets.config })
    .from(targets)
    .where(eq(targets.connectionId, connectionId))
    .orderBy(sql`${targets.environmentId} = ${environmentId} desc`, asc(targets.environmentId), asc(targets.id));
  const repository = repositoryOf(config);
  return { environments: known, siblings: siblings.filter((each) => repositoryOf(each.config) === repository) };
}

/**
 * Slugs and names of environments, our own first, then what targets of the repository fix such inputs to. The first to have a
 * word keeps it, so a fixed one takes none of ours away; it only refuses, for one environment may be several at the provider.
 */
function wordsOf({ environments: known, siblings }: Known, { environmentId }: Where, fields: Asked): EnvironmentWords {
  const nameOf = new Map(known.map(({ id, name }) => [id, name]));
  const isOwn = ({ id }: { id: string }) => id === environmentId;
  const called = known.flatMap(({ id, slug, name }) => [slug, name].map((word) => ({ id, word: word.toLowerCase() })));
  const own = called.filter(isOwn);
  const asked = new Set(fields.filter(namesEnvironment).map(({ name }) => name.toLowerCase()));
  // Those of the own environment come first: theirs are not refused.
  const fixed = siblings.flatMap(({ id, config }) =>
    fixedIn(config, asked).map((word) => ({ id, word: word.toLowerCase() })),
  );
  const meant = new Map<string, string>();
  for (const { id, word } of [...own, ...called, ...fixed]) {
    if (!meant.has(word)) meant.set(word, id);
  }
  return {
    label: nameOf.get(environmentId) ?? '',
    own: [...new Set(own.map(({ word }) => word))],
    others: new Map([...meant].flatMap(([word, id]) => (isOwn({ id }) ? [] : [[word, nameOf.get(id) ?? word]]))),
  };
}

/** Capitals do not matter in it, as at GitHub. */
const repositoryOf = (config: Record<string, unknown>): string => String(config.repository ?? '').toLowerCase();

function fixedIn(config: Record<string, unknown>, asked: ReadonlySet<string>): string[] {
  return Object.entries((config.inputs ?? {}) as Record<string, InputValue>).flatMap(([name, value]) =>
    asked.has(name.toLowerCase()) && value !== '' ? [String(value)] : [],
  );
}
