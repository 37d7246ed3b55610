import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import { memoryWorld } from '@/lib/providers/conformance/harness';
import { createGithubSimulator } from '@/lib/providers/github/simulator';
import { createMarketplaceSimulator } from '@/lib/providers/vs-marketplace/simulator';
import { publishedByRuns } from './published-by-runs';
import { repositoryFiles } from './repository-files';
import { readVsix } from './vsix';

const WORKFLOW =
  'https://api.github.com/repos/aetherstack/aetherstack/actions/workflows/extension-publish.yml/dispatches';

test('a workflow publishes the package that it was told, once; another one of the same commit ends its run', async () => {
  const world = memoryWorld();
  const github = createGithubSimulator(world, { seed: 7, files: await repositoryFiles() });
  const market = createMarketplaceSimulator(world, { seed: 7, readPackage: readVsix });
  const run = async (inputs: Record<string, string>) => {
    const headers = { authorization: 'token sandbox-token', 'content-type': 'application/json' };
    const body = JSON.stringify({ ref: 'main', inputs: { ...inputs, publish_to: 'vs-marketplace' } });
    expect((await github.handle(new Request(WORKFLOW, { method: 'POST', headers, body }))).ok).toBe(true);
    world.advance(600_000);
    return github.truth().at(-1) ?? expect.fail('There is no run.');
  };
  /** As the console sees it after it was started anew: nobody remembers what was published. */
  const there = async () => {
    const ask = new Request('https://marketplace.visualstudio.com/_apis/public/gallery/extensionquery', {
      ...{ method: 'POST', body: JSON.stringify({ filters: [] }) },
    });
    await publishedByRuns(market, github).handle(ask);
    return market.gallery.truth();
  };
  const built = await run({ version: '3.2.1', dry_run: 'true' });
  const bytes = github.packageOf(built.id) ?? expect.fail('It has made no package.');
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  expect(await there()).toEqual([]);
  expect(await run({ version: '3.2.1', sha256: 'f'.repeat(64) })).toMatchObject({ conclusion: 'failure' });
  expect(await there()).toEqual([]);
  expect(await run({ version: '3.2.1', sha256 })).toMatchObject({ conclusion: 'success' });
  for (let again = 0; again < 2; again++)
    expect(await there()).toEqual([{ id: 'aetherstack.aetherstack@3.2.1-universal', sha256 }]);
  const platform = { version: '3.2.1', target: 'linux-x64' };
  const own =
    github.packageOf((await run({ ...platform, dry_run: 'true' })).id) ?? expect.fail('It has made no package.');
  const ownSha = createHash('sha256').update(own).digest('hex');
  expect(await run({ version: '3.2.1', sha256: ownSha }), 'the one for all').toMatchObject({ conclusion: 'failure' });
  expect(await run({ ...platform, sha256: ownSha })).toMatchObject({ conclusion: 'success' });
  expect(await there()).toContainEqual({ id: 'aetherstack.aetherstack@3.2.1-linux-x64', sha256: ownSha });
});

test('the log of a run that publishes names the package that it made, whichever version that is', async () => {
  const world = memoryWorld();
  const github = createGithubSimulator(world, { seed: 7, files: await repositoryFiles() });
  const headers = { authorization: 'token sandbox-token', 'content-type': 'application/json' };
  const ask = (address: string) => github.handle(new Request(address, { headers }));
  const logOf = async (inputs: Record<string, string>) => {
    const body = JSON.stringify({ ref: 'main', inputs });
    await github.handle(new Request(WORKFLOW, { method: 'POST', headers, body }));
    world.advance(600_000);
    const { id } = github.truth().at(-1) ?? expect.fail('There is no run.');
    const runs = 'https://api.github.com/repos/aetherstack/aetherstack/actions';
    const { jobs } = (await (await ask(`${runs}/runs/${id}/jobs`)).json()) as { jobs: { id: number; name: string }[] };
    const job = jobs.find(({ name }) => name === 'Publish');
    const stored = (await ask(`${runs}/jobs/${job?.id}/logs`)).headers.get('location') ?? '';
    const { version } = readVsix(github.packageOf(id) ?? Buffer.alloc(0)) ?? expect.fail('It has made no package.');
    return { version, text: await (await ask(stored)).text() };
  };
  for (const inputs of [{ version: '3.2.1' }, { version: '' }]) {
    const { version, text } = await logOf(inputs);
    expect(text.match(/aetherstack\.aetherstack v[\d.]+\d/g)).toEqual(
      Array(3).fill(`aetherstack.aetherstack v${version}`),
    );
  }
});
