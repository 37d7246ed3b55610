import { describe, expect, test } from 'vitest';
import { Secret } from '@/lib/kernel/secret';
import { repositoryFiles } from '@/lib/sandbox/repository-files';
import { memoryWorld } from '../conformance/harness';
import type { ProviderContext } from '../port';
import { readCommit } from './commits';
import { createGithubSimulator } from './simulator';
import { placeOf } from './target';

const sha = 'a'.repeat(40);
const place = placeOf({ repository: 'acme/app', workflow: 'x.yml', defaultRef: 'main' });
type Answer = (page: number) => Response;

const nobodyAsks: Answer = () => expect.fail('Runs were asked for.');

/** GitHub with one commit, whose check runs, statuses and dispatched runs are answered by the test. */
async function commitOf(
  runs: Answer,
  statuses: Answer,
  dispatched: Answer = nobodyAsks,
  names?: string[],
  ownWorkflows?: ProviderContext['ownWorkflows'],
) {
  const commit = {
    sha,
    html_url: 'https://github.com/acme/app/commit/a',
    commit: { message: 'x', author: null },
    author: null,
  };
  const c: ProviderContext = {
    connectionId: `con_${Math.random()}`,
    origin: 'https://api.github.com',
    credential: { kind: 'token', token: new Secret('sandbox-token') },
    fetch: async (input, init) => {
      const url = new URL(new Request(input, init).url);
      const page = Number(url.searchParams.get('page') ?? 1);
      if (url.pathname.endsWith('/check-runs')) return runs(page);
      if (url.pathname.endsWith('/actions/runs')) {
        expect(Object.fromEntries(url.searchParams)).toMatchObject({ head_sha: sha, event: 'workflow_dispatch' });
        return dispatched(page);
      }
      return url.pathname.endsWith('/status') ? statuses(page) : Response.json(commit);
    },
    now: () => Date.now(),
    ownWorkflows,
  };
  return await readCommit(c, place, sha, names);
}

const checks = async (...asked: Parameters<typeof commitOf>) => (await commitOf(...asked)).checks;

const good = { status: 'completed', conclusion: 'success' };
const bad = { status: 'completed', conclusion: 'failure' };
const runs =
  (all: object[], total = all.length) =>
  (page: number) =>
    Response.json({ total_count: total, check_runs: all.slice((page - 1) * 100, page * 100) });
const none: Answer = () => Response.json({ state: 'pending', total_count: 0, statuses: [] });
const refused: Answer = () => Response.json({ message: 'Resource not accessible by integration' }, { status: 403 });
const hundred = Array.from({ length: 100 }, () => good);

test.each([
  ['a failed run on the second page', runs([...hundred, bad]), none, 'failure'],
  ['runs that are counted and on no page', runs(hundred, 101), none, 'pending'],
  ['good runs over two pages', runs([...hundred, good]), none, 'success'],
  ['good runs and statuses that may not be read', runs([good]), refused, 'none'],
  ['a failed run and statuses that may not be read', runs([bad]), refused, 'failure'],
  ['runs that may not be read, and no status', refused, none, 'none'],
] as const)('%s', async (_, checkRuns, statuses, state) => {
  expect(await checks(checkRuns, statuses)).toBe(state);
});

describe('jobs of dispatched runs, which deployments are', () => {
  const job = (suite: number, conclusion: string | null, slug = 'github-actions', name = 'Deploy') => ({
    ...{ status: conclusion ? 'completed' : 'in_progress', conclusion },
    ...{ name, app: { slug }, check_suite: { id: suite } },
  });
  const dispatched =
    (...suites: number[]): Answer =>
    () =>
      Response.json({
        total_count: suites.length,
        workflow_runs: suites.map((check_suite_id) => ({ check_suite_id })),
      });

  test('are left out as a whole, whichever of them a policy names', async () => {
    const deployed = [job(2, 'success', 'github-actions', 'unit'), job(2, 'failure')];
    const pushed = job(1, 'success', 'github-actions', 'unit');
    expect(await checks(runs(deployed), none, dispatched(2), ['unit'])).toBe('none');
    expect(await checks(runs([...deployed, pushed]), none, dispatched(2), ['unit'])).toBe('success');
  });

  test.each([
    ['.github/workflows/ci.yml', 'failure'],
    ['acme/app/.github/workflows/ci.yml@refs/heads/main', 'failure'],
    ['.github/workflows/deploy.yml@main', 'success'],
    [null, 'success'],
  ])('count where the workflow (%s) is none that is started from here: %s', async (path, state) => {
    const jobs = [job(1, 'success'), job(2, 'failure')];
    const byHand = () => Response.json({ total_count: 1, workflow_runs: [{ check_suite_id: 2, path }] });
    const asked: string[][] = [];
    const own = async (...of: [string, string]) => {
      asked.push(of);
      return new Set(['deploy.yml']);
    };
    expect(await checks(runs(jobs), none, byHand, undefined, own)).toBe(state);
    expect(asked).toEqual([['acme/app', sha]]);
  });

  test('a named check that passed by hand counts, whatever else its run said', async () => {
    const jobs = [job(2, 'success', 'github-actions', 'unit'), job(2, 'failure', 'github-actions', 'lint')];
    const path = '.github/workflows/ci.yml';
    const byHand = () => Response.json({ total_count: 1, workflow_runs: [{ check_suite_id: 2, path }] });
    expect(await checks(runs(jobs), none, byHand, ['unit'], async () => new Set(['deploy.yml']))).toBe('success');
  });

  test.each([
    ['one that failed is no word against its commit', [job(1, 'success'), job(2, 'failure')], 'success'],
    ['one that was cancelled, or goes on, is none', [job(1, 'success'), job(2, 'cancelled'), job(3, null)], 'success'],
    ['what passed in one that failed is no word for it', [job(2, 'success'), job(2, 'failure')], 'none'],
    ['CI that failed counts beside it', [job(1, 'failure'), job(2, 'failure')], 'failure'],
    ['what another App says counts, whatever its suite', [job(2, 'failure', 'other-ci')], 'failure', nobodyAsks],
    ['nobody asks whose jobs are green', [job(1, 'success'), job(2, 'skipped')], 'success', nobodyAsks],
    ['who may not look at runs counts all', [job(1, 'success'), job(2, 'failure')], 'failure', refused],
  ] as const)('%s', async (_, jobs, state, asked: Answer = dispatched(2, 3)) => {
    expect(await checks(runs([...jobs]), none, asked)).toBe(state);
  });
});

