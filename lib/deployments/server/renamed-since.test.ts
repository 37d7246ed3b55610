import { eq } from 'drizzle-orm';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { connections, targets } from '@/lib/db/schema';
import { ProviderError, type Revision } from '@/lib/providers/port';
import { type EngineWorld, engineWorld } from '../testing/engine-world';

let world: EngineWorld;
/** What the host is connected to, and what is found at a ref of a repository; null = nothing. */
let host: { connected: string; found: (repository: string, ref: string) => string | ProviderError | null };

beforeEach(async () => {
  world = await engineWorld();
  host = { connected: 'acme/app', found: () => world.vendor.head };
  await world.database.db.update(connections).set({ providerId: 'netlify' });
  const { manifest, methods } = world.vendor.provider;
  delete methods.workflows;
  manifest.capabilities.deploy = { idempotency: 'lookup', revision: 'commit' };
  const { deploy, source } = methods;
  if (!deploy || !source) throw new Error('The scripted provider has them.');
  const { trigger } = deploy;
  deploy.trigger = (c, config, request) => {
    if (config.repository === host.connected) return trigger(c, config, request);
    throw new ProviderError('rejected', 'other_repository', 'Mend the target’s settings.');
  };
  source.resolve = async (_c, config, ref): Promise<Revision> => {
    const found = host.found(String(config.repository), ref);
    if (found instanceof ProviderError) throw found;
    if (found === null) throw new ProviderError('notFound', 'no_ref', 'There is none.');
    return { ref: 'main', refKind: 'branch', sha: found };
  };
});
afterEach(() => world.close());

/** It waits, and meanwhile the repository gets another name, at the host and in the target’s settings. */
async function renamed() {
  const { deploymentId } = await world.click({ inputs: {} });
  host.connected = 'acme/new';
  const config = { repository: 'acme/new' };
  await world.database.db.update(targets).set({ config }).where(eq(targets.id, 'tgt_staging'));
  return deploymentId;
}

test('what waited while its repository was renamed is sent under the name of now, and stays what was approved', async () => {
  const asked: string[] = [];
  const id = await renamed();
  host.found = (repository, ref) => {
    asked.push(`${repository} ${ref}`);
    return world.vendor.head;
  };
  const row = await world.look(id);
  expect(row).toMatchObject({ failureCode: null, config: { repository: 'acme/app' } });
  expect(asked).toEqual([`acme/new refs/heads/main@${world.vendor.head}`]);
  expect(world.vendor.requests).toBe(1);
});

test('not where the commit is not found under that name: it is another repository', async () => {
  const id = await renamed();
  host.found = () => null;
  expect(await world.look(id)).toMatchObject({ status: 'failed', failureCode: 'other_repository' });
  expect(world.vendor.requests).toBe(0);
});

test('nor, at a host that builds the newest of a branch, where that is another commit', async () => {
  world.vendor.provider.manifest.capabilities.deploy = { idempotency: 'lookup', revision: 'head' };
  const id = await renamed();
  host.found = () => 'b'.repeat(40);
  expect(await world.look(id)).toMatchObject({ status: 'failed', failureCode: 'other_repository' });
});

test('where nobody can say, nothing is sent and it is asked again', async () => {
  const id = await renamed();
  host.found = () => new ProviderError('auth', 'bad_credential', 'The token ended.');
  const waiting = await world.look(id);
  expect(waiting).toMatchObject({ status: 'submitting', waitingFor: expect.stringContaining('nothing was started') });
  expect(world.vendor.requests).toBe(0);
  host.found = () => world.vendor.head;
  await world.passTime(60);
  await world.look(id);
  expect(world.vendor.requests).toBe(1);
});
