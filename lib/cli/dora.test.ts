import { expect, test } from 'vitest';
import { METRICS } from '@/lib/observability/model/dora';
import { figuresOf } from '@/lib/observability/model/dora-figures';
import { RULES } from '@/lib/observability/model/dora-rules';
import { Client } from './client';
import { sit } from './testing/sit';

const DAY = 86_400_000;
const NONE = figuresOf([], { from: 0, to: 30 * DAY });

/** A console that answers what the test says, and keeps what it was asked. */
function consoleWith(answers: Record<string, unknown>) {
  const asked: unknown[] = [];
  const client = new Client({ url: 'http://127.0.0.1:1', token: 'none' }, new AbortController().signal);
  client.get = async <T>(path: string, query?: unknown) => {
    asked.push([path, query]);
    return answers[path] as T;
  };
  client.change = (async (method: string, path: string, body: unknown) => {
    asked.push([method, path, body]);
    return answers[path];
  }) as typeof client.change;
  return { client, asked };
}

const view = {
  ...{ days: 30, hours: 24, from: '', to: '', component: null, byComponent: [], cutAt: null },
  environments: [{ slug: 'production', name: 'Production' }],
  figures: { ...NONE, failure_rate: { value: 25, failed: 1, of: 4 } },
  before: NONE,
  rules: RULES,
};

test('“dora” says the five figures, what they are made of, and what they were', async () => {
  const { client, asked } = consoleWith({ '/dora': view });
  const { code, out } = await sit('dora', ['--component', 'backend', '--days', '30'], client);
  expect(code).toBe(0);
  expect(out.split('\n')).toHaveLength(METRICS.length + 2);
  expect(out).toMatch(/Change failure rate +25 % +1 of 4 changes +before: –/);
  expect(asked).toEqual([['/dora', { component: 'backend', environment: undefined, days: '30', hours: undefined }]]);
});

test('“dora” that could not read all says so, and compares with nothing', async () => {
  const cut = { ...view, before: null, cutAt: 20_000, countedFrom: '2026-11-20T10:00:00.000Z' };
  const { out } = await sit('dora', [], consoleWith({ '/dora': cut }).client);
  expect(out).toContain('Only the newest 20000 deployments are read: since 2026-11-20.');
  expect(out).toMatch(/Change failure rate +25 % +1 of 4 changes +before: not known/);
});

test('“dora” without production says what to do', async () => {
  const { client } = consoleWith({ '/dora': { ...view, environments: [] } });
  expect((await sit('dora', [], client)).out).toContain('--environment');
});

test('“dora --rows” opens one figure, and a name that is none is a wrong command line', async () => {
  const row = {
    deployment: { id: 'dep_1', number: 12, kind: 'deploy', status: 'succeeded' },
    ...{ component: { slug: 'backend' }, environment: { slug: 'production' }, version: '1.2.0', title: '', sha: '' },
    ...{ at: '2026-11-02T09:10:00.000Z', value: 3_900_000, why: 'From its commit to live.', said: [] },
  };
  const rows = { metric: 'lead_time', rule: RULES.lead_time, rows: [row], leftOut: [], total: 1 };
  const { client } = consoleWith({ '/dora/rows': rows });
  expect((await sit('dora', ['--rows', 'lead_time'], client)).out).toMatch(
    /#12 +backend\/production +1\.2\.0 +2026-11-02 09:10 +1 h 5 m +From its commit to live\./,
  );
  expect(await sit('dora', ['--rows', 'speed'], client)).toMatchObject({ code: 'usage' });
});

test('“classify” says how one counts, with a reason, and takes it back', async () => {
  const { client, asked } = consoleWith({
    '/deployments/dep_1/classification': { classificationId: 'cls_1' },
    '/deployments/dep_1/classification/undo': { deploymentId: 'dep_1', word: 'planned' },
  });
  expect(await sit('classify', ['dep_1', '--as', 'planned'], client)).toMatchObject({ code: 'usage' });
  expect(await sit('classify', ['dep_1', '--as', 'nothing', '--reason', 'x'], client)).toMatchObject({ code: 'usage' });
  expect((await sit('classify', ['dep_1', '--as', 'planned', '--reason', 'A planned revert'], client)).code).toBe(0);
  expect((await sit('classify', ['dep_1', '--undo', 'rework'], client)).code).toBe(0);
  expect(asked).toEqual([
    ['POST', '/deployments/dep_1/classification', { word: 'planned', reason: 'A planned revert' }],
    ['POST', '/deployments/dep_1/classification/undo', { axis: 'rework' }],
  ]);
});
