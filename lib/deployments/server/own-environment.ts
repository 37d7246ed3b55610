import type { Actor } from '@/lib/auth/actor';
import type { DbOrTx } from '@/lib/auth/context';
import { ServiceError } from '@/lib/kernel/errors';
import type {
  AnyProvider,
  DecidingJobs,
  DeployForm,
  FormField,
  InputValue,
  JobPlace,
  JobPlaces,
  PlaceWordsOf,
  Revision,
  SentWith,
} from '@/lib/providers/port';
import {
  type EnvironmentWords,
  inOwnEnvironment,
  isCalledEnvironment,
  leadsElsewhere,
  namesEnvironment,
  runsElsewhere,
  sentElsewhere,
  type TargetsThere,
  writtenElsewhere,
} from '../model/own-environment';
import { fixedInputs, type StillFixed, stillFixed } from '../model/still-fixed';
import { targetsThere } from '../model/targets-there';
import { type Known, readKnown, type Scope, type Where } from './known-targets';
import { otherPlace } from './other-place';
import type { DeploymentRow } from './rows';

type Values = Readonly<Record<string, InputValue>>;

/** Those may be settings of before: the target's own of now are read by its id. */
type OfTarget = Scope & Pick<DeploymentRow, 'targetId'>;

type Waiting = Pick<DeploymentRow, 'kind'>;

/** The code of a value that leads to another environment than the target's. */
export const OTHER_ENVIRONMENT = 'other_environment';

/** Inputs that say otherwise would mend it. */
class LedByInputs extends ServiceError {
  readonly byInputs = true;

  constructor(sentence: string) {
    super('precondition', OTHER_ENVIRONMENT, sentence);
  }
}

export const isLedByInputs = (error: ServiceError): boolean => 'byInputs' in error;

/** The form as this target may fill it in, and as it is shown. */
export async function ownForm(db: DbOrTx, scope: Scope, read: DeployForm | null): Promise<DeployForm | null> {
  if (!read) return null;
  const { places: _places, fixed: _fixed, undeclared: _undeclared, ...form } = read;
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
  if (sentence) throw new LedByInputs(sentence);
  return inOwnEnvironment(fields, words);
}

/**
 * Where the jobs of its workflow run, as far as what is sent, the ref or the file decides that; what settings fixed once, and
 * not any more, counts as filled in. Throws `ServiceError` `other_environment` where that is another environment than the target's, or
 * the place of another one's target; with a way out where it is of a deployment that waits.
 */
export async function requireOwnJobs(
  db: DbOrTx,
  { environmentId, connectionId, targetId, config, ref, refKind, sha, kind }: OfTarget & Revision & Partial<Waiting>,
  provider: AnyProvider,
  form: DeployForm | null,
  inputs: Record<string, InputValue>,
): Promise<JobPlace[]> {
  const scope = { environmentId, connectionId, targetId, config };
  if (!form) return [];
  const known = await readKnown(db, scope);
  const { fixed, lapsed } = settingsOf(known, scope);
  const sent = { inputs: withLapsed(inputs, lapsed), fixed, revision: { ref, refKind, sha } };
  const places = provider.methods.workflows?.leadsTo?.(form, sent) ?? [];
  const fields = [...form.fields, ...(form.fixed ?? [])];
  const once = fields.filter(({ name }) => isIn(lapsed, name));
  const was = new Map(Object.entries(lapsed).map(([name, value]) => [name.toLowerCase(), value]));
  const values = Object.fromEntries(once.map(({ name }) => [name, was.get(name.toLowerCase()) ?? '']));
  // What is fixed too: its words count where a name is put together, as they do when it is sent.
  const words = wordsOf(known, scope, fields);
  const there = targetsOf(known, { ...scope, config: { ...config, inputs: fixed } }, provider, form, sent);
  const ofFile = wordsOf(known, scope, fields, config);
  const isLed = (some: readonly JobPlace[]) =>
    runsElsewhere(words, some, there) ?? writtenElsewhere(ofFile, some, there);
  const byInputs = places.filter(({ byRef, written }) => !byRef && (!written || written.chosen));
  const led = leadsElsewhere(once, words, values) ?? isLed(byInputs);
  const sentence = led ?? isLed(places);
  if (sentence === null) return places;
  const told = kind ? withWayOut(sentence, lapsed, kind) : sentence;
  throw led ? new LedByInputs(told) : new ServiceError('precondition', OTHER_ENVIRONMENT, told);
}

