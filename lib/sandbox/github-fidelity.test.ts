import { Octokit } from 'octokit';
import { afterEach, expect, test } from 'vitest';
import { type Client, clientOf } from './testing/client';

let client: Client;
afterEach(() => client.sandbox.close());

const message = async (answer: Response) => ((await answer.json()) as { message: string }).message;

async function finished(path: string): Promise<Record<string, unknown>> {
  await expect.poll(async () => (await (await client.repo(path)).json()).status, { timeout: 10_000 }).toBe('completed');
  return (await client.repo(path)).json();
}

interface RunOf {
  head_sha: string;
  check_suite_id: number;
}

interface Job {
  check_suite: { id: number };
  app: { slug: string };
}

async function newRun(inputs: Record<string, unknown> = { environment: 'staging' }): Promise<number> {
  return (await (await client.dispatch(inputs)).json()).workflow_run_id;
}

test('an unchanged answer is a 304 that costs no quota', async () => {
  client = await clientOf();
  const first = await client.repo('/branches');
  const etag = first.headers.get('etag') ?? '';
  const left = first.headers.get('x-ratelimit-remaining');
  const second = await client.repo('/branches', { headers: { 'if-none-match': etag } });
  expect([second.status, await second.text(), second.headers.get('x-ratelimit-remaining')]).toEqual([304, '', left]);
  await client.control('push', { branch: 'main', message: 'docs: a word', files: { 'docs/docs/index.md': '# New\n' } });
  expect((await client.repo('/branches', { headers: { 'if-none-match': etag } })).status).toBe(200);
});

test('dispatch refuses in the words of GitHub, and makes no run', async () => {
  client = await clientOf();
  const many = Object.fromEntries(Array.from({ length: 26 }, (_, i) => [`x${i}`, '1']));
  const cases: [Promise<Response>, number, string][] = [
    [client.dispatch({}, {}, 'nope.yml'), 404, 'Not Found'],
    [client.dispatch({}, {}, 'lint.yml'), 422, "Workflow does not have 'workflow_dispatch' trigger"],
    [client.dispatch({}, { ref: 'no-workflow' }), 422, "Workflow does not have 'workflow_dispatch' trigger"],
    [client.dispatch({}, { ref: 'nope' }), 422, 'No ref found for: nope'],
    [client.dispatch({}, { ref: 'a'.repeat(40) }), 422, `No ref found for: ${'a'.repeat(40)}`],
    [client.dispatch({ colour: 'red' }), 422, 'Unexpected inputs provided: ["colour"]'],
    [client.dispatch({ environment: '' }), 422, "Required input 'environment' not provided"],
    [
      client.dispatch({ strategy: 'yolo' }),
      422,
      "Provided value 'yolo' for input 'strategy' not in the list of allowed values",
    ],
    [
      client.dispatch({ run_migrations: 'maybe' }),
      422,
      "Provided value 'maybe' for input 'run_migrations' not in the list of allowed values",
    ],
    [client.dispatch({ image_tag: 'x'.repeat(65_536) }), 422, 'inputs are too large.'],
    [client.dispatch(many), 422, 'Invalid request.\n\nNo more than 25 properties are allowed; 26 were supplied.'],
  ];
  for (const [answer, status, words] of cases)
    expect([(await answer).status, await message(await answer)]).toEqual([status, words]);
  expect(await message(await client.dispatch({}, { ref: 'too-many-inputs' }))).toContain(
    'you may only define up to 25 `inputs`',
  );
  expect(await client.runs()).toEqual([]);
});

test('dispatch answers 204, 200 with details on request, and always 200 in the newer API version', async () => {
  client = await clientOf();
  expect((await client.dispatch({}, { return_run_details: false })).status).toBe(204);
  const asked = await client.dispatch();
  expect([asked.status, Object.keys(await asked.json())]).toEqual([200, ['workflow_run_id', 'run_url', 'html_url']]);
  const body = JSON.stringify({ ref: 'refs/tags/backend-v1.4.0' });
  const newer = await client.repo('/actions/workflows/backend-deploy.yml/dispatches', {
    method: 'POST',
    body,
    headers: { 'x-github-api-version': '2026-03-10' },
  });
  expect(newer.status).toBe(200);
  expect((await client.repo('', { headers: { 'x-github-api-version': '1999-01-01' } })).status).toBe(400);
});

