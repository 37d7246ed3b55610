import { expect, test } from 'vitest';
import { Secret } from '@/lib/kernel/secret';
import { repositoryFiles } from '@/lib/sandbox/repository-files';
import { memoryWorld } from '../conformance/harness';
import type { ProviderContext } from '../port';
import { provider } from './adapter';
import { createGithubSimulator } from './simulator';

const WORKFLOW = 'backend-deploy.yml';
const place = { repository: 'aetherstack/aetherstack', workflow: WORKFLOW, defaultRef: 'main' };
const OTHER = 'on: {workflow_dispatch: {inputs: {aetherstack: {}, sha: {}, environment: {}}}}';

test('another workflow file than the one that was looked at is not started', async () => {
  const world = memoryWorld();
  const hook = { url: 'https://console.example.com/hook', secret: 'secret-of-the-test' };
  const simulator = createGithubSimulator(world, { seed: 7, files: await repositoryFiles(), webhook: hook });
  let changed = false;
  const context: ProviderContext = {
    connectionId: 'con_1',
    origin: provider.manifest.defaultOrigin,
    credential: { kind: 'token', token: new Secret('sandbox-token') },
    now: world.now,
    fetch: async (input, init) => {
      const request = new Request(input, init);
      const isFile = decodeURIComponent(request.url).includes(`.github/workflows/${WORKFLOW}`);
      return changed && isFile ? Response.json(file(OTHER)) : simulator.handle(request);
    },
  };
  const { workflows, source, deploy } = provider.methods;
  const form = await workflows.form(context, place, 'refs/heads/main');
  expect(form.source.digest).toMatch(/^[0-9a-f]{64}$/);
  const revision = await source.resolve(context, place, 'main');
  const inputs = { environment: 'staging' };
  const request = { marker: 'aether-form-1', revision, inputs, formDigest: form.source.digest };
  changed = true;
  await expect(deploy.trigger(context, place, request)).rejects.toMatchObject({
    kind: 'rejected',
    code: 'form_changed',
    ambiguous: false,
  });
  expect(simulator.truth().filter((run) => run.marker === 'aether-form-1')).toEqual([]);
  changed = false;
  expect(await deploy.trigger(context, place, request)).toMatchObject({ attempt: 1 });
});

const file = (text: string) => ({
  type: 'file',
  size: text.length,
  encoding: 'base64',
  content: Buffer.from(text).toString('base64'),
  html_url: 'https://github.com/x',
});
