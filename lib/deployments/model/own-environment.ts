import type { FormField, InputValue, JobPlace } from '@/lib/providers/port';

/** What environments are called: by us, and in inputs that targets of the same repository fix. In small letters. */
export interface EnvironmentWords {
  /** Name of the target's environment, for sentences. */
  label: string;
  /** Slug and name, the slug first. */
  own: readonly string[];
  /** Word → name of the other environment that it means. A word of the own one is never among them. */
  others: ReadonlyMap<string, string>;
}

/** What the targets of the repository say of a place that is worked out. */
export interface TargetsThere {
  /** The settings of a target of the own environment lead there, whatever is filled in. */
  isOwn(text: string): boolean;
  /** Name of another environment of which a target goes there, as far as is known; null = of none. */
  ownerOf(text: string): string | null;
  /** Whether a target of the environment of this name may come there, also where that is not known. */
  mayBeOf(text: string, environment: string): boolean;
}

/** An input that says where a run goes: by its type, or called so. Capitals do not matter, as at GitHub. */
export function namesEnvironment({ name, type }: Pick<FormField, 'name' | 'type'>): boolean {
  if (type === 'environment') return true;
  return (type === 'choice' || type === 'string') && isCalledEnvironment(name);
}

export const isCalledEnvironment = (name: string): boolean => name.toLowerCase() === 'environment';

/** The form with its environment inputs at the target's own: where it is offered, nothing else is left to choose. */
export function inOwnEnvironment(fields: readonly FormField[], words: EnvironmentWords): FormField[] {
  return fields.map((field) => {
    if (!namesEnvironment(field)) return field;
    const own = offered(field, words);
    if (own !== null) return { ...field, options: [own], default: own };
    const leadsAway = meantWhenEmpty(field).some((value) => words.others.has(wordOf(value)));
    const open = field.options.length === 0 && (leadsAway || (field.required && !field.default));
    if (open) return { ...field, default: words.own[0] ?? null };
    return leadsAway ? { ...field, default: null, required: true } : field;
  });
}

/** What a run has in it when nothing is said. */
const meantWhenEmpty = (field: FormField): readonly InputValue[] =>
  field.default ? [field.default] : (field.whenEmpty ?? []);

/** Whether nothing but the target's own environment is left of an input, so that it is only shown. */
export function isDecided(field: FormField): boolean {
  return namesEnvironment(field) && field.options.length === 1 && field.default === field.options[0];
}

/** Nothing chosen means the own one, not whatever the workflow falls back to. */
export function withoutBlanks(
  fields: readonly FormField[],
  values: Record<string, InputValue>,
): Record<string, InputValue> {
  const named = new Set(fields.filter(namesEnvironment).map(({ name }) => name));
  return Object.fromEntries(Object.entries(values).filter(([name, value]) => !(named.has(name) && value === '')));
}

/**
 * Why a value of the form would lead to another environment than the target's; null where none does. `fields` as the
 * provider declares them. What is left out is what the workflow falls back to, so that counts, unless the own one is filled in.
 */
export function leadsElsewhere(
  fields: readonly FormField[],
  words: EnvironmentWords,
  values: Record<string, InputValue>,
): string | null {
  for (const field of fields.filter(namesEnvironment)) {
    const given = Object.hasOwn(values, field.name) ? values[field.name] : undefined;
    const filled = inOwnEnvironment([field], words)[0]?.default;
    const blank = filled ? [filled] : meantWhenEmpty(field);
    const away = (given === undefined || given === '' ? blank : [given]).find((value) =>
      isElsewhere(field, words, value),
    );
    if (away !== undefined) return otherEnvironment(field.name, String(away), words);
  }
  return null;
}

/** The same of what was filled in before, without a form: only words of other environments are known to lead there. */
export function sentElsewhere(words: EnvironmentWords, values: Readonly<Record<string, InputValue>>): string | null {
  const found = Object.entries(values).find(([, value]) => words.others.has(wordOf(value)));
  return found ? otherEnvironment(found[0], String(found[1]), words) : null;
}

const NO_TARGETS: TargetsThere = { isOwn: () => false, ownerOf: () => null, mayBeOf: () => false };

/**
 * Why a job of the workflow would run in another environment, by what is filled in and the ref; null where none is known to. One
 * that may run in several places runs elsewhere where each of them is another environment's, by its name or by its targets.
 */