describe('with the names of those that count', () => {
  const job = (name: string, { status, conclusion }: { status: string; conclusion: string | null }) => ({
    ...{ name, status, conclusion, app: { slug: 'other-ci' }, check_suite: { id: 1 } },
  });
  const statuses =
    (...all: { context: string; state: string }[]): Answer =>
    () =>
      Response.json({ state: 'pending', total_count: all.length, statuses: all });
  const open = { status: 'in_progress', conclusion: null };
  const skipped = { status: 'completed', conclusion: 'skipped' };
  const neutral = { status: 'completed', conclusion: 'neutral' };

  test.each([
    ['what others say is nothing', [job('unit', good), job('lint', bad), job('e2e', open)], none, 'success'],
    ['one of them that failed counts', [job('unit', bad), job('lint', good)], none, 'failure'],
    ['one of them that goes on counts', [job('unit', open), job('lint', good)], none, 'pending'],
    ['one that is not there is no success', [job('lint', good)], none, 'none'],
    ['a part of a name is another name', [job('unit (18)', good)], none, 'none'],
    ['a status is one, too', [job('lint', bad)], statuses({ context: 'unit', state: 'success' }), 'success'],
    ['what may not be read may say another thing of it', [job('unit', good)], refused, 'none'],
    ['one that failed counts, whatever may not be read', [job('unit', bad)], refused, 'failure'],
    ['one that was skipped is no success', [job('unit', skipped), job('lint', good)], none, 'none'],
    ['one that came out neutral is no success', [job('unit', neutral)], none, 'none'],
    ['one that ran, and was skipped elsewhere, is one', [job('unit', skipped), job('unit', good)], none, 'success'],
    ['one that ran, and failed elsewhere, is none', [job('unit', bad), job('unit', good)], none, 'failure'],
  ] as const)('%s', async (_, jobs, said, state) => {
    expect(await checks(runs([...jobs]), said, nobodyAsks, ['unit'])).toBe(state);
  });

  test('each that has not passed is told with how it stands', async () => {
    const names = ['unit', 'e2e', 'lint', 'types', 'docs'];
    const jobs = [job('unit', bad), job('e2e', open), job('lint', skipped), job('types', good), job('other', bad)];
    const { checks, unpassed } = await commitOf(runs(jobs), none, nobodyAsks, names);
    expect([checks, unpassed?.map(({ name, stands }) => `${name} ${stands}`)]).toEqual([
      'failure',
      ['unit failed', 'e2e running', 'lint skipped', 'docs missing'],
    ]);
    const half = await commitOf(runs(jobs), refused, nobodyAsks, ['unit', 'types']);
    expect(half.unpassed?.map(({ stands }) => stands)).toEqual(['failed', 'unread']);
    expect(await commitOf(runs(jobs), none, nobodyAsks, ['types'])).not.toHaveProperty('unpassed');
  });

  test('each of several has to be there', async () => {
    expect(await checks(runs([job('unit', good), job('e2e', good)]), none, nobodyAsks, ['unit', 'e2e'])).toBe(
      'success',
    );
    expect(await checks(runs([job('unit', good)]), none, nobodyAsks, ['unit', 'e2e'])).toBe('none');
    expect(await checks(runs([job('unit', good), job('e2e', skipped)]), none, nobodyAsks, ['unit', 'e2e'])).toBe(
      'none',
    );
  });
});

test('a commit that the repository does not have is not found, though GitHub says 422', async () => {
  const simulator = createGithubSimulator(memoryWorld(), { seed: 7, files: await repositoryFiles() });
  const c: ProviderContext = {
    ...{ connectionId: 'con_gone', origin: 'https://api.github.com', now: () => Date.now() },
    credential: { kind: 'token', token: new Secret('sandbox-token') },
    fetch: (input, init) => simulator.handle(new Request(input, init)),
  };
  const here = { ...place, owner: 'aetherstack', repo: 'aetherstack' };
  await expect(readCommit(c, here, sha)).rejects.toMatchObject({ kind: 'notFound', code: 'no_commit' });
});
