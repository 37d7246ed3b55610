/** D5: workflow files that somebody with write access to a repository may have written. `form` = it is read. */
export interface WorkflowCase {
  name: string;
  text: string;
  is: 'form' | 'refused';
}

const dispatch = (inputs: string) => `on:\n  workflow_dispatch:\n    inputs:\n${inputs.replace(/^/gm, '      ')}\n`;
const many = (count: number, line: (at: number) => string) =>
  Array.from({ length: count }, (_, at) => line(at)).join('\n');
const aliasBomb = [
  'a0: &a0 [x, x, x, x, x, x, x, x, x]',
  ...Array.from({ length: 9 }, (_, at) => `a${at + 1}: &a${at + 1} [${Array(9).fill(`*a${at}`).join(', ')}]`),
  'on: workflow_dispatch',
].join('\n');
const flow = (depth: number) => `x: ${'['.repeat(depth)}${']'.repeat(depth)}\non: workflow_dispatch\n`;
const nested = (depth: number) => `${many(depth, (at) => `${' '.repeat(at)}k:`)}\n`;

export const WORKFLOW_FILES: WorkflowCase[] = [
  { name: 'nine levels of aliases', text: aliasBomb, is: 'refused' },
  { name: 'an alias of itself', text: 'a: &a [*a]\non: workflow_dispatch\n', is: 'form' },
  { name: 'a mapping that holds itself', text: 'on: &a\n  workflow_dispatch:\n    inputs: *a\n', is: 'form' },
  { name: '21 aliases', text: `a: &a 1\n${many(21, (at) => `b${at}: *a`)}\non: workflow_dispatch\n`, is: 'refused' },
  { name: '20 aliases', text: `a: &a 1\n${many(20, (at) => `b${at}: *a`)}\non: workflow_dispatch\n`, is: 'form' },
  { name: 'brackets 40 deep', text: flow(40), is: 'form' },
  { name: 'brackets 100 deep', text: flow(100), is: 'refused' },
  { name: 'brackets 101 deep', text: flow(101), is: 'refused' },
  { name: 'brackets 1,000 deep', text: flow(1_000), is: 'refused' },
  { name: 'brackets 20,000 deep', text: flow(20_000), is: 'refused' },
  { name: 'braces 20,000 deep', text: `x: ${'{a: '.repeat(20_000)}`, is: 'refused' },
  { name: 'mappings 1,000 deep', text: nested(1_000), is: 'refused' },
  { name: 'list marks 20,000 deep', text: `${'- '.repeat(20_000)}x`, is: 'refused' },
  { name: 'question marks 20,000 deep', text: `${'? '.repeat(20_000)}x`, is: 'refused' },
  {
    name: 'a chain of merges',
    text: `a0: &a0 {k: 1}\n${many(15, (at) => `a${at + 1}: &a${at + 1}\n  <<: *a${at}`)}\non: workflow_dispatch\n`,
    is: 'form',
  },
  {
    name: 'merges of many keys',
    text: `a: &a {${Array.from({ length: 600 }, (_, at) => `k${at}: 1`).join(', ')}}\nb:\n  <<: [*a, *a]\non: workflow_dispatch\n`,
    is: 'form',
  },
  { name: 'a prototype at the top', text: '__proto__: {dispatch: 1}\non: workflow_dispatch\n', is: 'form' },
  { name: 'a prototype among the triggers', text: 'on:\n  __proto__: {workflow_dispatch: {}}\n', is: 'refused' },
  { name: 'a prototype as an input', text: dispatch('__proto__: {type: string}'), is: 'refused' },
  { name: 'a constructor as an input', text: dispatch('constructor: {type: string}'), is: 'form' },
  { name: 'the trigger as a true key', text: 'true: workflow_dispatch\n', is: 'form' },
  { name: 'a key twice', text: 'on: push\non: workflow_dispatch\n', is: 'refused' },
  { name: 'an input twice', text: dispatch('a: {type: string}\na: {type: number}'), is: 'refused' },
  { name: '5 MB', text: `# ${'x'.repeat(5 * 1024 * 1024)}\non: workflow_dispatch\n`, is: 'refused' },
  { name: '100,000 keys', text: `${many(100_000, (at) => `k${at}: 1`)}\non: workflow_dispatch\n`, is: 'form' },
  { name: '50,000 keys', text: `${many(50_000, (at) => `k${at}: 1`)}\non: workflow_dispatch\n`, is: 'form' },
  { name: 'a tag of JavaScript', text: 'on: !!js/function "function () {}"\n', is: 'refused' },
  {
    name: 'a tag of a language',
    text: 'x: !!python/object/apply:os.system [ls]\non: workflow_dispatch\n',
    is: 'refused',
  },
  { name: 'tabs for spaces', text: 'on:\n\tworkflow_dispatch:\n', is: 'refused' },
  { name: 'line ends of Windows', text: 'on:\r\n  workflow_dispatch:\r\n', is: 'form' },
  { name: 'a byte order mark', text: '\ufeffon: workflow_dispatch\n', is: 'form' },
  { name: 'a next-line character', text: 'on: workflow_dispatch\u0085x: 1\n', is: 'refused' },
  { name: 'a NUL', text: 'on: workflow_dispatch\u0000\n', is: 'refused' },
  { name: '26 inputs', text: dispatch(many(26, (at) => `i${at}: {type: string}`)), is: 'refused' },
  { name: '25 inputs', text: dispatch(many(25, (at) => `i${at}: {type: string}`)), is: 'form' },
  { name: 'a choice without options', text: dispatch('level: {type: choice}'), is: 'refused' },
  { name: 'a default of another type', text: dispatch('dry: {type: boolean, default: {a: 1}}'), is: 'form' },
  { name: 'a description of 10 KB', text: dispatch(`a: {description: "${'x'.repeat(10_240)}"}`), is: 'form' },
  { name: 'an expression as description', text: dispatch(`a: {description: "\${{ secrets.TOKEN }}"}`), is: 'form' },
  { name: 'no mapping at all', text: 'just words', is: 'refused' },
];
