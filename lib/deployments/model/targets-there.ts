import type { InputValue, JobPlace, JobPlaces, SentWith } from '@/lib/providers/port';
import {
  type EnvironmentWords,
  namesEnvironment,
  runsElsewhere,
  sentElsewhere,
  type TargetsThere,
} from './own-environment';

type Values = Readonly<Record<string, InputValue>>;

/** A target of the same repository. */
export interface Neighbour {
  /** What environments are called, from its own. */
  words: EnvironmentWords;
  isOwn: boolean;
  /** What its settings fix. */
  fixed: Values;
  /** It runs the same file, so it is known where its settings lead. */
  isFollowed: boolean;
}

/** A run that is asked about, and how its file is worked out with other inputs. */
export interface AskedRun {
  sent: SentWith;
  /** All that its jobs may ask for, but for what we fill in ourselves. */
  inputs: JobPlaces['inputs'];
  leadsTo(sent: SentWith): JobPlace[];
  /** Places that are certain, whatever the `open` inputs are that nothing fixes. */
  comesTo(sent: SentWith, open: readonly string[] | 'rest'): string[];
  /** More was asked than is worked out. */
  isSpent(): boolean;
}

/** A run that a neighbour may be sent on, and where it goes. */
interface Trial {
  sent: SentWith;
  /** In small letters. */
  texts: ReadonlySet<string>;
  /** Open inputs that have a word of its environment. */
  named: string[];
}

/** What stands for any value that the file does not know. */
const UNKNOWN = 'x-8f1d0c2e-unknown';

/**
 * Where the targets of a repository go by the same file. Another one's place is where it comes to with what its settings fix
 * and what its environment is called, while the rest is as it was sent here or left out; not where it would be refused itself,
 * and not where a target of the own environment comes to without any of that being filled in. What is not worked out counts.
 */
export function targetsThere(run: AskedRun, neighbours: readonly Neighbour[]): TargetsThere {
  const followed = neighbours.filter(({ isFollowed }) => isFollowed);
  const own = followed.filter(({ isOwn }) => isOwn);
  const others = neighbours.filter(({ isOwn }) => !isOwn);
  const filled = asDeclared(run);
  const known = new Map<Neighbour, Trial[]>();
  const ownWords = [...new Set(own.flatMap(({ words }) => words.own))];
  const trialsOf = (each: Neighbour): Trial[] => {
    const found = known.get(each) ?? (run.isSpent() ? [] : trials(run, each, filled));
    known.set(each, found);
    return found;
  };
  const alone = new Map<Neighbour, string[]>();
  const leadsAlone = (each: Neighbour): string[] => {
    const found = alone.get(each) ?? run.comesTo({ ...run.sent, fixed: each.fixed }, 'rest');
    alone.set(each, found);
    return found;
  };
  const isClaimed = (each: Neighbour, trial: Trial, text: string): boolean => {
    if (!trial.texts.has(wordOf(text))) return false;
    const decided = decidedBy({ run, filled, ownWords }, each, trial, text);
    const comesTo = ({ fixed }: Neighbour) => run.comesTo({ ...run.sent, inputs: filled, fixed }, decided);
    return decided.length > 0 && !own.some((one) => has(comesTo(one), text)) && isTaken(run, each, trial, text);
  };
  const goesTo = (each: Neighbour, text: string) => trialsOf(each).some((trial) => isClaimed(each, trial, text));
  const mayCome = (each: Neighbour, text: string) => trialsOf(each).some(({ texts }) => texts.has(wordOf(text)));
  return {
    isOwn: (text) => own.some((each) => has(leadsAlone(each), text)),
    ownerOf: (text) =>
      others.find((each) => each.isFollowed && (goesTo(each, text) || run.isSpent()))?.words.label ?? null,
    mayBeOf: (text, environment) =>
      others
        .filter(({ words }) => words.label === environment)
        .some((each) => !each.isFollowed || mayCome(each, text) || run.isSpent()),
  };
}

