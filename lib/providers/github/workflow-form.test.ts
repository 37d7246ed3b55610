// biome-ignore-all lint/suspicious/noTemplateCurlyInString: these are the vendor's expressions and must stay text.
import { performance } from 'node:perf_hooks';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ProviderError } from '../port';
import { formFrom, needsEnvironments } from './workflow-form';

const SOURCE = { path: 'deploy.yml', sha: 'a'.repeat(40), url: 'https://github.com/o/r/blob/main/deploy.yml' };
const form = (text: string, environments: string[] = [], fixed: string[] = []) =>
  formFrom(text, SOURCE, environments, fixed);
const withInputs = (inputs: string) => `on:\n  workflow_dispatch:\n    inputs:\n${inputs.replace(/^/gm, '      ')}`;

function refusal(text: string): ProviderError {
  try {
    form(text);
  } catch (error) {
    if (error instanceof ProviderError) return error;
    throw error;
  }
  return expect.fail('the file should have been refused');
}

describe('a form from a workflow file', () => {
  it('has every declared kind of field', () => {
    const { fields } = form(
      withInputs(`text: {description: Words, default: hello}
bare:
level: {type: choice, required: true, options: [info, debug], default: debug}
dry: {type: boolean, default: true}
count: {type: number, default: 2.5}
env: {type: environment, default: staging}`),
      ['staging', 'production'],
    );
    expect(
      fields.map(({ name, type, required, default: value, options }) => [name, type, required, value, options]),
    ).toEqual([
      ['text', 'string', false, 'hello', []],
      ['bare', 'string', false, null, []],
      ['level', 'choice', true, 'debug', ['info', 'debug']],
      ['dry', 'boolean', false, true, []],
      ['count', 'number', false, 2.5, []],
      ['env', 'environment', false, 'staging', ['staging', 'production']],
    ]);
    expect(fields[0]?.description).toBe('Words');
  });

  it.each([
    ['a word', 'on: workflow_dispatch'],
    ['a list', 'on: [push, workflow_dispatch]'],
    ['a key without a value', 'on:\n  workflow_dispatch:'],
    ['an empty mapping', 'on: {workflow_dispatch: {}}'],
    ['a quoted key', '"on": workflow_dispatch'],
    ['a key that was read as true', 'true: workflow_dispatch'],
    ['Windows line ends', 'on:\r\n  workflow_dispatch:\r\n'],
    ['a byte order mark', '\uFEFFon: workflow_dispatch'],
  ])('knows the trigger as %s', (_, text) => {
    expect(form(text).fields).toEqual([]);
  });

  it.each([
    'on: push',
    'on: [push]',
    'on: {push: {branches: [workflow_dispatch]}}',
    'name: x',
    'on:',
    'on: {__proto__: {workflow_dispatch: {}}}',
  ])('says that %j cannot be started by hand', (text) => {
    expect(refusal(text)).toMatchObject({ kind: 'rejected', code: 'no_dispatch_trigger' });
  });

  it('takes 25 inputs and refuses 26', () => {
    const many = (count: number) => withInputs(Array.from({ length: count }, (_, i) => `f${i}: {}`).join('\n'));
    expect(form(many(25)).fields).toHaveLength(25);
    expect(refusal(many(26))).toMatchObject({ code: 'too_many_inputs' });
  });

  it('keeps marker, commit and fixed inputs to itself', () => {
    const read = form(
      `run-name: x \${{ inputs.correlation_id }}\n${withInputs('correlation_id:\ncommit:\nregion:\nwho:')}`,
      [],
      ['region'],
    );
    expect(read.fields.map((field) => field.name)).toEqual(['who']);
    expect(read.reserved).toEqual({ marker: 'correlation_id', sha: 'commit' });
    expect(read.findable).toBe(true);
  });

  it.each([
    ['Deploy ${{ inputs.aetherstack }}', true],
    ["Deploy ${{ inputs['aetherstack'] }}", true],
    ['Deploy ${{ github.event.inputs.aetherstack }}', true],
    ["${{ format('{0} {1}', github.actor, inputs.aetherstack) }}", true],
    ['Deploy inputs.aetherstack', false],
    ['Deploy ${{ inputs.aetherstack_other }}', false],
    ['Deploy ${{ inputs.aetherstack-2 }}', false],
    ['', false],
  ])('with run-name %j a run can be found again: %s', (runName, findable) => {
    const read = form(`run-name: ${JSON.stringify(runName)}\n${withInputs('aetherstack:\nsha:')}`);
    expect(read.findable).toBe(findable);
    expect(read.warnings.some((warning) => warning.includes('run-name'))).toBe(!findable);
  });

  it('leaves a default that does not fit empty, and says so', () => {
    const { fields, warnings } = form(
      withInputs(
        'a: {type: boolean, default: maybe}\nb: {type: number, default: many}\nc: {type: choice, options: [x], default: y}\nd: {default: [1]}\ne: {type: teapot}',
      ),
    );
    expect(fields.map((field) => field.default)).toEqual([null, null, null, null, null]);
    expect(warnings.filter((warning) => /default|type/.test(warning))).toHaveLength(5);
  });

  it.each([
    ['a choice without options', 'level: {type: choice}'],
    ['a choice with no usable option', 'level: {type: choice, options: [{}]}'],
    ['a name with a space', '"two words": {}'],
    ['__proto__ as a name', '__proto__: {default: x}'],
  ])('refuses %s', (_, input) => {
    expect(refusal(withInputs(input))).toMatchObject({ kind: 'rejected', code: 'invalid_input' });
  });

  it('treats an expression in a description as text', () => {
    const description = '${{ secrets.TOKEN }} <img src=x onerror=alert(1)>';
    expect(form(withInputs(`a: {description: ${JSON.stringify(description)}}`)).fields[0]?.description).toBe(
      description,
    );
    expect(form(withInputs(`a: {description: ${'x'.repeat(10_240)}}`)).fields[0]?.description).toHaveLength(1_000);
  });

  it('knows what a job takes its environment from, whatever it is called, and its default where the names are hidden', () => {
    const jobs =
      'jobs: {a: {environment: {name: "${{ inputs.place || \'staging\' }}"}}, b: {environment: "${{ inputs.Stage }}"}}';
    const text = `${withInputs('place: {type: choice, options: [staging, live]}\nstage: {default: github-pages}\nenv: {type: environment, default: staging}')}\n${jobs}`;
    expect(form(text).fields.map(({ type, default: value }) => [type, value])).toEqual([
      ['environment', null],
      ['environment', 'github-pages'],
      ['environment', 'staging'],
    ]);
  });

  it('knows where a run goes while such an input is empty: behind each job’s `||`, unless a default comes before', () => {
    const jobs =
      'jobs: {a: {environment: "${{ inputs.place || \'build\' }}"}, b: {environment: {name: "${{ github.event.inputs.Place || \'live\' }}"}}}';
    const whenEmpty = (declared: string) =>
      form(`${withInputs(`place: ${declared}`)}\n${jobs}`, ['staging']).fields[0]?.whenEmpty;
    expect(whenEmpty('{type: string}')).toEqual(['build', 'live']);
    expect(whenEmpty("{default: ''}")).toEqual(['build', 'live']);
    expect(whenEmpty('{type: choice, options: [blue]}')).toEqual(['build', 'live']);
    expect(whenEmpty('{type: environment, default: production}')).toEqual(['production']);
    expect(whenEmpty('{default: staging}')).toBeUndefined();
  });

  it.each([
    ["inputs.place || (github.ref == 'refs/heads/main' && 'live' || 'build')", ['live', 'build']],
    ["github.event_name == 'push' && 'build' || inputs.place", ['build']],
    ['inputs.place || github.ref_name', undefined],
  ])('knows the same of what a job works out: %s', (expression, texts) => {
    const text = `${withInputs('place: {type: string}')}\njobs: {a: {environment: "\${{ ${expression} }}"}}`;
    expect(form(text, ['build']).fields[0]).toMatchObject({ type: 'environment', ...(texts && { whenEmpty: texts }) });
  });

  it.each([
    "inputs.place && 'live' || 'build'",
    "inputs.place != '' && 'live' || 'build'",
    "contains(inputs.place, 'x') && 'live'",
    "!inputs.place && 'live'",
    "(inputs.place || 'latest') == 'latest' && 'live' || 'build'",
    "(github.event.inputs.place || 'main') == 'main' && 'live' || 'build'",
    "(inputs.place || inputs.other) && 'live' || 'build'",
    "('production' == github.event.inputs.place) && 'live' || 'build'",
    "inputs.place && inputs.other == 'x' && 'live'",
    "format('{0}', inputs.place)",
  ])('does not take for a place what a job only asks about: %s', (expression) => {
    const text = `${withInputs('place: {type: string}')}\njobs: {a: {environment: "\${{ ${expression} }}"}}`;
    expect(form(text, ['build']).fields[0]?.type).toBe('string');
  });

  it('asks for environments only when a field needs them', () => {
    expect(needsEnvironments(withInputs('a: {type: environment}'), 'x.yml')).toBe(true);
    expect(needsEnvironments(withInputs('a: {type: string}'), 'x.yml')).toBe(false);
  });
});

