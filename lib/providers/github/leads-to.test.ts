// biome-ignore-all lint/suspicious/noTemplateCurlyInString: these are the vendor's expressions and must stay text.
import { describe, expect, test } from 'vitest';
import type { InputValue, JobPlace } from '../port';
import { jobPlaces } from './job-places';
import { comesTo, leadsTo } from './leads-to';
import { formFrom } from './workflow-form';

interface Asked {
  inputs?: Record<string, InputValue>;
  fixed?: Record<string, InputValue>;
  ref?: string;
  condition?: string;
}

/** Where the one job of a workflow with these inputs runs. */
function placesOf(declared: string, environment: string, asked: Asked = {}): JobPlace[] {
  const { inputs = {}, fixed = {}, ref = 'main', condition = '' } = asked;
  const job = `{if: ${JSON.stringify(condition)}, environment: ${JSON.stringify(environment)}}`;
  const text = `on: {workflow_dispatch: {inputs: {${declared}}}}\njobs: {a: ${job}}`;
  const revision = { ref, refKind: 'branch', sha: 'b'.repeat(40) } as const;
  const places = jobPlaces(text, 'deploy.yml');
  const form = { ...(places && { places }), reserved: { marker: null, sha: null } };
  return leadsTo(form, { inputs, fixed, revision });
}

const textsOf = (declared: string, expression: string, asked?: Asked) =>
  placesOf(declared, `\${{ ${expression} }}`, asked).map(({ texts }) => texts.toSorted());

const TEXT = 'stage: {type: string}';

describe('where a job runs that compares its inputs', () => {
  const either = "inputs.stage == 'staging' && 'staging' || 'production'";
  const three = "inputs.stage == 'dev' && 'development' || inputs.stage == 'test' && 'testing' || 'production'";
  test.each<[string, string, string, InputValue | undefined, string]>([
    ['left empty, it is the last', TEXT, either, undefined, 'production'],
    ['what is compared with, in any capitals', TEXT, either, 'STAGING', 'staging'],
    ['the default of the file', 'stage: {default: staging}', either, undefined, 'staging'],
    ['a default that was cleared', 'stage: {default: staging}', either, '', 'production'],
    ['one of three', 'stage: {type: choice, options: [dev, test, prod]}', three, 'test', 'testing'],
    ['none of three', 'stage: {type: choice, options: [dev, test, prod]}', three, 'prod', 'production'],
    ['none said of three', 'stage: {type: choice, options: [dev, test, prod]}', three, undefined, 'production'],
    ['a switch that is on', 'stage: {type: boolean}', "inputs.stage && 'production' || 'staging'", true, 'production'],
    ['a switch that is off', 'stage: {type: boolean}', "inputs.stage && 'production' || 'staging'", false, 'staging'],
    [
      'a switch nobody set',
      'stage: {type: boolean}',
      "inputs.stage && 'production' || 'staging'",
      undefined,
      'staging',
    ],
    ['the text of a switch', 'stage: {type: boolean}', "github.event.inputs.stage && 'a' || 'b'", false, 'a'],
    ['a switch against its text', 'stage: {type: boolean}', "inputs.stage == 'true' && 'a' || 'b'", true, 'b'],
    ['a number', 'stage: {type: number}', "inputs.stage >= 10 && 'high' || 'low'", 9, 'low'],
    ['not', TEXT, "!inputs.stage && 'none' || 'some'", undefined, 'none'],
    [
      'brackets',
      TEXT,
      "(inputs.stage == 'prod' || inputs.stage == '') && 'production' || inputs.stage",
      '',
      'production',
    ],
    ['written first', TEXT, "('production' == github.event.inputs.stage) && 'a' || 'b'", 'production', 'a'],
    ['a call', TEXT, "format('{0}', inputs.stage)", 'production', 'production'],
    ['a call that asks', TEXT, "startsWith(inputs.stage, 'PROD') && 'a' || 'b'", 'production', 'a'],
    ['a table', TEXT, 'fromJSON(\'{"dev":"development"}\')[inputs.stage]', 'dev', 'development'],
    ['cases', TEXT, "case(inputs.stage == 'x', 'a', inputs.stage == 'y', 'b', 'c')", 'y', 'b'],
    ['other capitals', TEXT, "INPUTS.Stage == 'x' && 'a' || 'b'", 'x', 'a'],
    ['two quotes', TEXT, "inputs.stage && 'it''s ''a''' || 'b'", 'x', "it's 'a'"],
    ['an input that is not declared', TEXT, "inputs.other || 'none'", 'x', 'none'],
    ['how it is started', TEXT, "github.event_name == 'workflow_dispatch' && inputs.stage || 'nightly'", 'x', 'x'],
  ])('%s', (_, declared, expression, value, place) => {
    const inputs: Record<string, InputValue> = value === undefined ? {} : { stage: value };
    expect(textsOf(declared, expression, { inputs })).toEqual([[place]]);
  });
});

