import type { Octokit } from 'octokit';
import { expect } from 'vitest';

const here = { owner: 'aetherstack', repo: 'aetherstack' };

/** Every request about Pages, self-hosted runners and concurrency groups that the simulator answers. */
export async function exerciseSite(
  octokit: Octokit,
  status: (promise: Promise<{ status: number }>) => Promise<number>,
): Promise<void> {
  const { rest } = octokit;
  await rest.repos.getPages(here);
  expect(await status(rest.repos.createPagesSite({ ...here, build_type: 'workflow' }))).toBe(409);
  expect(await status(rest.repos.updateInformationAboutPagesSite({ ...here, build_type: 'workflow' }))).toBe(204);
  await rest.repos.listPagesBuilds(here);
  const inputs = { version: 'latest', aetherstack: 'aether-pages-1' };
  const sent = await rest.actions.createWorkflowDispatch({
    ...here,
    workflow_id: 'docs-deploy.yml',
    ref: 'main',
    inputs,
  });
  expect(sent.status).toBe(204);
  const head = (await rest.git.getRef({ ...here, ref: 'heads/main' })).data.object.sha;
  await expect.poll(() => status(rest.repos.getPagesDeployment({ ...here, pages_deployment_id: head }))).toBe(200);
  await rest.actions.listSelfHostedRunnersForRepo(here);
  const { workflow_runs } = (await rest.actions.listWorkflowRunsForRepo(here)).data;
  const run_id = workflow_runs.find((run) => run.display_title?.includes('aether-pages-1'))?.id ?? 0;
  await octokit.request('GET /repos/{owner}/{repo}/actions/runs/{run_id}/concurrency_groups', { ...here, run_id });
  const group = 'GET /repos/{owner}/{repo}/actions/concurrency_groups/{concurrency_group_name}';
  expect([200, 404]).toContain(await status(octokit.request(group, { ...here, concurrency_group_name: 'docs' })));
}