/**
 * Why what was filled in for a deployment, or fixed by settings of then alone, leads to another environment by now; null when it
 * does not. Of those from before their inputs were told apart, the one called so, and all that was fixed. See `otherPlace` for
 * the reader. The kind is that of what would be asked for instead: a roll-back for the re-run of one.
 */
export async function leadsAway(
  db: DbOrTx,
  row: OfTarget & Pick<DeploymentRow, 'inputs' | 'dispatch'> & Revision & Waiting,
  provider: AnyProvider,
  reader: Actor | null = null,
): Promise<string | null> {
  const { serve, publish, environmentInputs, runsIn = [], places, markerInput: marker, shaInput: sha } = row.dispatch;
  if (publish) return null;
  const known = await readKnown(db, row);
  const taken = otherPlace(known, row, provider, reader);
  if (taken || serve) return taken && `${taken} ${begun(wayOut(row.kind))}`;
  const { fixed, lapsed } = settingsOf(known, row);
  const inputs = withLapsed(row.inputs, lapsed);
  const isAsked = (name: string) =>
    isCalledEnvironment(name) || (environmentInputs ? isAmong(environmentInputs, name) : isIn(lapsed, name));
  const values = Object.entries(inputs).filter(([name]) => isAsked(name) && !isIn(fixed, name));
  const names = [...(environmentInputs ?? []), ...values.map(([name]) => name)];
  const asked = names.map((name) => ({ name, type: 'environment' as const }));
  const words = wordsOf(known, row, asked);
  const sent = { inputs, fixed, revision: { ref: row.ref, refKind: row.refKind, sha: row.sha } };
  const jobs = { ...(places && { places }), reserved: { marker, sha } };
  const isAsItWas = !places || Object.keys(lapsed).length === 0;
  const there = targetsOf(known, { ...row, config: { ...row.config, inputs: fixed } }, provider, jobs, sent);
  const now = isAsItWas ? runsIn : (provider.methods.workflows?.leadsTo?.(jobs, sent) ?? []);
  const sentence =
    sentElsewhere(words, Object.fromEntries(values)) ??
    runsElsewhere(words, now, there) ??
    writtenElsewhere(wordsOf(known, row, asked, row.config), now, there);
  return sentence && withWayOut(sentence, lapsed, row.kind);
}

/** Settings that are fixed already help nobody who goes by those of then; a roll-back takes no inputs that lead elsewhere. */
function withWayOut(sentence: string, lapsed: Values, kind: Waiting['kind']): string {
  const isHelped = kind === 'rollback' || Object.keys(lapsed).length > 0;
  return isHelped ? `${sentence} Or ${wayOut(kind)}` : sentence;
}

const WAYS = { rollback: 'roll back once more', promote: 'promote it once more' } as const;

/** A press that goes with the settings of now, and is not refused for the age of what it goes back to. */
function wayOut(kind: Waiting['kind']): string {
  const way = kind === 'rollback' || kind === 'promote' ? WAYS[kind] : 'deploy the commit again';
  return `${way}: that goes with the settings of now.`;
}

const begun = (sentence: string): string => sentence.charAt(0).toUpperCase() + sentence.slice(1);

/** What its settings of then fix now, too: at a click they are the same. */
function settingsOf({ siblings }: Known, { environmentId, targetId, config }: OfTarget): StillFixed {
  const own = siblings.filter(({ id }) => id === environmentId);
  const itself = own.find((each) => each.targetId === targetId);
  return stillFixed(
    config,
    itself?.config,
    own.map((each) => each.config),
  );
}

/** Its values win over what was filled in under the same name, in whatever capitals: they are sent. */
const withLapsed = (inputs: Values, lapsed: Values): Values => ({ ...lapsed, ...inputs, ...lapsed });

/**
 * Characters of expressions that are read to follow all targets of a repository: a quarter of a second. What is not read then
 * counts as theirs.
 */
const MAX_EFFORT = 2_000_000;

