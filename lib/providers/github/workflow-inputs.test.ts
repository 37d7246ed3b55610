// biome-ignore-all lint/suspicious/noTemplateCurlyInString: these are the vendor's expressions and must stay text.
import { expect, test } from 'vitest';
import { oneValue } from './expressions';
import { settingsNamedIn, takesUnnamed } from './settings-named';
import { placeOf } from './target';
import { resolved } from './workflow-calls';
import { environmentsOf } from './workflow-file';
import { inputsOf } from './workflow-inputs';
import { factsOf } from './workflow-records';

const FORM =
  'on: { workflow_dispatch: { inputs: { environment: { default: "" }, place: { type: environment, default: staging }, stage: { default: github-pages }, free: {} } } }';
const place = (inputs: Record<string, string | number>) =>
  placeOf({ repository: 'acme/app', workflow: 'x.yml', defaultRef: 'main', inputs });

test.each([
  ['what the target fixes, whatever the capitals', { Stage: 'live' }, 'stage', 'live', false],
  ['the same the other way round, and a number', { stage: 2024 }, 'STAGE', '2024', false],
  ['our word for one called environment', {}, 'environment', 'production', false],
  ['our word, with a doubt where the form offers another', {}, 'place', 'production', true],
  ['what the form offers, and a person may choose another', {}, 'stage', 'github-pages', true],
  ['nobody’s guess', {}, 'free', null, true],
  ['nobody’s guess where two spellings are fixed', { Stage: 'a', stage: 'b' }, 'stage', 'github-pages', true],
])('an input is %s', (_, fixed, name, value, doubted) => {
  const { input, doubts } = inputsOf(FORM, place(fixed), 'production');
  expect([input(name), doubts.size > 0]).toEqual([value, doubted]);
});

test('a number names an environment as well as a text does', () => {
  const jobs = 'jobs: { a: { environment: 2024 }, b: { environment: { name: true } }, c: { environment: "" } }';
  expect(environmentsOf(jobs, 'x.yml')).toEqual(['2024', 'true']);
  expect(factsOf(jobs, 'x.yml').environmentJob).toBe('a');
});

test.each([
  ["${{ inputs.a-b || 'it''s' }}", { store: 'inputs', name: 'a-b', isOfEvent: false, otherwise: "it's" }],
  ["${{github.event.inputs['a']}}", { store: 'inputs', name: 'a', isOfEvent: true, otherwise: null }],
  ["${{ vars.X || '' }}", { store: 'vars', name: 'X', isOfEvent: false, otherwise: '' }],
  ['${{ inputs.a || inputs.b }}', null],
  ["x ${{ inputs.a || 'b' }}", null],
  ["${{ inputs.a || 'b' }}${{ inputs.c }}", null],
  ["${{ github.event.vars.X || 'b' }}", null],
])('one value is read as %s says', (text, is) => {
  expect(oneValue(text)).toEqual(is);
});

test.each([
  ['production', 'production'],
  ['', 'staging'],
  [null, null],
])('an input that is %j is %j in a run whose file falls back to another', (given, is) => {
  const file = { input: () => given, event: () => given };
  expect(resolved("${{ inputs.environment || 'staging' }}", file)).toBe(is);
  expect(resolved("${{ vars.PLACE || 'staging' }}", file)).toBeNull();
});

test('what is compared, stands behind a fallback, or only in a condition or an address is named as optional', () => {
  const text = [
    "if: vars.ONLY_IF == 'x'",
    'url: ${{ vars.ADDRESS }}',
    "run: ${{ vars.NAME || 'x' }} ${{ secrets.KEY }} ${{ secrets.KEY || '' }}",
    "if: vars.LOOKED != ''",
    'env: ${{ vars.LOOKED }}',
  ].join('\n');
  const named = settingsNamedIn(text).map(({ name, optional = false }) => [name, optional]);
  expect(Object.fromEntries(named)).toEqual({ ADDRESS: true, KEY: false, LOOKED: true, NAME: true, ONLY_IF: true });
});

test.each([
  ['${{ vars.OWN || vars.OF_ALL }}', { OWN: ['OF_ALL'], OF_ALL: 'optional' }],
  ["${{ vars.OWN || vars['b'] || vars.C }}", { OWN: ['B', 'C'], B: 'optional', C: 'optional' }],
  ["${{ format('{0}', secrets.A || secrets.B) }}", { A: ['B'], B: 'optional' }],
  ["${{ vars.OWN || vars.OF_ALL || '' }}", { OWN: 'optional', OF_ALL: 'optional' }],
  ["${{ vars.OWN || vars.OF_ALL }} ${{ vars.OWN || '' }}", { OWN: ['OF_ALL'], OF_ALL: 'optional' }],
  ['${{ vars.OWN || vars.OF_ALL }} ${{ vars.OF_ALL }}', { OWN: ['OF_ALL'], OF_ALL: 'asked' }],
  ['${{ vars.OWN || vars.OF_ALL }} ${{ vars.OWN }}', { OWN: 'asked', OF_ALL: 'optional' }],
  // A condition decides which of the two is wanted, so that the other one is of no help.
  ['${{ inputs.live && secrets.A || secrets.B }}', { A: 'optional', B: 'asked' }],
  ['${{ secrets.OWN || secrets.GITHUB_TOKEN }}', { OWN: 'optional' }],
  ['${{ secrets.A || vars.B }}', { A: 'optional', B: 'asked' }],
])('where several names stand for one value, one of them is enough: %s', (text, is) => {
  const named = settingsNamedIn(text).map(({ name, optional, or }) => [name, or ?? (optional ? 'optional' : 'asked')]);
  expect(Object.fromEntries(named)).toEqual(is);
});

test.each([
  ['${{ toJSON(secrets) }}', true],
  ['${{ vars[inputs.name] }}', true],
  ["${{ secrets['ONE'] || vars.TWO }}", false],
  ["${{ steps.secrets.outputs.x }} ${{ env.vars_x }} ${{ format('the secrets') }} secrets", false],
])('a store taken by no fixed name is noticed: %s', (text, is) => {
  expect(takesUnnamed(text)).toBe(is);
  if (is) expect(settingsNamedIn(text)).toEqual([]);
});
