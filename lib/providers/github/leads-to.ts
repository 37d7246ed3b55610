import { type Expr, FunctionCall } from '@actions/expressions/ast';
import type {
  DecidingJobs,
  DeployForm,
  Effort,
  FormField,
  InputValue,
  JobPlace,
  JobPlaces,
  PartlySent,
  SentWith,
} from '../port';
import { expressionOf, isInput, type Part, sidesOf, templateOf } from './expression-tree';
import { ANYTHING, type Contexts, isTrue, oneOf, type Possible, possible } from './expression-values';
import { inputsUsedIn } from './expressions';
import { MAX_DEFAULT } from './job-places';

/** Texts that one place may have; more say nothing. */
const MAX_TEXTS = 32;

/** Longer names there are none of. */
const MAX_NAME = 256;

type Reserved = DeployForm['reserved'];

/**
 * Where the jobs of a form's workflow run with these inputs: what GitHub works out from them or from the ref, and what the file
 * names itself where the job is known to run. A job that does not run, and a place that takes something that is not known here
 * (a variable, an output), is left out. `effort` is taken off, and what is beyond it left out.
 */
export function leadsTo({ places, reserved }: DecidingJobs, sent: SentWith, effort?: Effort): JobPlace[] {
  if (!places || !isLeft(places, effort)) return [];
  const all = contextsOf(places, reserved, sent, 'all');
  // What an administrator fixed counts as it is.
  const fixed = contextsOf(places, reserved, sent, 'fixed');
  const ref = contextsOf(places, reserved, sent, 'ref');
  const none = contextsOf(places, reserved, NOTHING_SENT, 'fixed');
  return readJobs(places).flatMap((job) => {
    const { parts, condition } = job;
    if (job.constant !== null) return asWritten(job, { all, fixed, ref, none }, sent, places.path, effort);
    const texts = parts && runs(condition, all, effort) ? textsOf(parts, all, effort) : null;
    if (!parts || !texts || textsOf(parts, fixed, effort)?.length === 1) return [];
    const pieces = piecesOf(parts).filter((each) => textsOf([each], fixed, effort)?.length !== 1);
    const byRef = textsOf(parts, ref, effort)?.length === 1;
    const made = pieces.flatMap((each) => textsOf([each], all, effort) ?? []);
    return [{ texts, parts: made, ...(byRef && { byRef }) }];
  });
}

/** By what may be known. `none`: by the file alone. */
type KnownOf = Record<Known | 'none', Contexts>;

/** What the file names itself is nobody's settings to say, unless these let the job run by an input that is fixed to that very name. */
function asWritten(job: ReadJob, known: KnownOf, { fixed }: SentWith, file = '', effort?: Effort): JobPlace[] {
  const text = job.constant ?? '';
  if (text === '') return [];
  const isSure = (contexts: Contexts) => isSureToRun(job, contexts, effort);
  const place = { texts: [text], parts: [] };
  const written = { job: job.name, file };
  if (isSure(known.none)) return [{ ...place, written }];
  const isSaid = Object.entries(fixed).some(
    ([name, value]) => String(value).toLowerCase() === text.toLowerCase() && job.asks.includes(name.toLowerCase()),
  );
  if (!isSure(known.all) || (isSaid && isSure(known.fixed))) return [];
  return [{ ...place, ...(isSure(known.ref) && { byRef: true }), written: { ...written, chosen: true } }];
}

/**
 * The places of jobs that may run and come to one text, whatever the `open` inputs are, but for what the file names itself;
 * `effort` is taken off.
 */
export function comesTo({ places, reserved }: DecidingJobs, sent: PartlySent, effort: Effort): string[] {
  if (!places || !isLeft(places, effort)) return [];
  const contexts = contextsOf(places, reserved, sent, sent.open === 'rest' ? 'fixed' : 'all');
  return readJobs(places).flatMap(({ constant, parts, condition }) => {
    if (constant !== null) return [];
    const texts = parts && runs(condition, contexts, effort) ? textsOf(parts, contexts, effort) : null;
    return texts?.length === 1 ? texts : [];
  });
}

/**
 * What jobs come to while one input is empty, or has its default, and nothing is known of the others; nothing where that
 * does not say it.
 */