/** What jobs may take from the form: those that no expression mentions change nothing. */
export function asksFor({ places, reserved: { marker, sha } }: DecidingJobs): JobPlaces['inputs'] {
  const written =
    places?.jobs.map(({ environment, condition, after = [] }) =>
      [environment.includes('${{') ? environment : '', condition, ...after].join(' ').toLowerCase(),
    ) ?? [];
  const isAsked = (name: string) => written.some((text) => text.includes(name.toLowerCase()));
  return places?.inputs.filter(({ name }) => name !== marker && name !== sha && isAsked(name)) ?? [];
}

/** Where the targets of the repository go, by their settings of now. Without a file that is known, no one is followed. */
function targetsOf(
  known: Known,
  { environmentId, config }: Scope,
  { methods }: AnyProvider,
  jobs: DecidingJobs,
  sent: SentWith,
): TargetsThere {
  const inputs = asksFor(jobs);
  const names = new Set(inputs.map(({ name }) => name.toLowerCase()));
  const fixedBy = (settings: Record<string, unknown>) =>
    Object.fromEntries(Object.entries(fixedInputs(settings)).filter(([name]) => names.has(name.toLowerCase())));
  const effort = { left: MAX_EFFORT };
  // First as it is sent.
  const each = [{ id: environmentId, config }, ...known.siblings].map(({ id, config: theirs }) => ({
    ...{ id, isOwn: id === environmentId, fixed: fixedBy(theirs) },
    isFollowed: jobs.places !== undefined && (theirs.workflow ?? '') === (config.workflow ?? ''),
  }));
  // Many targets of an environment fix the same.
  const distinct = [...new Map(each.map((one) => [JSON.stringify(one), one])).values()];
  const ids = [...new Set(distinct.map(({ id }) => id))];
  const words = new Map(ids.map((id) => [id, wordsOf(known, { environmentId: id }, inputs)]));
  const neighbours = distinct.flatMap(({ id, ...rest }) => {
    const called = words.get(id);
    return called ? [{ ...rest, words: called }] : [];
  });
  const run = {
    ...{ sent, inputs },
    leadsTo: (other: SentWith) => methods.workflows?.leadsTo?.(jobs, other, effort) ?? [],
    comesTo: (other: SentWith, open: readonly string[] | 'rest') =>
      methods.workflows?.comesTo?.(jobs, { ...other, open }, effort) ?? [],
    isSpent: () => effort.left < 0,
  };
  return targetsThere(run, neighbours);
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

/**
 * Slugs and names of environments, our own first, then what targets of the repository fix such inputs to. The first to have a
 * word keeps it, so a fixed one takes none of ours away; it only refuses, for one environment may be several at the provider.
 * `file`: settings of a workflow that names environments itself and has no input for it, so what targets of others fix by an
 * input called so counts as well.
 */
function wordsOf(
  { environments: known, siblings }: Known,
  { environmentId }: Pick<Where, 'environmentId'>,
  fields: Asked,
  file?: Scope['config'],
): EnvironmentWords {
  const nameOf = new Map(known.map(({ id, name }) => [id, name]));
  const isOwn = ({ id }: { id: string }) => id === environmentId;
  const called = known.flatMap(({ id, slug, name }) => [slug, name].map((word) => ({ id, word: word.toLowerCase() })));
  const own = called.filter(isOwn);
  const asked = new Set(fields.filter(namesEnvironment).map(({ name }) => name.toLowerCase()));
  // Those of the own environment come first: theirs are not refused.
  const first = [...siblings.filter(isOwn), ...siblings.filter((each) => !isOwn(each))];
  const isCalled = (name: string, config: Scope['config']) =>
    asked.has(name.toLowerCase()) ||
    (file !== undefined && isCalledEnvironment(name) && (config.workflow ?? '') !== (file.workflow ?? ''));
  const fixed = first.flatMap(({ id, config }) =>
    fixedIn(config, (name) => isCalled(name, config)).map((word) => ({ id, word: word.toLowerCase() })),
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

function fixedIn(config: Record<string, unknown>, isAsked: (name: string) => boolean): string[] {
  return Object.entries(fixedInputs(config)).flatMap(([name, value]) =>
    isAsked(name) && value !== '' ? [String(value)] : [],
  );
}

/** Capitals do not matter, as at GitHub. */
export const isAmong = (names: readonly string[], name: string): boolean =>
  names.some((each) => each.toLowerCase() === name.toLowerCase());
const isIn = (values: Values, name: string): boolean => isAmong(Object.keys(values), name);