describe('what is not known', () => {
  test.each([
    ['a variable', "inputs.stage == 'x' && 'a' || vars.PLACE"],
    ['an output', 'needs.plan.outputs.place'],
    ['a matrix', 'matrix.place'],
    ['what was pushed', "github.event.head_commit.message == 'x' && inputs.stage || github.actor"],
    ['a file that GitHub refuses', "inputs.stage == == 'x'"],
    ['a name that is none of its functions', 'constructor(inputs.stage)'],
    ['an expression that is too long', `inputs.stage == '${'x'.repeat(5_000)}' && 'a' || 'b'`],
    ['a run that fails there', 'fromJSON(inputs.stage)'],
  ])('says nothing: %s', (_, expression) => {
    expect(textsOf(TEXT, expression, { inputs: { stage: 'y' } })).toEqual([]);
  });

  test('leaves open which side of a condition it is, not what they are', () => {
    const branch = "vars.LIVE == 'x' && 'production' || 'staging'";
    expect(textsOf(TEXT, `inputs.stage && (${branch})`, { inputs: { stage: 'y' } })).toEqual([
      ['production', 'staging'],
    ]);
    expect(textsOf(TEXT, "inputs.stage == 'x' && vars.PLACE || 'production'")).toEqual([['production']]);
    expect(textsOf(TEXT, "vars.LIVE && 'production' || inputs.stage", { inputs: { stage: 'live' } })).toEqual([
      ['live', 'production'],
    ]);
  });
});

describe('what decides', () => {
  test('the ref does as well', () => {
    const expression = "github.ref_name == 'main' && 'production' || 'staging'";
    expect(textsOf(TEXT, expression)).toEqual([['production']]);
    expect(textsOf(TEXT, expression, { ref: 'next' })).toEqual([['staging']]);
    expect(textsOf(TEXT, "github.ref == 'refs/heads/main' && 'a' || 'b'")).toEqual([['a']]);
    expect(textsOf(TEXT, 'github.head_ref || github.ref_name')).toEqual([['main']]);
  });

  test('the settings of a target alone: that is left to the administrator', () => {
    const either = "inputs.stage == 'staging' && 'staging' || 'production'";
    expect(textsOf(TEXT, either, { fixed: { stage: 'live' } })).toEqual([]);
    expect(textsOf(TEXT, 'inputs.stage', { fixed: { stage: 'production' } })).toEqual([]);
    const both = "inputs.stage == 'eu' && (inputs.live && 'production' || 'staging') || 'us'";
    const declared = `${TEXT}, live: {type: boolean}`;
    const asked = { fixed: { stage: 'eu' }, inputs: { live: true } };
    expect(textsOf(declared, both, asked), 'and the rest is asked about').toEqual([['production']]);
  });

  test('the file: what is the same in each run is told as its own', () => {
    const told = [{ texts: ['production'], parts: [], written: { job: 'a', file: 'deploy.yml' } }];
    expect(placesOf(TEXT, 'production')).toEqual(told);
    expect(placesOf(TEXT, "${{ 'production' }}")).toEqual(told);
  });

  test('a job that does not run goes nowhere', () => {
    const place = (condition: string) => textsOf(TEXT, 'inputs.stage', { condition, inputs: { stage: 'x' } });
    expect(place("github.event_name == 'push'")).toEqual([]);
    expect(place("${{ inputs.stage != 'x' }}")).toEqual([]);
    expect(place("always() && inputs.stage == 'x'")).toEqual([['x']]);
    expect(place("needs.build.result == 'success'")).toEqual([['x']]);
    expect(place("${{ inputs.stage != 'x' }} == 'true'"), 'a text is true').toEqual([['x']]);
  });
});

