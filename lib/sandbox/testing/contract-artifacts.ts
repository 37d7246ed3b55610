import type { Octokit } from 'octokit';
import { expect } from 'vitest';

const here = { owner: 'aetherstack', repo: 'aetherstack' };

/** A run that keeps a package: listed, shown and downloaded. */
export async function exerciseArtifacts({ rest, request }: Octokit): Promise<void> {
  const started = await request('POST /repos/{owner}/{repo}/actions/workflows/{workflow_id}/dispatches', {
    ...{ ...here, workflow_id: 'extension-publish.yml', ref: 'main', inputs: {} },
    return_run_details: true,
  });
  const run_id = Number((started.data as unknown as { workflow_run_id: number }).workflow_run_id);
  await expect
    .poll(async () => (await rest.actions.getWorkflowRun({ ...here, run_id })).data.conclusion)
    .toBe('success');
  const [kept] = (await rest.actions.listWorkflowRunArtifacts({ ...here, run_id })).data.artifacts;
  const artifact_id = kept?.id ?? expect.fail('its run has kept nothing');
  expect((await rest.actions.getArtifact({ ...here, artifact_id })).data.digest).toBe(kept?.digest);
  const zip = await rest.actions.downloadArtifact({ ...here, artifact_id, archive_format: 'zip' });
  expect((zip.data as ArrayBuffer).byteLength).toBe(kept?.size_in_bytes);
}
