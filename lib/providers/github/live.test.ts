import { describe, expect, it } from 'vitest';
import { Secret } from '@/lib/kernel/secret';
import { repositoryFiles } from '@/lib/sandbox/repository-files';
import { memoryWorld, wire } from '../conformance/harness';
import { provider } from './adapter';
import { titlePattern } from './live';
import { createGithubSimulator } from './simulator';

describe('titles of runs', () => {
  const name = `Deploy backend to \${{ inputs.environment }} \${{ inputs.aetherstack }}`;

  it.each([
    [name, { environment: 'production' }, 'Deploy backend to production aether-a-1', true],
    [name, { environment: 'production' }, 'Deploy backend to production', true],
    [name, { environment: 'production' }, 'Deploy backend to staging production', false],
    [name, { environment: 'prod' }, 'Deploy backend to production', false],
    [`To \${{ inputs.environment || 'staging' }}`, { environment: 'production' }, 'To production', true],
    [`To \${{ inputs.environment || 'staging' }}`, { environment: 'production' }, 'To staging', false],
    [`Publish (\${{ github.event.inputs.channel }})`, { channel: 'a.*b' }, 'Publish (a.*b)', true],
    [`Publish (\${{ github.event.inputs.channel }})`, { channel: 'a.*b' }, 'Publish (axxb)', false],
  ])('%j with %j: %j', (runName, inputs, title, fits) => {
    expect(titlePattern(runName, inputs)?.test(title)).toBe(fits);
  });

  it('that show none of the inputs tell nothing', () => {
    expect(titlePattern(`Deploy \${{ inputs.aetherstack }}`, { environment: 'production' })).toBeNull();
    expect(titlePattern('', { environment: 'production' })).toBeNull();
    expect(titlePattern(name, JSON.parse('{"__proto__":"x"}'))).toBeNull();
  });
});

describe('one workflow for several targets', () => {
  it('tells them apart by the inputs that each fixes', async () => {
    const world = memoryWorld();
    const simulator = createGithubSimulator(world, { seed: 7, files: await repositoryFiles() });
    const token = { kind: 'token', token: new Secret('sandbox-token') } as const;
    const base = { repository: 'aetherstack/aetherstack', workflow: 'backend-deploy.yml', defaultRef: 'main' };
    const line = wire(provider.manifest, {
      world,
      fetch: (input: RequestInfo | URL, init?: RequestInit) => simulator.handle(new Request(input, init)),
      credentials: { good: token, refused: token, weak: token },
      isMutation: () => false,
    } as unknown as Parameters<typeof wire>[1]);
    const target = (environment: string) => ({ ...base, inputs: { environment } });
    const start = async (environment: string, marker: string) => {
      const revision = await provider.methods.source.resolve(line.context, base, 'main');
      await provider.methods.deploy.trigger(line.context, target(environment), { marker, revision, inputs: {} });
      world.advance(600_000);
    };
    const live = async (environment: string) =>
      (await provider.methods.live.read(line.context, target(environment)))?.marker ?? null;
    await start('staging', 'aether-one-1');
    await start('production', 'aether-two-1');
    await start('production', 'aether-three-1');
    expect([await live('staging'), await live('production')]).toEqual(['aether-one-1', 'aether-three-1']);
    const open = async (own: string, other: string) =>
      (await provider.methods.live.read(line.context, base, { own: [own], others: [other] }))?.marker ?? null;
    expect(await open('staging', 'Production'), 'which fixes nothing').toBe('aether-one-1');
    expect(await open('production', 'staging')).toBe('aether-three-1');
    expect(await open('live', 'qa'), 'of which titles name neither').toBe('aether-three-1');
    const asked = line.sent.length;
    await live('staging');
    expect(line.sent.length - asked, 'requests of one look').toBe(2);
  });
});