test('a longer text is told with what it is put together from, unless settings alone decide that', () => {
  const of = (environment: string, asked: Asked) => placesOf(`${TEXT}, zone: {}`, environment, asked);
  const inputs = { stage: 'production', zone: 'eu' };
  const told = { texts: ['production-eu'], parts: ['production'] };
  expect(of('${{ inputs.stage }}-eu', { inputs })).toEqual([told]);
  expect(of("${{ format('{0}-eu', inputs.stage) }}", { inputs })).toEqual([told]);
  const both = '${{ inputs.stage }}-${{ inputs.zone }}';
  const fixed = { stage: 'production' };
  const asked = { fixed, inputs: { zone: 'eu' } };
  const half = { texts: ['production-eu'], parts: ['eu'] };
  expect(of(both, asked)).toEqual([half]);
  expect(of("${{ format('{0}-{1}', inputs.stage, inputs.zone) }}", asked)).toEqual([half]);
  expect(of(both, { inputs })).toEqual([{ texts: ['production-eu'], parts: ['production', 'eu'] }]);
  expect(of('a-${{ github.ref_name }}', {}), 'a branch is no input').toEqual([
    { texts: ['a-main'], parts: ['main'], byRef: true },
  ]);
  expect(of('${{ inputs.stage }}-${{ github.ref_name }}', { inputs })[0]).not.toHaveProperty('byRef');
});

describe('where jobs come to by some of what is sent', () => {
  const declared = `${TEXT}, zone: {}, live: {type: boolean}, marker: {}`;
  const both = '${{ inputs.stage }}-${{ inputs.zone }}';
  function certain(environment: string, open: readonly string[] | 'rest', asked: Asked = {}, left = 1_000_000) {
    const { inputs = { stage: 'live', zone: 'eu' }, fixed = {}, ref = 'main', condition = '' } = asked;
    const job = `{if: ${JSON.stringify(condition)}, environment: ${JSON.stringify(environment)}}`;
    const places = jobPlaces(`on: {workflow_dispatch: {inputs: {${declared}}}}\njobs: {a: ${job}}`, 'deploy.yml');
    const revision = { ref, refKind: 'branch', sha: 'b'.repeat(40) } as const;
    const form = { ...(places && { places }), reserved: { marker: 'marker', sha: null } };
    const effort = { left };
    return { texts: comesTo(form, { inputs, fixed, revision, open }, effort), spent: left - effort.left };
  }

  test('is told where it is one place, also of what the settings alone decide', () => {
    expect(certain(both, []).texts).toEqual(['live-eu']);
    expect(certain(both, [], { fixed: { Stage: 'qa' } }).texts, 'what is fixed wins').toEqual(['qa-eu']);
    expect(certain(both, 'rest', { fixed: { stage: 'qa', zone: 'us' } }).texts).toEqual(['qa-us']);
  });

  test('is not told where what is open, or not known, decides', () => {
    expect(certain(both, ['ZONE']).texts).toEqual([]);
    expect(certain(both, ['zone'], { fixed: { zone: 'us' } }).texts, 'what is fixed is never open').toEqual([
      'live-us',
    ]);
    expect(certain(both, 'rest', { fixed: { stage: 'qa' } }).texts).toEqual([]);
    expect(certain('a-${{ github.ref_name }}', 'rest').texts).toEqual([]);
    expect(certain('a-${{ github.ref_name }}', ['stage']).texts).toEqual(['a-main']);
    expect(certain('${{ inputs.marker }}', []).texts).toEqual([]);
    expect(certain("${{ vars.LIVE && 'live' || 'qa' }}", []).texts, 'one of two').toEqual([]);
    expect(certain(both, [], { condition: "inputs.stage == 'qa'" }).texts, 'it does not run').toEqual([]);
  });

  test('costs what it reads, and nothing is told beyond', () => {
    const { spent } = certain(both, []);
    expect(spent).toBeGreaterThan(0);
    expect(certain(both, [], {}, spent).texts).toEqual(['live-eu']);
    const little = certain(both, [], {}, 1);
    expect(little.texts).toEqual([]);
    expect(little.spent).toBeGreaterThan(1);
  });

  test('costs no more where many jobs are written alike', () => {
    const costOf = (jobs: number) => {
      const written = Array.from({ length: jobs }, (_, at) => `j${at}: {environment: ${JSON.stringify(both)}}`);
      const places = jobPlaces(
        `on: {workflow_dispatch: {inputs: {${declared}}}}\njobs: {${written.join(', ')}}`,
        'a.yml',
      );
      const form = { ...(places && { places }), reserved: { marker: null, sha: null } };
      const revision = { ref: 'main', refKind: 'branch', sha: 'b'.repeat(40) } as const;
      const effort = { left: 1_000_000 };
      expect(leadsTo(form, { inputs: { stage: 'live', zone: 'eu' }, fixed: {}, revision }, effort)).toMatchObject([
        { texts: ['live-eu'] },
      ]);
      return 1_000_000 - effort.left;
    };
    expect(costOf(1)).toBeGreaterThan(0);
    expect(costOf(50)).toBe(costOf(1));
  });
});

