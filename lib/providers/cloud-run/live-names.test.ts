import { expect, it } from 'vitest';
import { keyFileOf, tokenHost } from '@/lib/http/testing/service-account-tokens';
import { Secret } from '@/lib/kernel/secret';
import { type Harness, memoryWorld, wire } from '../conformance/harness';
import { provider } from './adapter';
import { createCloudRunSimulator, PATCHED } from './simulator';

const DEVELOPER = 'deployer@acme-prod.iam.gserviceaccount.com';
const PLACE = 'acme-prod/europe-west3/backend/backend-1';
const { configuration } = provider.methods;

/** A service whose simulated vendor is asked over the wire. */
function service() {
  const world = memoryWorld();
  const tokens = tokenHost(world.now);
  const { accountOf } = tokens;
  const simulator = createCloudRunSimulator(world, { seed: 7, accountOf, developers: [DEVELOPER] });
  const password = new Secret(keyFileOf(DEVELOPER, { known: true }));
  const good = { kind: 'basic', username: '_json_key', password, tokenOrigin: null } as const;
  const asked: string[] = [];
  const own: Harness = {
    ...{ world, target: { project: 'acme-prod', region: 'europe-west3', service: 'backend' }, ref: '', inputs: {} },
    fetch: async (input, init) => {
      const request = new Request(input, init);
      asked.push(new URL(request.url).pathname.split('/').slice(-2).join('/'));
      return request.url.includes('oauth2') ? tokens.handle(request) : simulator.handle(request);
    },
    credentials: { good, refused: good, weak: good },
    ...{ markers: () => [], garbled: (inner) => inner, isMutation: ({ method }) => method === 'PATCH' },
  };
  const { context } = wire(provider.manifest, own);
  return {
    ...{ world, simulator, asked },
    reads: () => configuration.reads(context, own.target, 'production'),
    names: async () => (await configuration.list(context, PLACE)).map(({ name }) => name),
    remove: (name: string) => configuration.remove(context, PLACE, { kind: 'variable', name }),
  };
}

it('a variable whose removal does not serve yet is none of the service any more, and one of what serves', async () => {
  const { world, reads, names, remove, simulator } = service();
  expect((await reads()).liveNames, 'what was asked for last is what serves').toBeUndefined();
  world.set({ outcome: 'failure' });
  await expect(remove('LOG_LEVEL')).rejects.toMatchObject({ code: 'revision_failed' });
  expect(await names()).not.toContain('LOG_LEVEL');
  expect((await reads()).liveNames).toEqual([
    { kind: 'variable', name: 'LOG_LEVEL' },
    { kind: 'secret', name: 'DATABASE_URL' },
    { kind: 'variable', name: 'REGION' },
  ]);
  const containers = simulator.revisions()[1]?.containers ?? [];
  await world.record({ at: world.now(), kind: PATCHED, data: { containers, fails: false, pace: 1 } });
  world.advance(60_000);
  expect((await reads()).liveNames).toBeUndefined();
});

it('what serves is asked about only where it may be another than what was asked for last', async () => {
  const { reads, asked } = service();
  await reads();
  expect(asked.filter((path) => path.startsWith('revisions'))).toEqual([]);
});
