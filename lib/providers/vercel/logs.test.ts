import { expect, it } from 'vitest';
import { Secret } from '@/lib/kernel/secret';
import { memoryWorld } from '../conformance/harness';
import type { ProviderContext } from '../port';
import { provider } from './adapter';
import { createVercelSimulator } from './simulator';

const target = {
  ...{ project: 'aetherstack-dashboard', team: 'aetherstack', production: true },
  ...{ repository: 'aetherstack/aetherstack', defaultRef: 'main' },
};
const revision = { ref: 'main', refKind: 'branch', sha: 'a'.repeat(40) } as const;
const { deploy, logs } = provider.methods;

function host() {
  const world = memoryWorld();
  const simulator = createVercelSimulator(world, { seed: 7 });
  const context = (fetch: typeof globalThis.fetch): ProviderContext => ({
    connectionId: 'con_1',
    origin: 'https://api.vercel.com',
    credential: { kind: 'token', token: new Secret('sandbox-token') },
    now: world.now,
    fetch,
  });
  const answer: typeof globalThis.fetch = async (input, init) => simulator.handle(new Request(input, init));
  return { world, answer, context };
}

it('reads the log while it grows, each line once, also lines of one millisecond and of the older form', async () => {
  const { world, answer, context } = host();
  const c = context(answer);
  const started = await deploy.trigger(c, target, { marker: 'aether-one-1', revision, inputs: {} });
  const ref = started ?? expect.fail('no run');
  let text = '';
  let cursor: string | null = null;
  for (let second = 0; second < 40 && (second === 0 || cursor !== null); second++) {
    world.advance(1_000);
    const chunk = await logs.read(c, target, ref.id, cursor);
    text += chunk.text;
    cursor = chunk.cursor;
  }
  expect(text.match(/Cloning the repository/g)).toHaveLength(1);
  expect(text.split('\n').filter(Boolean)).toHaveLength(12);
  const flat = [1, 1, 2].map((created, id) => ({
    ...{ type: 'stdout', created, date: created, deploymentId: ref.id, id: String(id), serial: String(id) },
    ...{ text: `line ${id}`, info: { type: 'build', name: 'bld' } },
  }));
  const older = context(async (input, init) =>
    new Request(input).url.includes('/events') ? Response.json(flat) : answer(input, init),
  );
  expect((await logs.read(older, target, ref.id, '1.1')).text).toBe('line 1\nline 2\n');
});
