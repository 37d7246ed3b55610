import { readFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { BlueprintInput } from '../model/settings';
import { Bench, stepOf } from '../testing/bench';
import { MATRIX } from '../testing/matrix';

let bench: Bench;
let log = '';
beforeAll(() => {
  bench = new Bench();
  log = path.join(bench.folder, 'log');
  bench.stub('npx', `shift 2; echo "$*" >> ${log}`);
  bench.stub('node', 'exit 0');
});
afterAll(() => bench.remove());

/** What the step gives the host's own command line, one line a call. */
async function said(label: string, production: string | null, environment: string): Promise<string[]> {
  const files = await bench.write({ ...(MATRIX[label] as object), production } as BlueprintInput);
  await bench.run(`: > ${log}`);
  const env = { ENVIRONMENT: environment, GITHUB_REF_NAME: 'feature/x' };
  const { status, output } = await bench.run(stepOf(files, 'Build and deploy'), env, 'dashboard');
  expect(status, output).toBe(0);
  return readFileSync(log, 'utf8').trim().split('\n');
}

it.each([
  ['production', 'production', '--prod --context production'],
  // Of a branch it would be given what is the same in all contexts, and nothing that differs from production.
  ['production', 'staging', '--alias staging --context branch-deploy'],
  ['production', 'dev', '--alias dev --context branch-deploy'],
  [null, 'Production', '--alias Production --context branch-deploy'],
])('Netlify builds with the values of where it goes: production is %s, %s', async (production, environment, given) => {
  const change = production === null ? null : 'production';
  const [deploy] = await said('dashboard: Netlify with a server', change, environment);
  expect(deploy).toMatch(new RegExp(`^deploy --message \\S+ ${given}$`));
});

it('a preview at Vercel is built with the values of its branch as well, and production has none of these', async () => {
  const [preview] = await said('dashboard: Vercel', 'production', 'staging');
  expect(preview).toBe('pull --yes --environment=preview --git-branch=feature/x');
  const [production] = await said('dashboard: Vercel', 'production', 'production');
  expect(production).toBe('pull --yes --environment=production');
});
