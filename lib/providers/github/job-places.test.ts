// biome-ignore-all lint/suspicious/noTemplateCurlyInString: these are the vendor's expressions and must stay text.
import { describe, expect, test } from 'vitest';
import { repositoryFiles } from '@/lib/sandbox/repository-files';
import type { InputValue } from '../port';
import { jobPlaces } from './job-places';
import { comesTo, leadsTo } from './leads-to';

interface Asked {
  inputs?: Record<string, InputValue>;
  fixed?: Record<string, InputValue>;
  ref?: string;
}

const sentWith = ({ inputs = {}, fixed = {}, ref = 'main' }: Asked) => ({
  ...{ inputs, fixed, revision: { ref, refKind: 'branch', sha: 'b'.repeat(40) } as const },
});

function formOf(jobs: string) {
  const inputs = '{stage: {type: string}, live: {type: boolean}, sha: {}}';
  const places = jobPlaces(`on: {workflow_dispatch: {inputs: ${inputs}}}\njobs: ${jobs}`, 'deploy.yml');
  return { ...(places && { places }), reserved: { marker: null, sha: 'sha' } };
}

const placesOf = (jobs: string, asked: Asked = {}) => leadsTo(formOf(jobs), sentWith(asked));
const textsOf = (jobs: string, asked?: Asked) => placesOf(jobs, asked).flatMap(({ texts }) => texts);
/** One job on a condition. */
const on = (condition: string, asked?: Asked) =>
  textsOf(`{a: {if: ${JSON.stringify(condition)}, environment: production}}`, asked).length > 0;

describe('what a file names itself', () => {
  const file = 'deploy.yml';
  test('is told with its job, whatever is sent and whatever the settings fix', () => {
    const told = (name: string) => [{ texts: [name], parts: [], written: { job: 'a', file } }];
    expect(placesOf('{a: {environment: production}}')).toEqual(told('production'));
    expect(placesOf("{a: {environment: {name: 'Production '}}}")).toEqual(told('Production'));
    const fixed = { stage: 'production', live: true };
    expect(placesOf('{a: {environment: production}}', { fixed })).toEqual(told('production'));
  });

  test.each([
    ['a text', "${{ 'production' }}"],
    ['a call', "${{ format('{0}', 'production') }}"],
    ['an input that it does not declare', "${{ inputs.gone || 'production' }}"],
    ['what started it', "${{ github.event_name == 'workflow_dispatch' && 'production' || 'staging' }}"],
  ])('is the same where an expression says it by %s alone', (_, environment) => {
    const [place] = placesOf(`{a: {environment: ${JSON.stringify(environment)}}}`, { fixed: { stage: 'x' } });
    expect(place).toMatchObject({ texts: ['production'], written: { job: 'a' } });
  });

  test('is each job’s, once', () => {
    expect(textsOf('{a: {environment: staging}, b: {environment: production}, c: {environment: staging}}')).toEqual([
      'staging',
      'production',
    ]);
  });

  test('is none of what settings lead to', () => {
    const form = formOf("{a: {environment: production}, b: {environment: '${{ inputs.stage }}'}}");
    const asked = { ...sentWith({ fixed: { stage: 'live' } }), open: 'rest' } as const;
    expect(comesTo(form, asked, { left: 10_000 })).toEqual(['live']);
  });

  test('hides no expression, however many jobs there are', () => {
    const many = Array.from({ length: 150 }, (_, at) => `j${at}: {environment: e${at}}`).join(', ');
    const jobs = `{${many}, last: {environment: '\${{ inputs.stage }}'}}`;
    expect(textsOf(jobs, { inputs: { stage: 'production' } })).toContain('production');
    const alike = Array.from({ length: 150 }, (_, at) => `j${at}: {environment: staging}`).join(', ');
    expect(textsOf(`{${alike}, last: {environment: production}}`)).toContain('production');
  });
});