describe('warnings', () => {
  const job = (steps: string) =>
    `${withInputs('aetherstack:\nsha:\nname:')}\nrun-name: \${{ inputs.aetherstack }}\njobs:\n  build:\n    steps:\n${steps.replace(/^/gm, '      ')}`;

  it.each([
    '${{ inputs.name }}',
    '${{ github.event.inputs.name }}',
    "${{ inputs['name'] }}",
    "${{ format('{0}', inputs.name) }}",
  ])('sees %s pasted into a script', (expression) => {
    expect(form(job(`- run: "echo ${expression}"`)).warnings.join()).toMatch(
      /“name” is pasted into a shell script of the job “build”/,
    );
  });

  it('has nothing against an input that goes through the environment', () => {
    expect(form(job('- run: echo "$NAME"\n  env: {NAME: "${{ inputs.name }}"}')).warnings).toEqual([]);
  });

  it('says what Pages does with a second deployment of the same head, and what to do about it; only where Pages is used', () => {
    const pages = (name: string) => form(job(`- uses: ${name}@${'0'.repeat(40)}`)).warnings;
    expect(pages('actions/deploy-pages')).toEqual([
      expect.stringMatching(/names a deployment after the head.*an empty one will do/),
    ]);
    expect(pages('actions/upload-pages-artifact')).toEqual([]);
  });

  it('names actions that are not pinned to a commit', () => {
    const pinned = `actions/checkout@${'0'.repeat(40)}`;
    const steps = [
      'actions/setup-node@v4',
      pinned,
      './local',
      'docker://alpine:3',
      `docker://alpine@sha256:${'0'.repeat(64)}`,
    ].map((uses) => `- uses: ${uses}`);
    expect(form(job(steps.join('\n'))).warnings).toEqual([
      'Not pinned to a commit, so their content can change: actions/setup-node@v4, docker://alpine:3.',
    ]);
  });
});

