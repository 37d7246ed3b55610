import { readFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { blueprintNeeds } from '../model/generate';
import type { BlueprintInput } from '../model/settings';
import { Bench, stepOf } from '../testing/bench';
import { MATRIX } from '../testing/matrix';

let bench: Bench;
let log = '';
beforeAll(() => {
  bench = new Bench();
  log = path.join(bench.folder, 'log');
  bench.stub('npx', `shift 2; echo "$*" >> ${log}; if [ "$1" = deploy ]; then echo https://web-abc1.vercel.app; fi`);
  bench.stub('node', 'exit 0');
});
afterAll(() => bench.remove());

/** What the step gives the host's own command line, one line a call. */
async function said(
  label: string,
  production: string | null,
  environment: string,
  more: Record<string, string> = {},
): Promise<string[]> {
  const files = await bench.write({ ...(MATRIX[label] as object), production } as BlueprintInput);
  await bench.run(`: > ${log}`);
  const env = { ENVIRONMENT: environment, GITHUB_REF_NAME: 'feature/x', ALIAS: '', VERCEL_ORG_ID: 'team_1', ...more };
  const step = stepOf(files, label.startsWith('backend') ? 'Roll out' : 'Build and deploy');
  const { status, output } = await bench.run(step, env, label.startsWith('backend') ? '' : 'dashboard');
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

describe.each(['dashboard: Vercel', 'backend: Vercel, with an image too'])(
  '%s: the address of an environment',
  (label) => {
    const led = async (environment: string, address: string) =>
      (await said(label, 'production', environment, { ALIAS: address })).filter((line) => line.startsWith('alias'));

    it.each(['staging.example.com', 'https://staging.example.com/', 'https://staging.example.com/app'])(
      'is led to each of its deployments, written as %s',
      async (address) => {
        const asked = 'alias set https://web-abc1.vercel.app staging.example.com --scope team_1';
        expect(await led('staging', address)).toEqual([asked]);
      },
    );

    it('is left alone where it names none, and on production, whose domains follow by themselves', async () => {
      expect(await led('staging', '')).toEqual([]);
      expect(await led('production', 'staging.example.com')).toEqual([]);
    });

    it('is one of the component alone, and may be missing', () => {
      const own = label.startsWith('backend') ? 'VERCEL_ALIAS_BACKEND' : 'VERCEL_ALIAS_DASHBOARD';
      const need = blueprintNeeds(MATRIX[label] as never).find(({ name }) => name === own);
      expect(need).toMatchObject({ kind: 'variable', without: expect.any(String) });
    });
  },
);

it('a deployment at Vercel that fails leads no address anywhere', async () => {
  const files = await bench.write({ ...(MATRIX['dashboard: Vercel'] as object), production: 'production' } as never);
  await bench.run(`: > ${log}`);
  bench.stub('npx', `shift 2; echo "$*" >> ${log}; [ "$1" != deploy ]`);
  const env = { ENVIRONMENT: 'staging', GITHUB_REF_NAME: 'x', ALIAS: 'a.example', VERCEL_ORG_ID: 'team_1' };
  const ran = await bench.run(stepOf(files, 'Build and deploy'), env, 'dashboard');
  expect(ran.status).not.toBe(0);
  expect(readFileSync(log, 'utf8')).not.toContain('alias');
});