export function whenLeftOut(places: JobPlaces, reserved: Reserved, name: string): string[] {
  const input = name.toLowerCase();
  const itself = contextsOf(places, reserved, NOTHING_SENT, 'all');
  const others = contextsOf(places, reserved, NOTHING_SENT, 'fixed');
  const contexts: Contexts = (path) => (isInput(path) && path.at(-1) === input ? itself : others)(path);
  const texts = readJobs(places).flatMap(({ environment, parts, condition }) => {
    const isUsed = [...inputsUsedIn(environment)].some((each) => each.toLowerCase() === input);
    return isUsed && parts && runs(condition, contexts) ? (textsOf(parts, contexts) ?? []) : [];
  });
  return [...new Set(texts)].filter((text) => text !== '');
}

/** To look at a job takes as long as so many characters, whatever it asks. */
const LOOK = 50;

function isLeft(places: JobPlaces, effort?: Effort): boolean {
  if (effort && effort.left >= 0) effort.left -= LOOK * (readJobs(places).length + 1) + places.inputs.length;
  return !effort || effort.left >= 0;
}

const NOTHING_SENT: SentWith = { inputs: {}, fixed: {}, revision: { ref: '', refKind: 'branch', sha: '' } };

/** True: nothing keeps it from running. Null: that is not known. */
type Condition = Expr | true | null;

interface ReadJob {
  name: string;
  environment: string;
  parts: Part[] | null;
  condition: Condition;
  /** Of jobs that it needs. */
  after: Condition[];
  /** All of them as they are written, in small letters. */
  asks: string;
  /** What it comes to whatever is sent; null where something else decides that. */
  constant: string | null;
}

/** Where one file's jobs run is asked for many targets. Many of them are often written alike, and say it once. */
const read = new WeakMap<JobPlaces, ReadJob[]>();

function readJobs(places: JobPlaces): ReadJob[] {
  const known = read.get(places);
  if (known) return known;
  const distinct = new Map<string, JobPlaces['jobs'][number]>();
  for (const each of places.jobs) {
    const key = JSON.stringify([each.environment, each.condition, each.after]);
    if (!distinct.has(key)) distinct.set(key, each);
  }
  const nothing = contextsOf(places, { marker: null, sha: null }, NOTHING_SENT, 'fixed');
  const effort = { left: MAX_ALONE };
  const jobs = [...distinct.values()].map(({ name = '', environment, condition, after = [] }) => {
    const parts = templateOf(environment);
    const alone = parts && textsOf(parts, nothing, effort);
    const constant = alone?.length === 1 ? (alone[0] ?? null) : null;
    const asks = [condition, ...after].join(' ').toLowerCase();
    const on = { condition: conditionOf(condition), after: after.map(conditionOf), asks };
    return { name, environment, parts, ...on, constant };
  });
  read.set(places, jobs);
  return jobs;
}

/** Characters of expressions that are read to see which jobs of a file take nothing from outside it. */
const MAX_ALONE = 1_000_000;

/** A text with something behind or before its expression is true, whatever that comes to. */
function conditionOf(condition: string): Condition {
  if (condition.trim() === '') return true;
  const parts = condition.includes('${{') ? templateOf(condition.trim()) : [expressionOf(condition)];
  const [only = null, ...more] = parts ?? [];
  return more.length > 0 ? true : typeof only === 'string' ? null : only;
}

function runs(condition: Condition, contexts: Contexts, effort?: Effort): boolean {
  return !condition || condition === true || isTrue(possible(condition, contexts, effort)) !== false;
}

/** While nothing fails and nobody calls it off. */
const WHILE_ALL_IS_WELL = new Map(
  Object.entries({ 'always()': true, 'success()': true, 'failure()': false, 'cancelled()': false }),
);

function isSureToRun({ condition, after }: ReadJob, contexts: Contexts, effort?: Effort): boolean {
  const well: Contexts = (path) => {
    const is = WHILE_ALL_IS_WELL.get(path.join('.'));
    return is === undefined ? contexts(path) : oneOf(is);
  };
  const isMet = (each: Condition) => each === true || (each !== null && isTrue(possible(each, well, effort)) === true);
  return [condition, ...after].every(isMet);
}