/**
 * As it was sent, with nothing filled in, and with its own environment wherever that is asked for; and each of them with one of
 * that one's words in one input more.
 */
function trials(run: AskedRun, { words, fixed }: Neighbour, filled: Values): Trial[] {
  const open = run.inputs.filter((each) => isText(each) && !isIn(fixed, each.name));
  const one = open.flatMap(({ name }) => words.own.map((word) => ({ [name]: word })));
  const goals = open.filter(namesEnvironment).map(({ name }) => [name, words.own[0] ?? ''] as const);
  const given = Object.fromEntries(Object.entries(filled).filter(([name]) => !isIn(fixed, name)));
  const bases: Values[] = [given, {}, { ...given, ...Object.fromEntries(goals) }];
  const inputs = bases.flatMap((base) => [base, ...one.map((each) => ({ ...base, ...each }))]);
  const distinct = new Map(inputs.map((values) => [JSON.stringify(values), values]));
  return [...distinct.values()].map((values) => {
    const named = open.map(({ name }) => name).filter((name) => words.own.includes(wordOf(values[name])));
    const sent = { ...run.sent, inputs: values, fixed };
    return { sent, texts: new Set(run.comesTo(sent, []).map(wordOf)), named };
  });
}

/**
 * What its settings and the words of its environment decide. A word that nobody sent counts only where the file makes a
 * difference of it: one that it does not know, or one of the own environment, would lead elsewhere.
 */
function decidedBy(
  { run, filled, ownWords }: { run: AskedRun; filled: Values; ownWords: readonly string[] },
  { fixed }: Neighbour,
  { sent, named }: Trial,
  text: string,
): string[] {
  const said = named.filter((name) => wordOf(filled[name]) === wordOf(sent.inputs[name]));
  const put = named.filter((name) => !said.includes(name));
  const comesWith = (word: string) =>
    has(
      run.comesTo({ ...sent, inputs: { ...sent.inputs, ...Object.fromEntries(put.map((name) => [name, word])) } }, []),
      text,
    );
  const isKnown = put.length > 0 && ![UNKNOWN, ...ownWords].every(comesWith);
  return [...Object.keys(fixed), ...said, ...(isKnown ? put : [])];
}

/** Whether it would be let through from there to this place, by words alone. */
function isTaken(run: AskedRun, { words, fixed }: Neighbour, { sent }: Trial, text: string): boolean {
  const asked = run.inputs.filter((each) => namesEnvironment(each) && !isIn(fixed, each.name));
  const values = asked.flatMap(({ name }) => {
    const value = sent.inputs[name];
    return value === undefined ? [] : [[name, value] as const];
  });
  const places = run.leadsTo(sent).filter(({ texts }) => has(texts, text));
  return sentElsewhere(words, Object.fromEntries(values)) === null && runsElsewhere(words, places) === null;
}

/** What it is sent with, by the names that the file has for it. */
function asDeclared({ sent, inputs }: AskedRun): Values {
  const given = new Map(
    [...Object.entries(sent.inputs), ...Object.entries(sent.fixed)].map(([name, value]) => [name.toLowerCase(), value]),
  );
  return Object.fromEntries(
    inputs.flatMap(({ name }) => {
      const value = given.get(name.toLowerCase());
      return value === undefined ? [] : [[name, value]];
    }),
  );
}

const isText = ({ type }: JobPlaces['inputs'][number]): boolean => type !== 'boolean' && type !== 'number';
const wordOf = (value: InputValue | undefined): string => String(value ?? '').toLowerCase();
const isIn = (values: Values, name: string): boolean =>
  Object.keys(values).some((each) => each.toLowerCase() === name.toLowerCase());
/** Capitals do not matter in an environment's name. */
const has = (texts: readonly string[], text: string): boolean => texts.some((each) => wordOf(each) === wordOf(text));
