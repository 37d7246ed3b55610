import type { Octokit } from 'octokit';
import { expect } from 'vitest';

const here = { owner: 'aetherstack', repo: 'aetherstack' };

/** Every request about deployment records, commit statuses, releases and tags that the simulator answers. */
export async function exerciseRecords(
  octokit: Octokit,
  status: (promise: Promise<{ status: number }>) => Promise<number>,
): Promise<void> {
  const { rest } = octokit;
  const ref = (await rest.git.getRef({ ...here, ref: 'heads/main' })).data.object.sha;
  const wanted = { ...here, ref, environment: 'staging-backend', payload: { aetherstack: { marker: 'm' } } };
  const exact = { auto_merge: false, required_contexts: [] };
  expect(await status(rest.repos.createDeployment({ ...wanted, auto_merge: false }))).toBe(409);
  const old = (await rest.repos.listCommits({ ...here, per_page: 5 })).data.at(-1)?.sha ?? '';
  expect(await status(rest.repos.createDeployment({ ...wanted, ref: old }))).toBe(202);
  const made = (await rest.repos.createDeployment({ ...wanted, ...exact })).data as { id: number };
  const deployment_id = made.id;
  const said = { ...here, deployment_id, log_url: 'https://console.example.com/deployments/1', auto_inactive: false };
  for (const state of ['queued', 'in_progress', 'success', 'inactive'] as const)
    await rest.repos.createDeploymentStatus({ ...said, state });
  const listed = await rest.repos.listDeployments({ ...here, sha: ref, environment: 'staging-backend' });
  expect(listed.data.map(({ id }) => id)).toEqual([deployment_id]);
  expect((await rest.repos.listDeploymentStatuses({ ...here, deployment_id })).data[0]?.state).toBe('inactive');
  expect(
    await status(rest.repos.createDeploymentStatus({ ...said, state: 'queued', description: 'x'.repeat(141) })),
  ).toBe(422);
  const context = 'aetherstack/backend/staging';
  await rest.repos.createCommitStatus({ ...here, sha: ref, state: 'failure', context, description: 'Failed' });
  const combined = (await rest.repos.getCombinedStatusForRef({ ...here, ref })).data;
  expect(combined.statuses.map((each) => each.context)).toContain(context);

  const tag_name = 'backend-v9.0.0';
  const notes = { ...here, tag_name, target_commitish: ref, previous_tag_name: 'backend-v1.5.0' };
  expect((await rest.repos.generateReleaseNotes(notes)).data.body).toContain('compare/backend-v1.5.0...backend-v9.0.0');
  const draft = await rest.repos.createRelease({ ...here, tag_name, target_commitish: ref, draft: true });
  expect(await status(rest.repos.getReleaseByTag({ ...here, tag: tag_name }))).toBe(404);
  await rest.repos.updateRelease({ ...here, release_id: draft.data.id, draft: false });
  expect((await rest.repos.getReleaseByTag({ ...here, tag: tag_name })).data.id).toBe(draft.data.id);
  expect((await rest.repos.listReleases(here)).data).toHaveLength(1);
  expect(await status(rest.repos.createRelease({ ...here, tag_name }))).toBe(422);
  expect(await status(rest.repos.createRelease({ ...here, tag_name: 'protected/v1' }))).toBe(422);
  const object = { tag: 'docs-v9', message: 'Docs 9', object: ref, type: 'commit' } as const;
  const { sha } = (await rest.git.createTag({ ...here, ...object })).data;
  expect(await status(rest.git.createRef({ ...here, ref: 'refs/tags/docs-v9', sha }))).toBe(201);
}

/** Every request about checks that an App writes, and what a person's token is told. */
export async function exerciseChecks(
  app: Octokit,
  person: Octokit,
  status: (promise: Promise<{ status: number }>) => Promise<number>,
): Promise<void> {
  const head_sha = (await app.rest.git.getRef({ ...here, ref: 'heads/main' })).data.object.sha;
  const wanted = { ...here, head_sha, name: 'aetherstack/backend/staging', external_id: 'aetherstack:dep_1' };
  const output = { title: '#1: Building', summary: 'Building' };
  expect(await status(person.rest.checks.create(wanted))).toBe(403);
  const made = await app.rest.checks.create({ ...wanted, status: 'in_progress', output });
  expect(made.data).toMatchObject({ status: 'in_progress', conclusion: null, app: { slug: 'aetherstack-release' } });
  const check_run_id = made.data.id;
  expect(await status(person.rest.checks.update({ ...here, check_run_id, conclusion: 'success' }))).toBe(403);
  await app.rest.checks.update({ ...here, check_run_id, conclusion: 'success', output });
  expect((await app.rest.checks.get({ ...here, check_run_id })).data).toMatchObject({ status: 'completed' });
  await app.rest.checks.create({ ...wanted, external_id: 'aetherstack:dep_2', status: 'queued' });
  const of = { ...here, ref: head_sha, check_name: wanted.name };
  const all = (await app.rest.checks.listForRef({ ...of, filter: 'all' })).data;
  const latest = (await app.rest.checks.listForRef(of)).data;
  expect([all.total_count, latest.check_runs.map((each) => each.status)]).toEqual([2, ['queued']]);
}