export function runsElsewhere(
  words: EnvironmentWords,
  places: readonly JobPlace[],
  targets: TargetsThere = NO_TARGETS,
): string | null {
  const isAway = (text: string) => words.others.has(wordOf(text));
  const isOwn = (text: string) => words.own.includes(wordOf(text));
  const ownerOf = (text: string) => {
    const owner = text === '' || isOwn(text) ? null : targets.ownerOf(text);
    return owner === null ? null : `“${text}”, where a target of ${owner} may go`;
  };
  /** Beside the own word another one says nothing, unless a target of that environment may come to the very place. */
  const isMeant = ({ texts, parts }: JobPlace, part: string) =>
    texts.every(targets.isOwn) ||
    (parts.some(isOwn) && !texts.some((text) => targets.mayBeOf(text, words.others.get(wordOf(part)) ?? '')));
  for (const place of places) {
    const { texts, parts, written } = place;
    const [first] = texts;
    if (first === undefined || written) continue;
    const part = texts.some(isOwn) ? undefined : parts.find((each) => isAway(each) && !isMeant(place, each));
    if (part !== undefined) return otherJob(place, first, thereOf(first, part, words), words);
    const there = texts.map((text) => (isAway(text) ? thereOf(text, text, words) : ownerOf(text)));
    if (there[0] && there.every((each) => each !== null)) return otherJob(place, first, there[0], words);
  }
  return null;
}

/**
 * Why a job would run in another environment because the file names that itself; null where none does. No settings are asked
 * whose place it is by them: it is theirs only where those of a target of the own environment lead there by an expression.
 */
export function writtenElsewhere(
  words: EnvironmentWords,
  places: readonly JobPlace[],
  { isOwn }: Pick<TargetsThere, 'isOwn'> = NO_TARGETS,
): string | null {
  for (const place of places) {
    const { written, texts } = place;
    const [text = ''] = texts;
    if (!written || !words.others.has(wordOf(text)) || isOwn(text)) continue;
    const there = thereOf(text, text, words);
    return written.chosen ? otherJob(place, text, there, words) : namedByFile(written, there, words);
  }
  return null;
}

function isElsewhere(field: FormField, words: EnvironmentWords, value: InputValue): boolean {
  const word = wordOf(value);
  if (word === '') return false;
  const own = offered(field, words);
  return own === null ? words.others.has(word) : word !== wordOf(own);
}

function offered({ options }: FormField, { own }: EnvironmentWords): string | null {
  for (const word of own) {
    const found = options.find((option) => wordOf(option) === word);
    if (found !== undefined) return found;
  }
  return null;
}

const wordOf = (value: InputValue | null | undefined): string => String(value ?? '').toLowerCase();

function otherEnvironment(input: string, value: string, words: EnvironmentWords): string {
  const there = thereOf(value, value, words);
  return `This target is ${words.label}, and its input “${input}” would send it to ${there}. Deploy through that environment’s own target. If “${value}” is what ${words.label} is called there, an administrator fixes the input in the target’s settings.`;
}

function otherJob({ byRef, written }: JobPlace, text: string, there: string, { label }: EnvironmentWords): string {
  const job = jobOf(written);
  if (byRef)
    return `This target is ${label}, and from this branch or tag ${job} would run in ${there}. Choose a branch or tag that leads to ${label}, or deploy through that environment’s own target.`;
  const sentence = `This target is ${label}, and with these inputs, from this branch or tag, ${job} would run in ${there}. Fill in what leads to ${label}, or deploy through that environment’s own target.`;
  if (written) return sentence;
  return `${sentence} If “${text}” is what ${label} is called there, an administrator fixes the inputs that lead to it in the target’s settings.`;
}

function namedByFile(written: JobPlace['written'], there: string, { label }: EnvironmentWords): string {
  return `This target is ${label}, and ${jobOf(written)} would run in ${there}, whatever is filled in: its file says so. Give that job an “if:” on an input, or ${label} a workflow of its own; choose a branch or tag whose file says otherwise; or deploy through that environment’s own target.`;
}

/** Of those that were kept before, names are not known. */
const jobOf = (written: JobPlace['written']): string =>
  written?.job ? `the job “${written.job}” of ${written.file}` : 'a job of its workflow';

/** `text` is what it is called there, and `word` in it what we know it by. */
function thereOf(text: string, word: string, { others }: EnvironmentWords): string {
  const where = others.get(wordOf(word));
  return where && wordOf(where) !== wordOf(text) ? `${where} (“${text}”)` : `“${text}”`;
}