describe('a job of a plain environment that an “if:” chooses', () => {
  test.each<[string, Asked | undefined]>([
    ['true', undefined],
    ['${{ true }}', undefined],
    ['always()', undefined],
    ['success()', undefined],
    ['${{ !cancelled() }}', undefined],
    ['!failure() && !cancelled()', undefined],
    ["${{ inputs.stage != 'x' }} == 'true'", { inputs: { stage: 'x' } }],
    ["github.event_name == 'workflow_dispatch'", undefined],
    ["inputs.stage == 'prod'", { inputs: { stage: 'PROD' } }],
    ["inputs.stage == 'prod'", { fixed: { Stage: 'prod' } }],
    ['inputs.live', { inputs: { live: true } }],
    ["github.ref == 'refs/heads/main'", undefined],
  ])('counts where it is known to run: %s', (condition, asked) => {
    expect(on(condition, asked)).toBe(true);
  });

  test.each<[string, Asked | undefined]>([
    ['false', undefined],
    ["inputs.stage == 'prod'", { inputs: { stage: 'staging' } }],
    ["inputs.stage == 'prod'", undefined],
    ["github.ref == 'refs/heads/main'", { ref: 'next' }],
    ["github.event_name == 'push'", undefined],
    ['failure()', undefined],
    ["vars.LIVE == 'yes'", undefined],
    ["needs.build.outputs.live == 'true'", undefined],
    ["github.actor == 'ada' || inputs.live", undefined],
    ['inputs.stage ==', undefined],
    [`inputs.stage == '${'x'.repeat(5_000)}' || true`, undefined],
  ])('does not where it does not run, or nobody knows: %s', (condition, asked) => {
    expect(on(condition, asked)).toBe(false);
  });

  test('is told apart: by the file, by the branch or tag, or by what is sent', () => {
    const [place] = placesOf('{a: {if: "inputs.stage == \'prod\'", environment: production}}', {
      inputs: { stage: 'prod' },
    });
    expect(place).toEqual({
      texts: ['production'],
      parts: [],
      written: { job: 'a', file: 'deploy.yml', chosen: true },
    });
    const [byRef] = placesOf('{a: {if: "github.ref_name == \'main\'", environment: production}}');
    expect(byRef).toMatchObject({ byRef: true, written: { chosen: true } });
    expect(placesOf('{a: {if: always(), environment: production}}')[0]?.written).not.toHaveProperty('chosen');
  });

  test('is the settings’ own choice where these name that very environment', () => {
    const job = (value: string) => `{a: {if: "inputs.stage == '${value}'", environment: production}}`;
    expect(textsOf(job('production'), { fixed: { stage: 'Production' } })).toEqual([]);
    expect(textsOf(job('prod'), { fixed: { stage: 'prod' } })).toEqual(['production']);
    const beside = { fixed: { stage: 'prod', mode: 'production' } };
    expect(textsOf(job('prod'), beside), 'another input that the condition does not ask').toEqual(['production']);
  });
});

describe('a job that needs others', () => {
  const gate = 'gate: {if: "inputs.stage == \'prod\'"}';
  const jobs = (needs: string, more = '') =>
    `{${gate}, build: {needs: gate}, a: {needs: ${needs}, environment: production${more}}}`;
  test.each(['gate', '[build]'])('runs only where these do: %s', (needs) => {
    expect(textsOf(jobs(needs), { inputs: { stage: 'prod' } })).toEqual(['production']);
    expect(textsOf(jobs(needs), { inputs: { stage: 'staging' } })).toEqual([]);
  });

  test('runs all the same where it says so', () => {
    expect(textsOf(jobs('gate', ', if: always()'))).toEqual(['production']);
    expect(textsOf(jobs('gate', ", if: '!cancelled()'"))).toEqual(['production']);
    const between = `{${gate}, build: {needs: gate, if: always()}, a: {needs: build, environment: production}}`;
    expect(textsOf(between)).toEqual(['production']);
  });

  test('counts also where an expression always comes to the environment', () => {
    const always = `{${gate}, a: {needs: gate, environment: "\${{ inputs.of_a_caller || 'production' }}"}}`;
    expect(textsOf(always, { inputs: { stage: 'prod' } })).toEqual(['production']);
    expect(textsOf(always, { inputs: { stage: 'staging' } })).toEqual([]);
  });

  test('costs no more than it says, however long their conditions are and however many need them', () => {
    const long = Array.from({ length: 20 }, (_, at) => `g${at}: {needs: g${at + 1}, if: "${'x'.repeat(20_000)}"}`);
    const many = Array.from({ length: 2_000 }, (_, at) => `j${at}: {needs: g0, environment: production}`);
    const text = `on: {workflow_dispatch: {}}\njobs: {${[...long, ...many].join(', ')}}`;
    jobPlaces(text, 'deploy.yml');
    const before = process.cpuUsage();
    expect(jobPlaces(text, 'deploy.yml')).toBeNull();
    // Read job by job it is 800 MB; what is left is to parse it.
    expect(process.cpuUsage(before).user / 1e6).toBeLessThan(5);
  });

  test('is read also where they need each other, or are not there', () => {
    expect(textsOf('{a: {needs: b, environment: production}, b: {needs: [a, b, gone, 3]}}')).toEqual(['production']);
  });
});

test('the workflows of the sandbox name none of its environments', async () => {
  const files = [...(await repositoryFiles())].filter(([path]) => path.startsWith('.github/workflows/'));
  const named = files.flatMap(([path, text]) => {
    const places = jobPlaces(text, path);
    return leadsTo({ ...(places && { places }), reserved: { marker: null, sha: null } }, sentWith({}));
  });
  const written = named.filter((each) => each.written).flatMap(({ texts }) => texts);
  expect(written.toSorted()).toEqual(['github-pages', 'marketplace']);
});