describe('a hostile file', () => {
  const deep = (open: string, close: string, times: number) =>
    `${open.repeat(times)}inputs.stage${close.repeat(times)}`;
  test.each([
    ['brackets 49 deep', deep('(', ')', 49), 'x'],
    ['a text that doubles itself', deep("format('{0}{0}{0}{0}',", ')', 40), 'x'],
    ['quotes that double themselves', deep('toJSON(', ')', 45), '"'],
    ['a list joined by a long text', 'join(fromJSON(inputs.stage), inputs.stage)', `[${'0,'.repeat(30_000)}0]`],
    ['a list inside a list', "fromJSON(inputs.stage)[0] && 'a'", `${'['.repeat(30_000)}${']'.repeat(30_000)}`],
    ['comparisons of comparisons', `${'1<'.repeat(1_900)}2`, 'x'],
    ['1,300 alternatives', `inputs.stage${'||1'.repeat(1_300)}`, ''],
    ['many that nobody knows', Array(60).fill("vars.A && 'a' || vars.B && 'b'").join('||'), 'x'],
  ])('%s is given up or worked out, and nothing else', (_, expression, stage) => {
    for (const { texts } of placesOf(TEXT, `\${{ ${expression} }}`, { inputs: { stage } }))
      expect(texts.join('').length).toBeLessThan(10_000_000);
  });

  test('a long text fills no comparison up: what it is not, it is not', () => {
    const many = Array.from({ length: 100 }, (_, at) => `inputs.stage=='x${at}'&&'a'`).join('||');
    const inputs = { stage: 'y'.repeat(65_000) };
    expect(textsOf(TEXT, `${many}||'production'`, { inputs })).toEqual([['production']]);
  });
});

test('a form knows what a run falls back to while an input called environment is empty, also where jobs only compare it', () => {
  const source = { path: 'deploy.yml', sha: 'a', url: '' };
  const jobs = "jobs: {a: {environment: \"${{ inputs.environment == 'dev' && 'development' || 'production' }}\"}}";
  const first = (declared: string) =>
    formFrom(`on: {workflow_dispatch: {inputs: {environment: ${declared}}}}\n${jobs}`, source, []).fields[0];
  expect(first('{type: string}')).toMatchObject({ type: 'string', whenEmpty: ['production'] });
  expect(first('{type: choice, options: [dev, prod]}')).toMatchObject({ type: 'choice', whenEmpty: ['production'] });
  expect(first('{type: choice, options: [dev, prod], default: dev}')?.whenEmpty).toBeUndefined();
});
