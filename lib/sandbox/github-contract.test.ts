import { generateKeyPairSync } from 'node:crypto';
import { createAppAuth } from '@octokit/auth-app';
import { Octokit } from 'octokit';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { Secret } from '@/lib/kernel/secret';
import { githubOpenApi } from '@/lib/providers/conformance/openapi';
import { checkedFetch } from '@/lib/providers/conformance/spec-check';
import { sealFor } from '@/lib/providers/github/sealed-box';
import { githubRoutes } from '@/lib/providers/github/simulator';
import { type RunningSandbox, startSandbox } from './server';
import { exerciseArtifacts } from './testing/contract-artifacts';
import { exerciseConfiguration } from './testing/contract-configuration';
import { exerciseChecks, exerciseRecords } from './testing/contract-records';
import { exerciseSite } from './testing/contract-site';
import { sandboxFetch } from './transport';

let sandbox: RunningSandbox;
let fetch: ReturnType<typeof checkedFetch>;
let octokit: Octokit;
const here = { owner: 'aetherstack', repo: 'aetherstack' };

beforeAll(async () => {
  sandbox = await startSandbox({ port: 0, data: null, scenario: 'happy', pace: 0.01, seed: 1 });
  fetch = checkedFetch(sandboxFetch(sandbox.url));
  octokit = new Octokit({
    auth: 'sandbox-token',
    request: { fetch, retries: 0 },
    throttle: { enabled: false },
    log: { debug() {}, info() {}, warn() {}, error() {} },
  });
});
afterAll(() => sandbox.close());

async function status(promise: Promise<{ status: number }>): Promise<number> {
  return promise.then(
    (answer) => answer.status,
    (error: { status?: number; message: string }) => error.status ?? expect.fail(error.message),
  );
}

test('reads of account, repositories, git and checks fit the contract', async () => {
  const { rest } = octokit;
  await octokit.request('GET /');
  await rest.meta.get();
  await rest.rateLimit.get();
  await rest.users.getAuthenticated();
  await rest.users.listEmailsForAuthenticatedUser();
  expect((await rest.repos.listForAuthenticatedUser({ per_page: 2 })).headers.link).toContain('rel="next"');
  await rest.repos.listForOrg({ org: 'aetherstack' });
  await rest.repos.get(here);
  await rest.repos.listBranches(here);
  await rest.repos.getBranch({ ...here, branch: 'feature/rate-limits' });
  await rest.repos.listTags(here);
  await rest.repos.getAllEnvironments(here);
  await rest.actions.getCustomOidcSubClaimForRepo(here);
  await rest.git.listMatchingRefs({ ...here, ref: 'tags/backend' });
  const head = await rest.git.getRef({ ...here, ref: 'heads/main' });
  await rest.git.getCommit({ ...here, commit_sha: head.data.object.sha });
  const top = await rest.git.getTree({ ...here, tree_sha: head.data.object.sha });
  const folder = top.data.tree.find(({ path }) => path === 'dashboard')?.sha ?? '';
  const below = await rest.git.getTree({ ...here, tree_sha: folder, recursive: '1' });
  const page = below.data.tree.find(({ path }) => path === 'app/page.jsx')?.sha ?? '';
  const blob = await rest.git.getBlob({ ...here, file_sha: page });
  expect(Buffer.from(blob.data.content, 'base64').toString()).toContain('StatusPage');
  expect(await status(rest.git.getTree({ ...here, tree_sha: 'f'.repeat(40) }))).toBe(404);
  expect(await status(rest.git.getBlob({ ...here, file_sha: 'f'.repeat(40) }))).toBe(404);
  const commits = await octokit.paginate(rest.repos.listCommits, { ...here, per_page: 15 });
  expect(commits.length).toBeGreaterThanOrEqual(40);
  expect((await rest.repos.listCommits({ ...here, path: 'docs' })).data.length).toBeLessThan(15);
  await rest.repos.getCommit({ ...here, ref: 'main' });
  await rest.repos.getCommit({ ...here, ref: 'main', mediaType: { format: 'sha' } });
  const compared = await rest.repos.compareCommitsWithBasehead({ ...here, basehead: 'fix/login-loop...main' });
  expect(compared.data).toMatchObject({ status: 'diverged', ahead_by: 3, behind_by: 1 });
  for (const ref of [head.data.object.sha, 'main', 'feature/rate-limits']) {
    await rest.checks.listForRef({ ...here, ref });
    await rest.checks.listSuitesForRef({ ...here, ref });
    await rest.repos.getCombinedStatusForRef({ ...here, ref });
  }
});

