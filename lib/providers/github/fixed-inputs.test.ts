import { describe, expect, test } from 'vitest';
import { Secret } from '@/lib/kernel/secret';
import { repositoryFiles } from '@/lib/sandbox/repository-files';
import { memoryWorld } from '../conformance/harness';
import type { InputValue, ProviderContext } from '../port';
import { provider } from './adapter';
import { createGithubSimulator } from './simulator';

const WORKFLOW = 'backend-deploy.yml';
const FIXED = { environment: 'production', region: 'eu' };

/** A target that fixes some inputs, of a workflow that declares these. */
async function started(
  inputs: string,
  fixed: Record<string, InputValue> = FIXED,
  filled: Record<string, InputValue> = {},
) {
  const world = memoryWorld();
  const simulator = createGithubSimulator(world, { seed: 7, files: await repositoryFiles() });
  const text = `on: {workflow_dispatch: {inputs: {${inputs}}}}\njobs: {go: {runs-on: ubuntu-24.04, steps: [{run: ./go}]}}\n`;
  await simulator.push({ branch: 'main', files: { [`.github/workflows/${WORKFLOW}`]: text } });
  const sent: unknown[] = [];
  const context: ProviderContext = {
    connectionId: `con ${inputs} ${JSON.stringify([fixed, filled])}`,
    origin: provider.manifest.defaultOrigin,
    credential: { kind: 'token', token: new Secret('sandbox-token') },
    now: world.now,
    fetch: async (input, init) => {
      const request = new Request(input, init);
      if (request.method === 'POST') sent.push((await request.clone().json()).inputs);
      return simulator.handle(request);
    },
  };
  const place = provider.manifest.targetConfig.parse({
    ...{ repository: 'aetherstack/aetherstack', workflow: WORKFLOW, defaultRef: 'main' },
    inputs: fixed,
  });
  const { workflows, source, deploy } = provider.methods;
  const { warnings, fields, fixed: closed = [] } = await workflows.form(context, place, 'refs/heads/main');
  const revision = await source.resolve(context, place, 'main');
  const trigger = deploy.trigger(context, place, { marker: 'aether-fixed-1', revision, inputs: filled });
  const names = { open: fields.map(({ name }) => name), closed: closed.map(({ name }) => name) };
  return { warnings: warnings.filter((each) => each.includes('fixes')), trigger, sent, names };
}

test('what a target fixes is left out of a workflow that asks for nothing else, as GitHub would refuse it at each press', async () => {
  const { warnings, trigger, sent } = await started('aetherstack: {}, region: {}');
  expect(await trigger).toMatchObject({ attempt: 1 });
  expect(sent).toEqual([{ region: 'eu', aetherstack: 'aether-fixed-1' }]);
  expect(warnings).toEqual([expect.stringContaining('“environment”, which backend-deploy.yml does not have')]);
  expect(warnings[0]).toContain('is left out');
});

test('where the workflow asks for something else, which may be the same by another name, nothing is sent', async () => {
  const { warnings, trigger, sent } = await started('aetherstack: {}, region: {}, place: {default: staging}');
  await expect(trigger).rejects.toMatchObject({
    ...{ kind: 'rejected', code: 'unexpected_inputs', ambiguous: false },
    message: expect.stringContaining('takes it out of the target’s settings'),
  });
  expect(sent).toEqual([]);
  expect(warnings).toHaveLength(1);
});

test('what the workflow declares is sent, whatever else it asks for', async () => {
  const { warnings, trigger, sent } = await started('aetherstack: {}, environment: {}, region: {}, place: {}');
  expect(await trigger).toMatchObject({ attempt: 1 });
  expect(sent).toEqual([{ environment: 'production', region: 'eu', aetherstack: 'aether-fixed-1' }]);
  expect(warnings).toEqual([]);
});

test('an input that is gone is settled by fixing it to nothing: it is not sent, not told, and holds nothing up', async () => {
  const fixed = { region: 'eu', environment: '' };
  const { warnings, trigger, sent } = await started('aetherstack: {}, region: {}, place: {default: staging}', fixed);
  expect(await trigger).toMatchObject({ attempt: 1 });
  expect(sent).toEqual([{ region: 'eu', aetherstack: 'aether-fixed-1' }]);
  expect(warnings).toEqual([]);
});

test('a declared input that is fixed to nothing is sent as nothing, in place of its default', async () => {
  const { warnings, trigger, sent } = await started('aetherstack: {}, region: {default: us}', { region: '' });
  expect(await trigger).toMatchObject({ attempt: 1 });
  expect(sent).toEqual([{ region: '', aetherstack: 'aether-fixed-1' }]);
  expect(warnings).toEqual([]);
});

describe('an input that is fixed in other capitals than the workflow’s', () => {
  test('is asked of nobody, and sent once, under the name that the workflow declares', async () => {
    const { trigger, sent, names, warnings } = await started('aetherstack: {}, stage: {}, zone: {}', { Stage: 'test' });
    expect(names).toEqual({ open: ['zone'], closed: ['stage'] });
    expect(await trigger).toMatchObject({ attempt: 1 });
    expect(sent).toEqual([{ stage: 'test', aetherstack: 'aether-fixed-1' }]);
    expect(warnings).toEqual([]);
  });

  test('is what is sent, whatever was filled in for it', async () => {
    const filled = { stage: 'prod', zone: 'eu' };
    const { trigger, sent } = await started('aetherstack: {}, stage: {}, zone: {}', { STAGE: 'test' }, filled);
    expect(await trigger).toMatchObject({ attempt: 1 });
    expect(sent).toEqual([{ zone: 'eu', stage: 'test', aetherstack: 'aether-fixed-1' }]);
  });

  test('is the first of two spellings, and never what we fill in ourselves', async () => {
    const fixed = { Stage: 'test', stage: 'prod', Aetherstack: 'mine' };
    const { trigger, sent } = await started('aetherstack: {}, stage: {}', fixed);
    expect(await trigger).toMatchObject({ attempt: 1 });
    expect(sent).toEqual([{ stage: 'test', aetherstack: 'aether-fixed-1' }]);
  });
});
