import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { load } from 'js-yaml';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { blueprintNeeds } from '../model/generate';
import { Bench } from '../testing/bench';
import { MATRIX } from '../testing/matrix';

/** Two components with one project would replace each other, past the rules of either. */
const HOSTS = [
  ['dashboard: Vercel', 'VERCEL_PROJECT_ID', 'DASHBOARD', { hosting: 'vercel' }],
  ['dashboard: Netlify, files', 'NETLIFY_SITE_ID', 'DASHBOARD', { hosting: 'netlify' }],
  ['backend: Vercel, with an image too', 'VERCEL_PROJECT_ID', 'BACKEND', { hosting: 'vercel' }],
] as const;

interface Step {
  name: string;
  uses?: string;
  run?: string;
  env?: Record<string, string>;
}

let bench: Bench;
const records = () => path.join(bench.repository, '.github/aetherstack');
beforeEach(() => {
  bench = new Bench();
});
afterEach(() => bench.remove());

async function jobOf(label: string) {
  const files = await bench.write(MATRIX[label] as never);
  const file = files.find(({ path: name }) => name.startsWith('.github/workflows/'));
  const { deploy } = (
    load(file?.text ?? '') as { jobs: Record<string, { env: Record<string, string>; steps: Step[] }> }
  ).jobs;
  return deploy ?? expect.fail('There is a job that deploys.');
}

/** What the step does where the environment has these variables, the own one and that of before. */
async function look(label: string, stem: string, has: { own?: string; plain?: string }) {
  const { steps } = await jobOf(label);
  const step = steps.find(({ name }) => name === 'See whose place it is');
  const { own = '', plain = '' } = has;
  const of = { ENVIRONMENT: 'staging', GITHUB_WORKSPACE: bench.repository, OWN: own, [stem]: own || plain };
  const env = { ...step?.env, ...of };
  return bench.run(step?.run ?? '', env);
}

function record(name: string, settings: object): void {
  mkdirSync(records(), { recursive: true });
  writeFileSync(path.join(records(), `${name}.json`), JSON.stringify({ settings: { name, ...settings }, files: {} }));
}

describe.each(HOSTS)('%s: each component has a place of its own', (label, stem, component, there) => {
  const own = `${stem}_${component}`;

  it('is told by the variable with its name, and else by the one of before; before anything is built', async () => {
    const { env, steps } = await jobOf(label);
    expect(env[stem]).toBe(`\${{ vars.${own} || vars.${stem} }}`);
    expect(steps[1]).toMatchObject({ name: 'See whose place it is', env: { OWN: `\${{ vars.${own} || '' }}` } });
    expect(steps[0]?.uses, 'the records are there').toMatch(/^actions\/checkout@/);
  });

  it('goes on with the variable of before while no other component goes there, whatever else the repository has', async () => {
    expect(await look(label, stem, { plain: 'p' })).toMatchObject({ status: 0 });
    record('site', { kind: 'dashboard', hosting: 'pages' });
    record('api', { kind: 'backend', platform: { type: 'heroku' } });
    record('book', { kind: 'docs' });
    writeFileSync(path.join(records(), 'half.json'), '{');
    expect(await look(label, stem, { plain: 'p' })).toMatchObject({ status: 0 });
    rmSync(records(), { recursive: true });
    expect(await look(label, stem, { plain: 'p' }), 'nothing was written down').toMatchObject({ status: 0 });
  });

  it('is refused with it where another one goes there, until it has its own', async () => {
    record('web-2', { kind: 'dashboard', ...there });
    const refused = await look(label, stem, { plain: 'p' });
    expect(refused.status).toBe(1);
    expect(refused.output).toContain('::error::Nothing was deployed: web-2 goes to');
    expect(refused.output).toContain(`Set the variable ${own} of the environment staging.`);
    expect(await look(label, stem, { own: 'o', plain: 'p' })).toMatchObject({ status: 0 });
    expect(await look(label, stem, { own: 'o' })).toMatchObject({ status: 0 });
  });

  it('is refused without either, and Set up asks for its own', async () => {
    const none = await look(label, stem, {});
    expect(none).toMatchObject({ status: 1, output: expect.stringContaining(`Set its variable ${own}.`) });
    const needs = blueprintNeeds(MATRIX[label] as never).filter(({ name }) => name.startsWith(stem));
    expect(needs.map(({ name, without }) => [name, without === undefined])).toEqual([
      [own, true],
      [stem, false],
    ]);
  });
});

it('a backend at Vercel and a dashboard there are two, too', async () => {
  record('backend', { kind: 'backend', platform: { type: 'vercel', region: 'iad1' } });
  expect(await look('dashboard: Vercel', 'VERCEL_PROJECT_ID', { plain: 'p' })).toMatchObject({ status: 1 });
  expect(await look('dashboard: Netlify, files', 'NETLIFY_SITE_ID', { plain: 'p' })).toMatchObject({ status: 0 });
});
