import path from 'node:path';
import { expect, test } from 'vitest';
import { type Counts, runTests } from './run-tests.mjs';

type Context = { filters: string[] };
type Stage = [string, (context: Context) => Promise<Counts>, ((context: Context) => Promise<unknown>)?];

async function run(argv: string[], stages: Stage[]): Promise<{ code: number; last: string | undefined; text: string }> {
  const said: string[] = [];
  const code = await runTests({ argv, root: path.resolve('.'), stages, say: (line) => said.push(line) });
  return { code, last: said.at(-1), text: said.join('\n') };
}

const ok: Stage = ['verify', async () => ({ passed: 3, failed: 0 })];

test('the last line sums every stage, and all passing is 0', async () => {
  const result = await run([], [ok, ['unit', async () => ({ passed: 40, failed: 0 })]]);
  expect(result).toMatchObject({ code: 0, last: '43 passed, 0 failed' });
});

test('a failing stage does not stop the next one, and makes it 1', async () => {
  const result = await run([], [['verify', async () => ({ passed: 2, failed: 1 })], ok]);
  expect(result).toMatchObject({ code: 1, last: '5 passed, 1 failed' });
});

test('a stage that throws is a failed one, with its sentence', async () => {
  const broken: Stage = ['unit', () => Promise.reject(new Error('No browser could be brought.'))];
  const result = await run([], [broken, ok]);
  expect(result).toMatchObject({ code: 1, last: '3 passed, 1 failed' });
  expect(result.text).toContain('FAIL unit: No browser could be brought.');
});

test('what a later stage waits for is begun with the first one; where it cannot be brought, its stage says so', async () => {
  const order: string[] = [];
  const noted = (name: string) => async () => {
    order.push(name);
    return { passed: 1, failed: 0 };
  };
  const bring = () => {
    order.push('brings');
    return Promise.reject(new Error('no network'));
  };
  const stages: Stage[] = [
    ['verify', noted('verify')],
    ['e2e', noted('e2e'), bring],
  ];
  expect(await run([], stages)).toMatchObject({ code: 0, last: '2 passed, 0 failed' });
  expect(order).toEqual(['brings', 'verify', 'e2e']);
  order.length = 0;
  await run(['--only', 'verify'], stages);
  expect(order, 'for a stage that does not run').toEqual(['verify']);
});

test('what failed is said once more at the end, before the sums', async () => {
  const failing: Stage = [
    'verify',
    async () => ({ passed: 2, failed: 1, failures: ['a.spec.ts › it holds: it did not'] }),
  ];
  const { text } = await run([], [failing, ['unit', async () => ({ passed: 40, failed: 0 })]]);
  expect(text.indexOf('FAIL verify: a.spec.ts › it holds: it did not')).toBeGreaterThan(text.indexOf('── unit ──'));
});

test('a stage that ran no test has failed', async () => {
  const result = await run([], [ok, ['unit', async () => ({ passed: 0, failed: 0 })]]);
  expect(result).toMatchObject({ code: 1, last: '3 passed, 1 failed' });
});

test('without a build, what needs one is not tried and counts as failed', async () => {
  const never: Stage[1] = () => Promise.reject(new Error('was tried'));
  const result = await run([], [['build', async () => ({ passed: 0, failed: 1 })], ['e2e', never], ok]);
  expect(result).toMatchObject({ code: 1, last: '3 passed, 2 failed' });
  expect(result.text).not.toContain('was tried');
});

test('--only names stages, anything else narrows the unit tests', async () => {
  const seen: string[] = [];
  const stages: Stage[] = ['verify', 'unit', 'e2e'].map((name) => [
    name,
    async ({ filters }) => {
      seen.push([name, ...filters].join(' '));
      return { passed: 1, failed: 0 };
    },
  ]);
  await run(['--only', 'verify,e2e'], stages);
  await run(['lib/deployments'], stages);
  expect(seen).toEqual(['verify', 'e2e', 'unit lib/deployments']);
  expect(await run(['--only', 'nothing'], stages)).toMatchObject({ code: 1, last: '0 passed, 1 failed' });
});