test('contents and workflows fit the contract', async () => {
  const { rest } = octokit;
  const path = '.github/workflows/backend-deploy.yml';
  const file = await rest.repos.getContent({ ...here, path, ref: 'main' });
  const raw = await rest.repos.getContent({ ...here, path, mediaType: { format: 'raw' } });
  expect(Buffer.from((file.data as { content: string }).content, 'base64').toString()).toBe(raw.data);
  await rest.repos.getContent({ ...here, path: '.github/workflows' });
  expect(await status(rest.repos.getContent({ ...here, path, ref: 'no-workflow' }))).toBe(404);
  const list = await rest.actions.listRepoWorkflows(here);
  expect(list.data.total_count).toBe(5);
  await rest.actions.getWorkflow({ ...here, workflow_id: 'backend-deploy.yml' });
});

test('a run from dispatch to re-run fits the contract', async () => {
  const { rest } = octokit;
  const created = await octokit.request('POST /repos/{owner}/{repo}/actions/workflows/{workflow_id}/dispatches', {
    ...here,
    workflow_id: 'backend-deploy.yml',
    ref: 'main',
    inputs: { environment: 'staging', aetherstack: 'aether-a-1' },
    return_run_details: true,
  });
  const run_id = Number((created.data as unknown as { workflow_run_id: number }).workflow_run_id);
  const run = await rest.actions.getWorkflowRun({ ...here, run_id });
  expect(run.data.display_title).toContain('aether-a-1');
  await rest.actions.listWorkflowRuns({
    ...here,
    workflow_id: 'backend-deploy.yml',
    event: 'workflow_dispatch',
    branch: 'main',
  });
  await rest.actions.listWorkflowRunsForRepo({
    ...here,
    created: '>=2026-01-01T00:00:00Z',
    actor: 'mara-lindqvist',
    status: 'completed',
  });
  await rest.actions.listJobsForWorkflowRun({ ...here, run_id });
  await expect
    .poll(async () => (await rest.actions.getWorkflowRun({ ...here, run_id })).data.conclusion)
    .toBe('success');
  const jobs = await rest.actions.listJobsForWorkflowRun({ ...here, run_id, filter: 'all' });
  expect(jobs.data.jobs.map((job) => job.name)).toEqual(['Test', 'Build image', 'Push image', 'Deploy']);
  const job_id = jobs.data.jobs[0]?.id ?? 0;
  await rest.actions.getJobForWorkflowRun({ ...here, job_id });
  const log = await rest.actions.downloadJobLogsForWorkflowRun({ ...here, job_id });
  expect(log.data).toMatch(/^\d{4}-\d\d-\d\dT[\d:]+\.\d{7}Z Current runner version/);
  expect(await status(rest.actions.cancelWorkflowRun({ ...here, run_id }))).toBe(409);
  expect(await status(rest.actions.forceCancelWorkflowRun({ ...here, run_id }))).toBe(409);
  expect(await status(rest.actions.reRunWorkflowFailedJobs({ ...here, run_id }))).toBe(403);
  expect(await status(rest.actions.reRunWorkflow({ ...here, run_id }))).toBe(201);
  const again = await rest.actions.getWorkflowRun({ ...here, run_id });
  expect(again.data).toMatchObject({ id: run_id, run_attempt: 2 });
  await rest.actions.getWorkflowRunAttempt({ ...here, run_id, attempt_number: 1 });
  await rest.actions.listJobsForWorkflowRunAttempt({ ...here, run_id, attempt_number: 1 });
  expect(await status(rest.actions.cancelWorkflowRun({ ...here, run_id }))).toBe(202);
});

test('what a run has kept fits the contract', () => exerciseArtifacts(octokit));