test('a log is there only once its job has ended, behind an address that is good for a minute', async () => {
  client = await clientOf({ pace: 0.06 });
  const run = await newRun();
  await expect.poll(async () => (await (await client.repo(`/actions/runs/${run}/jobs`)).json()).total_count).toBe(1);
  const job = (await (await client.repo(`/actions/runs/${run}/jobs`)).json()).jobs[0];
  expect((await client.repo(`/actions/jobs/${job.id}/logs`)).status).toBe(404);
  await finished(`/actions/runs/${run}`);
  const redirect = await client.repo(`/actions/jobs/${job.id}/logs`);
  const location = redirect.headers.get('location') ?? '';
  expect(redirect.status).toBe(302);
  expect(location).not.toContain('/api.github.com/');
  expect(await (await fetch(location)).text()).toMatch(/Z ##\[group\]Run pytest -q\n/);
  await client.control('advance', { ms: 61_000 });
  expect((await fetch(location)).status).toBe(403);
  expect((await fetch(location.replace(/sig=\w/, 'sig=0'))).status).not.toBe(200);
});

test('a re-run keeps the id and adds an attempt; only what failed runs again', async () => {
  client = await clientOf({ scenario: 'flaky' });
  const run = await newRun();
  expect(await finished(`/actions/runs/${run}`)).toMatchObject({ conclusion: 'failure', run_attempt: 1 });
  const before = (await (await client.repo(`/actions/runs/${run}/jobs`)).json()).jobs;
  expect(before.map((job: { conclusion: string }) => job.conclusion)).toEqual([
    'failure',
    'skipped',
    'skipped',
    'skipped',
  ]);
  const again = await client.repo(`/actions/runs/${run}/rerun-failed-jobs`, { method: 'POST' });
  expect([again.status, await again.json()]).toEqual([201, {}]);
  expect(await finished(`/actions/runs/${run}`)).toMatchObject({ id: run, conclusion: 'success', run_attempt: 2 });
  expect(await finished(`/actions/runs/${run}/attempts/1`)).toMatchObject({ conclusion: 'failure' });
  const all = (await (await client.repo(`/actions/runs/${run}/jobs?filter=all`)).json()).jobs;
  expect(new Set(all.map((job: { id: number }) => job.id)).size).toBe(8);
  expect(await client.runs()).toHaveLength(1);
});

test('jobs stand at the commit in the check suite of their run, and a run is found by commit, event and suite', async () => {
  client = await clientOf();
  const id = await newRun();
  await finished(`/actions/runs/${id}`);
  const { head_sha, check_suite_id } = (await (await client.repo(`/actions/runs/${id}`)).json()) as RunOf;
  const found = async (query: string) => {
    const answer = (await (await client.repo(`/actions/runs?${query}`)).json()) as { workflow_runs: { id: number }[] };
    return answer.workflow_runs.map((run) => run.id);
  };
  const { check_runs } = (await (await client.repo(`/commits/${head_sha}/check-runs`)).json()) as { check_runs: Job[] };
  const own = check_runs.filter(({ check_suite }) => check_suite.id === check_suite_id);
  expect(own.map(({ app }) => app.slug)).toContain('github-actions');
  expect(own.length).toBeLessThan(check_runs.length);
  expect(await found(`head_sha=${head_sha}&event=workflow_dispatch`)).toEqual([id]);
  expect(await found(`head_sha=${head_sha}&event=push`)).not.toContain(id);
  expect(await found(`check_suite_id=${check_suite_id}`)).toEqual([id]);
});

test('cancelling stops what runs; after the end it is a 409', async () => {
  client = await clientOf({ pace: 0.5 });
  const run = await newRun();
  await expect.poll(async () => (await (await client.repo(`/actions/runs/${run}`)).json()).status).toBe('in_progress');
  expect((await client.repo(`/actions/runs/${run}/rerun`, { method: 'POST' })).status).toBe(403);
  expect((await client.repo(`/actions/runs/${run}/cancel`, { method: 'POST' })).status).toBe(202);
  expect(await finished(`/actions/runs/${run}`)).toMatchObject({ conclusion: 'cancelled' });
  const late = await client.repo(`/actions/runs/${run}/cancel`, { method: 'POST' });
  expect([late.status, await message(late)]).toEqual([409, 'Cannot cancel a workflow run that is completed.']);
});

test('an octokit that was given only our address pages through it and finds its run', async () => {
  client = await clientOf();
  const octokit = new Octokit({
    auth: 'sandbox-token',
    baseUrl: `${client.sandbox.url}/api.github.com`,
    throttle: { enabled: false },
  });
  const here = { owner: 'aetherstack', repo: 'aetherstack' };
  const commits = await octokit.paginate(octokit.rest.repos.listCommits, { ...here, per_page: 12 });
  expect(commits).toHaveLength(40);
  await newRun({ environment: 'production', aetherstack: 'aether-z-1' });
  const runs = await octokit.rest.actions.listWorkflowRuns({
    ...here,
    workflow_id: 'backend-deploy.yml',
    event: 'workflow_dispatch',
  });
  expect(runs.data.workflow_runs[0]?.display_title).toBe('Deploy backend to production by @mara-lindqvist aether-z-1');
});

test('a backend deployment takes between 30 and 50 seconds in real time', async () => {
  client = await clientOf({ pace: 1 });
  const run = await newRun();
  await client.control('advance', { ms: 30_000 });
  expect(await (await client.repo(`/actions/runs/${run}`)).json()).toMatchObject({ status: 'in_progress' });
  await client.control('advance', { ms: 20_000 });
  expect(await (await client.repo(`/actions/runs/${run}`)).json()).toMatchObject({
    status: 'completed',
    conclusion: 'success',
  });
});

test('under its former name a renamed repository answers 301 to reads and 307 to the rest, which does nothing', async () => {
  client = await clientOf();
  const before = { repository: 'aetherstack/aetherstack', name: 'stack' };
  expect(await client.control('rename', before)).toEqual({ repository: 'aetherstack/stack' });
  expect(await client.control('rename', before)).toMatchObject({ error: expect.stringContaining('no repository') });
  const moved = await client.repo('/branches?per_page=1');
  const { url, message: says, documentation_url } = await moved.json();
  expect([moved.status, says]).toEqual([301, 'Moved Permanently']);
  expect(url).toMatch(/\/api\.github\.com\/repositories\/\d+\/branches\?per_page=1$/);
  expect([moved.headers.get('location'), documentation_url]).toEqual([url, expect.stringContaining('#http-redirects')]);
  expect((await client.repo('/branches', { redirect: 'follow' })).status).toBe(200);
  const start = await client.dispatch({ environment: 'staging' });
  expect([start.status, await client.runs()]).toEqual([307, []]);
  const path = new URL(start.headers.get('location') ?? '').pathname.replace('/api.github.com', '');
  const body = JSON.stringify({ ref: 'main', inputs: { environment: 'staging' } });
  expect((await client.api(path, { method: 'POST', body })).status).toBe(204);
  expect(await client.runs()).toHaveLength(1);
  expect(await (await client.api('/repos/aetherstack/stack')).json()).toMatchObject({ full_name: 'aetherstack/stack' });
});
