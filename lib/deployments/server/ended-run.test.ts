import { expect, it } from 'vitest';
import { Secret } from '@/lib/kernel/secret';
import { memoryWorld } from '@/lib/providers/conformance/harness';
import { provider } from '@/lib/providers/github/adapter';
import { createGithubSimulator } from '@/lib/providers/github/simulator';
import type { Observation, ProviderContext } from '@/lib/providers/port';
import { manifest as marketplace } from '@/lib/providers/vs-marketplace/manifest';
import { repositoryFiles } from '@/lib/sandbox/repository-files';
import { evidenceOf } from '../model/ended-run';

const target = { repository: 'aetherstack/aetherstack', workflow: 'extension-publish.yml', defaultRef: 'main' };
const { cancel, deploy, source, status } = provider.methods;

/** A run of the extension's workflow at a simulated GitHub that is called off once it looks like this. */
async function calledOff(when: (seen: Observation) => boolean): Promise<Observation> {
  const world = memoryWorld();
  const simulator = createGithubSimulator(world, { seed: 7, files: await repositoryFiles() });
  const c: ProviderContext = {
    ...{ connectionId: 'con_1', origin: 'https://api.github.com', now: () => world.now() },
    credential: { kind: 'token', token: new Secret('sandbox-token') },
    fetch: async (input, init) => simulator.handle(new Request(input, init)),
  };
  const revision = await source.resolve(c, target, 'main');
  const inputs = { version: '3.2.1', publish_to: 'vs-marketplace' };
  const ref = await deploy.trigger(c, target, { marker: 'aether-x-1', revision, inputs });
  if (!ref) return expect.fail('It was accepted without a reference.');
  for (let second = 0; second < 300; second++) {
    const seen = await status.observe(c, target, ref);
    if (when(seen)) break;
    world.advance(1_000);
  }
  await cancel.cancel(c, target, ref);
  world.advance(60_000);
  return status.observe(c, target, ref);
}

const runs = (job: string) => (seen: Observation) =>
  seen.steps.some((step) => step.job === job && step.status === 'running');
const publishes = ({ steps }: Observation) =>
  steps.some(({ name, status: is }) => name === 'Publish to the VS Marketplace' && is === 'running');

it.each([
  ['before its first job', () => true, 'none'],
  // GitHub lists no job before its turn, so it cannot be told from a workflow that publishes under another name.
  ['while it packages', runs('Package'), 'perhaps'],
  ['while it publishes', publishes, 'begun'],
] as const)('GitHub tells of a run that was cancelled %s whether it may have published', async (_, when, says) => {
  const seen = await calledOff(when);
  expect(seen.phase).toBe('cancelled');
  expect(evidenceOf(seen, marketplace)).toBe(says);
});