test('an environment’s rules, a run that waits before it and what reviewers answer fit the contract', async () => {
  const { rest } = octokit;
  const environment_name = 'staging';
  const mara = 8_210_411;
  await rest.repos.createOrUpdateEnvironment({
    ...here,
    environment_name,
    wait_timer: 1,
    prevent_self_review: true,
    reviewers: [
      { type: 'User', id: mara },
      { type: 'Team', id: 9_230_011 },
    ],
    deployment_branch_policy: { protected_branches: false, custom_branch_policies: true },
  });
  await rest.repos.createDeploymentBranchPolicy({ ...here, environment_name, name: 'main' });
  const environment = (await rest.repos.getEnvironment({ ...here, environment_name })).data;
  expect(environment.protection_rules?.map(({ type }) => type)).toEqual([
    'wait_timer',
    'required_reviewers',
    'branch_policy',
  ]);
  expect((await rest.repos.listDeploymentBranchPolicies({ ...here, environment_name })).data.total_count).toBe(1);
  await rest.repos.getAllDeploymentProtectionRules({ ...here, environment_name });
  const start = async (ref: string) => {
    const workflow = { ...here, workflow_id: 'backend-deploy.yml', return_run_details: true };
    const answer = await octokit.request('POST /repos/{owner}/{repo}/actions/workflows/{workflow_id}/dispatches', {
      ...workflow,
      ref,
      inputs: { environment: environment_name },
    });
    return Number((answer.data as unknown as { workflow_run_id: number }).workflow_run_id);
  };
  const run_id = await start('main');
  const seen = async (id: number) => (await rest.actions.getWorkflowRun({ ...here, run_id: id })).data;
  await expect.poll(async () => (await seen(run_id)).status).toBe('waiting');
  const jobs = (await rest.actions.listJobsForWorkflowRun({ ...here, run_id })).data.jobs;
  expect(jobs.at(-1)).toMatchObject({ name: 'Deploy', status: 'waiting', steps: [] });
  const [pending] = (await rest.actions.getPendingDeploymentsForRun({ ...here, run_id })).data;
  expect(pending).toMatchObject({ current_user_can_approve: false, wait_timer: 1 });
  const answer = (auth: string) =>
    status(
      new Octokit({
        auth,
        request: { fetch, retries: 0 },
        throttle: { enabled: false },
      }).rest.actions.reviewPendingDeploymentsForRun({
        ...here,
        run_id,
        environment_ids: [environment.id],
        state: 'approved',
        comment: 'Looked at it.',
      }),
    );
  expect(await answer('sandbox-token'), 'whoever started it may not').toBe(422);
  expect(await answer('sandbox-token-tobiasade'), 'nor who is not asked').toBe(422);
  expect(await answer('sandbox-token-yukihara')).toBe(200);
  expect(await answer('sandbox-token-inesroca'), 'once').toBe(422);
  await expect.poll(async () => (await seen(run_id)).conclusion).toBe('success');
  expect((await rest.actions.getReviewsForRun({ ...here, run_id })).data).toMatchObject([
    { state: 'approved', user: { login: 'yukihara' }, comment: 'Looked at it.', environments: [{ name: 'staging' }] },
  ]);
  const other = await start('feature/rate-limits');
  await expect.poll(async () => (await seen(other)).conclusion, { timeout: 10_000 }).toBe('failure');
  await rest.repos.createOrUpdateEnvironment({ ...here, environment_name });
});

test('refs and hooks can be made, and fit the contract', async () => {
  const { rest } = octokit;
  const sha = (await rest.git.getRef({ ...here, ref: 'heads/main' })).data.object.sha;
  expect(await status(rest.git.createRef({ ...here, ref: 'refs/tags/backend-v1.5.0', sha }))).toBe(201);
  expect(await status(rest.git.createRef({ ...here, ref: 'refs/tags/backend-v1.5.0', sha }))).toBe(422);
  expect((await rest.git.getRef({ ...here, ref: 'tags/backend-v1.5.0' })).data.object.sha).toBe(sha);
  const hook = await rest.repos.createWebhook({
    ...here,
    config: { url: 'http://127.0.0.1:9/hook', content_type: 'json', secret: 's' },
    events: ['workflow_run', 'push'],
  });
  await rest.repos.listWebhooks(here);
  await rest.repos.getWebhook({ ...here, hook_id: hook.data.id });
  await rest.git.createRef({ ...here, ref: 'refs/tags/backend-v1.5.1', sha });
  const listed = () => rest.repos.listWebhookDeliveries({ ...here, hook_id: hook.data.id });
  await expect.poll(async () => (await listed()).data.length).toBe(1);
  const delivery_id = (await listed()).data[0]?.id ?? 0;
  expect(await status(rest.repos.redeliverWebhookDelivery({ ...here, hook_id: hook.data.id, delivery_id }))).toBe(202);
});

