import type { Octokit } from 'octokit';
import { expect } from 'vitest';

const here = { owner: 'aetherstack', repo: 'aetherstack' };

/** Every request about secrets and variables that the simulator answers, with its refusals. */
export async function exerciseConfiguration(
  octokit: Octokit,
  seal: (publicKey: string, value: string) => Promise<string>,
  status: (promise: Promise<{ status: number }>) => Promise<number>,
): Promise<void> {
  const { actions } = octokit.rest;
  const there = { ...here, environment_name: 'staging' };
  await actions.listRepoOrganizationSecrets(here);
  await actions.listRepoOrganizationVariables(here);
  const keys = [await actions.getRepoPublicKey(here), await actions.getEnvironmentPublicKey(there)];
  const boxes = await Promise.all(
    keys.map(async ({ data: { key, key_id } }) => ({ encrypted_value: await seal(key, 'x'), key_id })),
  );
  const [own, theirs] = boxes as [(typeof boxes)[0], (typeof boxes)[0]];
  const secret_name = 'NEW_SECRET';
  expect(await status(actions.createOrUpdateRepoSecret({ ...here, secret_name, ...own }))).toBe(201);
  expect(await status(actions.createOrUpdateRepoSecret({ ...here, secret_name, ...own }))).toBe(204);
  expect(await status(actions.createOrUpdateEnvironmentSecret({ ...there, secret_name, ...theirs }))).toBe(201);
  expect(await status(actions.createOrUpdateEnvironmentSecret({ ...there, secret_name, ...own }))).toBe(422);
  expect((await actions.listRepoSecrets(here)).data.secrets.map((each) => each.name)).toContain(secret_name);
  expect((await actions.listEnvironmentSecrets(there)).data.total_count).toBe(2);
  expect(await status(actions.deleteRepoSecret({ ...here, secret_name }))).toBe(204);
  expect(await status(actions.deleteRepoSecret({ ...here, secret_name }))).toBe(404);
  expect(await status(actions.deleteEnvironmentSecret({ ...there, secret_name }))).toBe(204);
  const variable = { name: 'new_variable', value: '1' };
  expect(await status(actions.updateRepoVariable({ ...here, ...variable }))).toBe(404);
  expect(await status(actions.createRepoVariable({ ...here, ...variable }))).toBe(201);
  expect(await status(actions.createRepoVariable({ ...here, ...variable }))).toBe(409);
  expect(await status(actions.updateRepoVariable({ ...here, name: 'NEW_VARIABLE', value: '2' }))).toBe(204);
  expect((await actions.listRepoVariables(here)).data.variables).toContainEqual(
    expect.objectContaining({ name: 'NEW_VARIABLE', value: '2' }),
  );
  expect(await status(actions.deleteRepoVariable({ ...here, name: variable.name }))).toBe(204);
  expect(await status(actions.createEnvironmentVariable({ ...there, ...variable }))).toBe(201);
  expect(await status(actions.updateEnvironmentVariable({ ...there, name: variable.name, value: '3' }))).toBe(204);
  expect((await actions.listEnvironmentVariables(there)).data.total_count).toBe(3);
  expect(await status(actions.deleteEnvironmentVariable({ ...there, name: variable.name }))).toBe(204);
  expect(await status(actions.listEnvironmentVariables({ ...there, environment_name: 'gone' }))).toBe(404);
}