/** All texts that it may be; null where it may be others too. */
function textsOf(parts: readonly Part[], contexts: Contexts, effort?: Effort): string[] | null {
  let made = [''];
  for (const part of parts) {
    const next = typeof part === 'string' ? [part] : known(possible(part, contexts, effort));
    if (!next || made.length * next.length > MAX_TEXTS) return null;
    made = made.flatMap((each) => next.map((text) => each + text));
  }
  return [...new Set(made.map((text) => text.trim().slice(0, MAX_NAME)))];
}

/** What a longer text is put together from: its expressions, and what `format` fills in. */
function piecesOf(parts: readonly Part[]): Expr[] {
  const whole = parts.filter((part) => typeof part !== 'string');
  const filled = whole.flatMap(sidesOf).flatMap((side) => {
    const isFormat = side instanceof FunctionCall && side.functionName.lexeme.toLowerCase() === 'format';
    return isFormat ? side.args.slice(1) : [];
  });
  return parts.length > 1 ? [...whole, ...filled] : filled;
}

function known({ values, open }: Possible): string[] | null {
  return open ? null : values.map((each) => each.coerceString());
}

/** How much is known: all that is sent, the target's settings alone (`fixed`), or those and the branch or tag (`ref`). */
type Known = 'all' | 'fixed' | 'ref';

/** Source: https://docs.github.com/en/actions/reference/workflows-and-actions/contexts */
function contextsOf(places: JobPlaces, reserved: Reserved, sent: SentWith | PartlySent, which: Known): Contexts {
  const { ref, refKind } = sent.revision;
  const chosen = (value: string) => (which === 'fixed' ? ANYTHING : oneOf(value));
  const input = inputValue(places, reserved, sent, which);
  return (path) => {
    if (isInput(path)) return input(path.at(-1) ?? '', path[0] === 'github');
    switch (path.join('.')) {
      case 'github.event_name':
        return oneOf('workflow_dispatch');
      case 'github.ref_name':
        return chosen(ref);
      case 'github.ref_type':
        return chosen(refKind);
      case 'github.ref':
        return chosen(`refs/${refKind === 'branch' ? 'heads' : 'tags'}/${ref}`);
      case 'github.head_ref':
      case 'github.base_ref':
        return oneOf('');
      default:
        return ANYTHING;
    }
  };
}

/** GitHub gives what is not sent its default, else nothing; one that is not declared is empty. What is open may be anything. */
function inputValue(
  places: JobPlaces,
  reserved: Reserved,
  sent: SentWith | PartlySent,
  which: Known,
): (name: string, isOfEvent: boolean) => Possible {
  const declared = new Map(places.inputs.map((each) => [each.name.toLowerCase(), each]));
  const open = 'open' in sent && sent.open !== 'rest' ? sent.open.map((each) => each.toLowerCase()) : [];
  const isOpen = (name: string) => which !== 'all' || open.includes(name);
  const worked = (name: string, isOfEvent: boolean): Possible => {
    const input = declared.get(name);
    if (!input) return oneOf('');
    const settled = named(sent.fixed, name);
    if (input.name === reserved.marker || (settled === undefined && isOpen(name))) return ANYTHING;
    const given = input.name === reserved.sha ? sent.revision.sha : (settled ?? named(sent.inputs, name));
    if (given === undefined && (input.default?.length ?? 0) > MAX_DEFAULT) return ANYTHING;
    return asTyped(input.type, given === undefined ? input.default : String(given), isOfEvent);
  };
  // Every job of a file may ask for the same.
  const found = new Map<string, Possible>();
  return (name, isOfEvent) => {
    const key = `${isOfEvent} ${name}`;
    const value = found.get(key) ?? worked(name, isOfEvent);
    found.set(key, value);
    return value;
  };
}

function named(values: Readonly<Record<string, InputValue>>, name: string): InputValue | undefined {
  return Object.entries(values).find(([each]) => each.toLowerCase() === name)?.[1];
}

/** In `inputs` with its type, in the event as a text; a switch that nobody set is told as false, or as nothing. */
function asTyped(type: FormField['type'], text: string | null, isOfEvent: boolean): Possible {
  const isEmpty = text === null || text === '';
  if (type === 'boolean' && isOfEvent) return isEmpty ? oneOf('', 'false') : oneOf(text);
  if (type === 'boolean') return isEmpty ? oneOf('', false) : oneOf(text === 'true');
  return type === 'number' && !isEmpty && !isOfEvent ? oneOf(text, Number(text)) : oneOf(text ?? '');
}
