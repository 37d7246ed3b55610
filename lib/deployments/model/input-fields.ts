import type { FormField, InputValue } from '@/lib/providers/port';

/** GitHub's limits; https://docs.github.com/en/rest/actions/workflows#create-a-workflow-dispatch-event */
export const MAX_INPUTS = 25;
export const MAX_PAYLOAD_CHARACTERS = 65_535;
/** What marker and commit take of the payload: names, quotes and values. */
const RESERVED_CHARACTERS = 200;
/** A plain decimal number; `0x10`, `1_000` or a blank are not. */
const DECIMAL = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d{1,3})?$/i;

export type Inputs = Record<string, InputValue>;

type Checked = { ok: true; value: InputValue | undefined } | { ok: false; sentence: string };

export interface InputProblem {
  /** Null when it is about the inputs as a whole. */
  name: string | null;
  sentence: string;
}

/** All fields at once: what will be sent, and every problem. The schema wraps it; the form asks it without loading zod. */
export function checkInputs(fields: FormField[], reserved: number, given: unknown) {
  const entries: [string, InputValue][] = [];
  const whole = (sentence: string) => ({ entries, problems: [{ name: null, sentence }] satisfies InputProblem[] });
  if (typeof given !== 'object' || given === null || Array.isArray(given)) {
    return whole('Send the inputs as names with values.');
  }
  if (fields.length + reserved > MAX_INPUTS) {
    return whole(`The workflow declares more than ${MAX_INPUTS} inputs. Remove some from its file.`);
  }
  const problems: InputProblem[] = unknownNames(fields, given);
  for (const field of fields) {
    const checked = checkField(field, Object.hasOwn(given, field.name) ? Reflect.get(given, field.name) : undefined);
    if (!checked.ok) problems.push({ name: field.name, sentence: checked.sentence });
    else if (checked.value !== undefined) entries.push([field.name, checked.value]);
  }
  const over = payloadLength(entries) + (reserved > 0 ? RESERVED_CHARACTERS : 0) - MAX_PAYLOAD_CHARACTERS;
  if (over > 0) {
    const sentence = `The inputs together are ${over.toLocaleString('en')} characters too long. Shorten the longest one.`;
    problems.push({ name: null, sentence });
  }
  return { entries, problems };
}

function unknownNames(fields: FormField[], given: object): InputProblem[] {
  const declared = new Set(fields.map((field) => field.name));
  return Object.keys(given)
    .filter((name) => !declared.has(name))
    .map((name) => ({ name, sentence: 'The workflow has no such input at this revision. Load the form again.' }));
}

/** What a fresh form shows. A choice without a default starts unchosen, so that nobody deploys the first by accident. */
export function defaultInputs(fields: FormField[]): Inputs {
  return Object.fromEntries(
    fields.map((field) => [field.name, field.default ?? (field.type === 'boolean' ? false : '')]),
  );
}

/** One field's value as it will be sent, or the sentence that says what is wrong with it. */
export function checkField(field: FormField, raw: unknown): Checked {
  // A default that was cleared on purpose is sent as empty text; left out, it would come back.
  const cleared = raw === '' && field.type === 'string' && field.default !== null;
  if (cleared && !field.required) return { ok: true, value: '' };
  const value = raw ?? field.default;
  if (value === null || value === '') {
    return field.required ? { ok: false, sentence: 'This is required.' } : { ok: true, value: undefined };
  }
  switch (field.type) {
    case 'boolean':
      return checkBoolean(value);
    case 'number':
      return checkNumber(value);
    case 'choice':
    case 'environment':
      return checkChoice(field, value);
    case 'string':
      return checkText(value);
  }
}

function checkBoolean(value: unknown): Checked {
  if (value === true || value === 'true') return { ok: true, value: true };
  if (value === false || value === 'false') return { ok: true, value: false };
  return { ok: false, sentence: 'Choose yes or no (true or false).' };
}

function checkNumber(value: unknown): Checked {
  const text = typeof value === 'string' ? value.trim() : '';
  const number = typeof value === 'number' ? value : DECIMAL.test(text) ? Number(text) : Number.NaN;
  if (!Number.isFinite(number)) return { ok: false, sentence: 'Write a number, such as 5 or 0.25.' };
  // Minus zero would be sent as 0 but compared as different.
  return { ok: true, value: number === 0 ? 0 : number };
}

function checkChoice(field: FormField, value: unknown): Checked {
  if (typeof value !== 'string') return { ok: false, sentence: 'Choose one of the options.' };
  // The repository's environments may be hidden from this credential; then any name goes and the vendor decides.
  if (field.options.length === 0 && field.type === 'environment') return checkText(value);
  if (field.options.includes(value)) return { ok: true, value };
  const few = field.options.slice(0, 5).join(', ');
  return { ok: false, sentence: `Choose one of the options: ${few}${field.options.length > 5 ? ', …' : '.'}` };
}

function checkText(value: unknown): Checked {
  if (typeof value !== 'string') return { ok: false, sentence: 'Write text.' };
  if (!value.isWellFormed() || value.includes('\0'))
    return { ok: false, sentence: 'It contains a character that cannot be sent. Type it again.' };
  return { ok: true, value };
}

/** Length of the JSON that is sent, in UTF-16 units: never less than what any vendor counts as characters. */
export function payloadLength(entries: Iterable<[string, InputValue]>): number {
  return JSON.stringify(Object.fromEntries([...entries].map(([name, value]) => [name, String(value)]))).length;
}