describe('a hostile file', () => {
  const bomb = [
    'a: &a [x,x,x,x,x,x,x,x,x]',
    ...'bcdefghi'.split('').map((name, i) => `${name}: &${name} [${Array(9).fill(`*${'abcdefgh'[i]}`).join(',')}]`),
  ].join('\n');

  it.each([
    ['an alias bomb', bomb],
    ['nesting 101 deep', `on: ${'['.repeat(101)}${']'.repeat(101)}`],
    ['nesting 20,000 deep', `on: ${'{a: '.repeat(20_000)}`],
    ['a self-reference', 'on: &a [*a]'],
    ['duplicate keys', 'on: push\non: workflow_dispatch'],
    ['a tag for code', 'on: !!js/function "function(){}"'],
    ['a tab as indentation', 'on:\n\tworkflow_dispatch:'],
    ['a NUL', 'on: "\0"\n\0'],
    ['no mapping at all', '- a\n- b'],
    ['nothing', ''],
    ['5 MB', `#${'x'.repeat(5_000_000)}`],
  ])('is refused quickly: %s', (_, text) => {
    const before = performance.now();
    expect(refusal(text).kind).toBe('rejected');
    expect(performance.now() - before).toBeLessThan(2_000);
  });

  it('with unclosed expressions all over is read in linear time', () => {
    const script = '${{ inputs.x '.repeat(60_000);
    const text = `${withInputs('x:')}\njobs: {build: {steps: [{run: ${JSON.stringify(script)}}]}}`;
    const before = performance.now();
    form(text);
    expect(performance.now() - before).toBeLessThan(2_000);
  });

  it('never makes the reader throw anything but our own error', () => {
    const scalar = fc.oneof(
      fc.string(),
      fc.integer(),
      fc.boolean(),
      fc.constant(null),
      fc.constantFrom('workflow_dispatch', 'choice', 'number', '__proto__'),
    );
    const key = fc.constantFrom(
      'on',
      'workflow_dispatch',
      'inputs',
      'type',
      'options',
      'default',
      'jobs',
      'steps',
      'run',
      'uses',
      'run-name',
      '__proto__',
      'x',
    );
    const { tree } = fc.letrec((tie) => ({
      tree: fc.oneof(
        { depthSize: 'small' },
        scalar,
        fc.array(tie('tree'), { maxLength: 4 }),
        fc.dictionary(key, tie('tree'), { maxKeys: 5 }),
      ),
    }));
    fc.assert(
      fc.property(tree, (value) => {
        try {
          form(JSON.stringify(value));
        } catch (error) {
          expect(error).toBeInstanceOf(ProviderError);
        }
      }),
      { numRuns: 1_000 },
    );
  });
});