test('a branch with a commit and its pull request fit the contract', async () => {
  const { rest } = octokit;
  const base = (await rest.git.getRef({ ...here, ref: 'heads/main' })).data.object.sha;
  const base_tree = (await rest.git.getCommit({ ...here, commit_sha: base })).data.tree.sha;
  const change = async (path: string, parent: string, from: string) => {
    const tree = [{ path, mode: '100644', type: 'blob', content: 'name: New\n' } as const];
    const made = await rest.git.createTree({ ...here, base_tree: from, tree });
    return rest.git.createCommit({ ...here, message: 'Add it', tree: made.data.sha, parents: [parent] });
  };
  const { sha, tree } = (await change('new/file.yml', base, base_tree)).data;
  await rest.git.createRef({ ...here, ref: 'refs/heads/setup', sha });
  const file = await rest.repos.getContent({ ...here, path: 'new/file.yml', ref: 'setup' });
  expect(file.data).toMatchObject({ encoding: 'base64', size: 10 });
  const pull = { ...here, title: 'Set up', head: 'setup', base: 'main', body: 'What it is.' };
  const opened = await rest.pulls.create(pull);
  expect(opened.data).toMatchObject({ state: 'open', commits: 1, changed_files: 1, head: { ref: 'setup', sha } });
  expect(await status(rest.pulls.create(pull))).toBe(422);
  const next = (await change('new/second.yml', sha, tree.sha)).data.sha;
  await rest.git.updateRef({ ...here, ref: 'heads/setup', sha: next });
  expect(await status(rest.git.updateRef({ ...here, ref: 'heads/setup', sha: base }))).toBe(422);
  await rest.pulls.update({ ...here, pull_number: opened.data.number, body: 'More.', state: 'closed' });
  expect((await rest.pulls.list(here)).data).toEqual([]);
  expect((await rest.pulls.list({ ...here, state: 'all' })).data).toMatchObject([
    { state: 'closed', head: { sha: next } },
  ]);
});

test('the site, the runners and the groups of a repository fit the contract', () => exerciseSite(octokit, status));

test('deployment records, commit statuses, releases and tags fit the contract', () => exerciseRecords(octokit, status));

test('secrets and variables fit the contract', () =>
  exerciseConfiguration(octokit, (key, value) => sealFor(key, new Secret(value)), status));

test('refusals fit the contract', async () => {
  const dispatch = (workflow_id: string, ref: string, inputs = {}) =>
    status(octokit.rest.actions.createWorkflowDispatch({ ...here, workflow_id, ref, inputs }));
  expect(await dispatch('nope.yml', 'main')).toBe(404);
  expect(await dispatch('lint.yml', 'main')).toBe(422);
  expect(await dispatch('backend-deploy.yml', 'nope')).toBe(422);
  expect(await dispatch('backend-deploy.yml', 'main', { nope: 'x' })).toBe(422);
  expect(await status(octokit.rest.repos.get({ owner: 'aetherstack', repo: 'nope' }))).toBe(404);
});

test('an app and its installation fit the contract', async () => {
  const { privateKey } = generateKeyPairSync('rsa', {
    modulusLength: 2048,
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
    publicKeyEncoding: { type: 'spki', format: 'pem' },
  });
  const options = { request: { fetch, retries: 0 }, throttle: { enabled: false }, authStrategy: createAppAuth };
  const app = new Octokit({ ...options, auth: { appId: 402_117, privateKey } });
  await app.rest.apps.getAuthenticated();
  await app.rest.apps.listInstallations();
  const installationId = (await app.rest.apps.getRepoInstallation(here)).data.id;
  await app.rest.apps.getInstallation({ installation_id: installationId });
  const installed = new Octokit({ ...options, auth: { appId: 402_117, privateKey, installationId } });
  expect((await installed.rest.apps.listReposAccessibleToInstallation()).data.total_count).toBe(3);
  await exerciseChecks(installed, octokit, status);
});

test('every route of the simulator is in the contract, and was exercised above', () => {
  const ids = githubRoutes().map(({ method, path }) => {
    const sample = path.replace(/\{\+?basehead\}/, 'a...b').replace(/\{\+?\w+\}/g, '1');
    return githubOpenApi().find(method, sample)?.operation.id ?? `${method} ${path} is not in the contract`;
  });
  expect(ids.filter((id) => !fetch.spec.operations.has(id))).toEqual([]);
});
