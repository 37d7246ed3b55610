import { describe, expect, it } from 'vitest';
import { Secret } from '@/lib/kernel/secret';
import { repositoryFiles } from '@/lib/sandbox/repository-files';
import { memoryWorld, wire } from '../conformance/harness';
import type { PlaceWordsOf } from '../port';
import { provider } from './adapter';
import { createGithubSimulator } from './simulator';

/** A repository on the simulator, and what a target of it finds live there. */
async function repositoryWith(workflow: string, text?: string) {
  const world = memoryWorld();
  const simulator = createGithubSimulator(world, { seed: 7, files: await repositoryFiles() });
  if (text) await simulator.push({ branch: 'main', files: { [`.github/workflows/${workflow}`]: text } });
  const token = { kind: 'token', token: new Secret('sandbox-token') } as const;
  const base = { repository: 'aetherstack/aetherstack', workflow, defaultRef: 'main' };
  const line = wire(provider.manifest, {
    world,
    fetch: (input: RequestInfo | URL, init?: RequestInit) => simulator.handle(new Request(input, init)),
    credentials: { good: token, refused: token, weak: token },
    isMutation: () => false,
  } as unknown as Parameters<typeof wire>[1]);
  const start = async (inputs: Record<string, string>, marker: string) => {
    const revision = await provider.methods.source.resolve(line.context, base, 'main');
    await provider.methods.deploy.trigger(line.context, base, { marker, revision, inputs });
    world.advance(600_000);
  };
  const live = async (inputs: Record<string, string>, places?: PlaceWordsOf) =>
    (await provider.methods.live.read(line.context, { ...base, inputs }, places))?.marker ?? null;
  const form = async () => {
    const { sha } = await provider.methods.source.resolve(line.context, base, 'main');
    return provider.methods.workflows.form(line.context, base, sha);
  };
  return { start, live, form, sent: line.sent };
}

describe('one workflow for several targets', () => {
  it('tells them apart by the inputs that each fixes', async () => {
    const { start, live, sent } = await repositoryWith('backend-deploy.yml');
    await start({ environment: 'staging' }, 'aether-one-1');
    await start({ environment: 'production' }, 'aether-two-1');
    await start({ environment: 'production' }, 'aether-three-1');
    const of = (environment: string) => live({ environment });
    expect([await of('staging'), await of('production')]).toEqual(['aether-one-1', 'aether-three-1']);
    const open = (own: string, other: string) => live({}, () => ({ own: [own], others: [other] }));
    expect(await open('staging', 'Production'), 'which fixes nothing').toBe('aether-one-1');
    expect(await open('production', 'staging')).toBe('aether-three-1');
    expect(await open('live', 'qa'), 'of which titles name neither').toBe('aether-three-1');
    const asked = sent.length;
    await of('staging');
    expect(sent.length - asked, 'requests of one look').toBe(2);
  });
});

const PROMOTE = `
name: Promote
run-name: Promote \${{ inputs.from }} to \${{ inputs.to }} \${{ inputs.aetherstack }}
on:
  workflow_dispatch:
    inputs:
      from: { type: environment, required: true }
      to: { type: environment, required: true }
      aetherstack: { type: string }
jobs:
  promote:
    runs-on: ubuntu-24.04
    environment: \${{ inputs.to }}
    steps:
      - run: ./promote
`;
const WORDS = ['staging', 'production'];
const wordsOf =
  (own: string, others = WORDS): PlaceWordsOf =>
  () => ({ own: [own], others: others.filter((word) => word !== own) });

describe('a workflow that promotes from one environment to another', () => {
  it('is seen where it went, and not where it took from', async () => {
    const { start, live } = await repositoryWith('promote.yml', PROMOTE);
    await start({ from: 'staging', to: 'production' }, 'aether-up-1');
    expect(await live({}, wordsOf('production'))).toBe('aether-up-1');
    expect(await live({}, wordsOf('staging'))).toBeNull();
    expect(await live({ to: 'production' }, wordsOf('production')), 'which is fixed').toBe('aether-up-1');
    expect(await live({ to: 'staging' }, wordsOf('staging'))).toBeNull();
    expect(await live({}, wordsOf('live', ['qa', 'production'])), 'as a neighbour has it').toBeNull();
  });

  it('also where one of its jobs runs in the environment that it takes from', async () => {
    const check = `  check:\n    runs-on: ubuntu-24.04\n    environment: \${{ inputs.from }}\n    steps: [{ run: ./check }]\n`;
    const { start, live } = await repositoryWith('promote.yml', `${PROMOTE}${check}`);
    await start({ from: 'staging', to: 'production' }, 'aether-up-1');
    expect([await live({}, wordsOf('staging')), await live({}, wordsOf('production'))]).toEqual([null, 'aether-up-1']);
  });

  it('goes to its own environment, from any other', async () => {
    const { form } = await repositoryWith('promote.yml', PROMOTE);
    const types = (await form()).fields.map(({ name, type }) => [name, type]);
    expect(types).toEqual([
      ['from', 'choice'],
      ['to', 'environment'],
    ]);
  });
});
