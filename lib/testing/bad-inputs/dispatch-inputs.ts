// biome-ignore-all lint/suspicious/noTemplateCurlyInString: these are somebody else's expressions and must stay text.
import type { FormField } from '@/lib/providers/port';

function field(name: string, type: FormField['type'], more: Partial<FormField> = {}): FormField {
  return { name, type, description: '', required: false, default: null, options: [], ...more };
}

export const FIELDS: FormField[] = [
  field('level', 'choice', { options: ['info', 'debug'] }),
  field('env', 'environment', { options: ['staging', 'production'] }),
  field('text', 'string'),
  field('must', 'string', { required: true, default: null }),
  field('count', 'number'),
  field('dry', 'boolean'),
];

/** D7: values for a workflow's inputs. `ok` = sent exactly as `sent` says (as given when left out). */
export type InputCase = {
  name: string;
  given: unknown;
  is: 'ok' | 'refused';
  sent?: Record<string, unknown>;
  fields?: FormField[];
};

const ok = (name: string, given: Record<string, unknown>, sent?: Record<string, unknown>): InputCase => ({
  name,
  given: { must: 'x', ...given },
  is: 'ok',
  sent: { must: 'x', ...(sent ?? given) },
});
const no = (name: string, given: Record<string, unknown>): InputCase => ({
  name,
  given: { must: 'x', ...given },
  is: 'refused',
});
const many = (count: number): FormField[] => Array.from({ length: count }, (_, at) => field(`i${at}`, 'string'));

export const DISPATCH_INPUTS: InputCase[] = [
  ok('a choice', { level: 'info' }),
  no('a choice outside the options', { level: 'trace' }),
  no('a choice in another case', { level: 'INFO' }),
  no('a choice with a space', { level: 'info ' }),
  no('a choice as a list', { level: ['info'] }),
  no('a choice as a number', { level: 0 }),
  ok('an environment', { env: 'staging' }),
  no('an environment that is not there', { env: 'prod' }),
  ok('a number', { count: 5 }),
  ok('a number as text', { count: '5' }, { count: 5 }),
  ok('a fraction', { count: '0.25' }, { count: 0.25 }),
  ok('a number with an exponent', { count: '1e3' }, { count: 1000 }),
  no('NaN', { count: Number.NaN }),
  no('infinity', { count: Number.POSITIVE_INFINITY }),
  no('a number too large for one', { count: '1e309' }),
  no('a hexadecimal number', { count: '0x10' }),
  no('an octal number', { count: '0o17' }),
  no('a number with an underscore', { count: '1_000' }),
  no('a number with a comma', { count: '1,5' }),
  no('words for a number', { count: 'two' }),
  no('a full-width number', { count: '５' }),
  no('a list for a number', { count: [5] }),
  no('NaN as text', { count: 'NaN' }),
  no('Infinity as text', { count: 'Infinity' }),
  ok('true', { dry: true }),
  ok('true as text', { dry: 'true' }, { dry: true }),
  no('True of another language', { dry: 'True' }),
  no('one for true', { dry: 1 }),
  no('one as text for true', { dry: '1' }),
  no('yes for true', { dry: 'yes' }),
  ok('an empty optional text', { text: '' }, {}),
  { name: 'a required text left out', given: {}, is: 'refused' },
  { name: 'a required text that is empty', given: { must: '' }, is: 'refused' },
  { name: 'a required text that is null', given: { must: null }, is: 'refused' },
  no('an unknown name', { extra: 'x' }),
  no('a name that belongs to objects', { toString: 'x' }),
  no('a constructor', { constructor: 'x' }),
  { name: 'a prototype from JSON', given: JSON.parse('{"must":"x","__proto__":{"level":"info"}}'), is: 'refused' },
  { name: 'values behind a prototype', given: Object.create({ must: 'x' }), is: 'refused' },
  { name: 'nothing', given: undefined, is: 'refused' },
  { name: 'null', given: null, is: 'refused' },
  { name: 'a list', given: ['x'], is: 'refused' },
  { name: 'a text', given: 'must=x', is: 'refused' },
  ok('a line break', { text: 'a\nb' }),
  ok('a command of a shell', { text: '$(rm -rf /)' }),
  ok('backticks', { text: '`id`' }),
  ok('an expression', { text: '${{ secrets.TOKEN }}' }),
  ok('a leading dash', { text: '--force' }),
  ok('a quote', { text: `'"; echo` }),
  ok('markup', { text: '<script>alert(1)</script>' }),
  ok('a text from right to left', { text: '\u202egnp.exe' }),
  ok('an emoji of several parts', { text: '👩‍👩‍👧‍👦' }),
  ok('a mark over a letter', { text: 'e\u0301' }),
  no('a value that is an object', { text: { a: 1 } }),
  no('a number for a text', { text: 5 }),
  ok('as many characters as fit', { text: 'x'.repeat(65_400) }),
  no('one character too many', { text: 'x'.repeat(65_536) }),
  no('too many characters of two units', { text: '😀'.repeat(33_000) }),
  no('too many marks', { text: `e${'\u0301'.repeat(65_600)}` }),
  no('too many quotes, which are written twice', { text: '"'.repeat(33_000) }),
  no('too many control characters, which are written sixfold', { text: '\u0001'.repeat(11_000) }),
  { name: '25 inputs', fields: many(25), given: { i0: 'x' }, is: 'ok', sent: { i0: 'x' } },
  { name: '26 inputs', fields: many(26), given: { i0: 'x' }, is: 'refused' },
  {
    name: '25 values together too long',
    fields: many(25),
    given: Object.fromEntries(many(25).map((each) => [each.name, 'x'.repeat(2_700)])),
    is: 'refused',
  },
];

/** Names of refs, with what becomes of them. */
export const REF_NAMES: [string, boolean][] = [
  ['main', true],
  ['feature/a-b_c.d', true],
  ['v1.2.3', true],
  ['refs/pull/1/merge', true],
  ['a'.repeat(255), true],
  ['a'.repeat(300), false],
  ['', false],
  ['-f', false],
  ['/main', false],
  ['main/', false],
  ['a..b', false],
  ['a//b', false],
  ['a.lock', false],
  ['a b', false],
  ['a\nb', false],
  ['a\u0000b', false],
  ['a:b', false],
  ['a^', false],
  ['a~1', false],
  ['a@{1}', false],
  ['a\\b', false],
  ['a*', false],
  ['a?', false],
  ['a[', false],
];
