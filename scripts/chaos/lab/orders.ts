import { engineActor } from '@/lib/auth/actor';
import { accept } from '@/lib/extensions/server';
import { sampleVsix } from '@/lib/extensions/testing/sample-vsix';
import { click, clickAll, count, settled, until } from './clicks';
import { extensionOf, galleries, repointingProviders, workflowProvider } from './vendors';
import type { World } from './world';

/** What builds nothing anew: a package goes to a gallery, failed jobs run again, a build is served once more. */
export type Way = 'publish' | 'retry' | 'serve';

export interface Order {
  way: Way;
  provider: string;
  targetId: string;
  verb: string;
  input: object;
  /** What has to be live after it; null where it is another question. */
  serves: string | null;
}

/** Which ways there are, and where. */
export function placesOfWays(): { way: Way; provider: string }[] {
  return [
    ...galleries().map((provider) => ({ way: 'publish' as const, provider })),
    { way: 'retry', provider: workflowProvider() },
    ...repointingProviders().map((provider) => ({ way: 'serve' as const, provider })),
  ];
}

/** So many orders for each place. A host's builds come after one another, so it has one target and two builds. */
export async function makeOrders(world: World, each: number): Promise<Order[]> {
  const worker = await world.startWorker();
  const published = await Promise.all(galleries().map((provider) => toPublish(world, provider)));
  await runsThatFail(world);
  const served = await toServe(world, each);
  await worker.kill();
  return [...published.flat(), ...(await toRetry(world)), ...served];
}

const atGates = { reason: 'Chaos', checklist: [], freezeOverrideReason: null };

async function toPublish(world: World, provider: string): Promise<Order[]> {
  const targetIds = world.estate.targetsAt[provider] ?? [];
  // The people of a world have no account, and a package names whose it is.
  const machine = world.runtime.contextFor(engineActor);
  return Promise.all(
    targetIds.map(async (targetId, n) => {
      const bytes = sampleVsix(extensionOf(provider, n));
      const { packageId } = await accept(machine, bytes, { kind: 'upload' });
      const input = { ...atGates, packageId, targetIds: [targetId], idempotencyKey: `${targetId}-publish` };
      return { way: 'publish' as const, provider, targetId, verb: 'publish', input, serves: null };
    }),
  );
}

interface Built {
  id: string;
  remoteId: string;
  status: string;
}

async function newestOf(world: World, targetId: string): Promise<Built> {
  const { rows } = await world.runtime.database.pool.query<Built>(
    'select id, remote_id as "remoteId", status from deployments where target_id = $1 order by number desc limit 1',
    [targetId],
  );
  const [row] = rows;
  if (!row) throw new Error(`Nothing was ever asked for at ${targetId}.`);
  return row;
}

async function toServe(world: World, each: number): Promise<Order[]> {
  const at = repointingProviders().map((provider) => ({
    provider,
    targetId: world.estate.targetsAt[provider]?.[0] ?? '',
    builds: [] as Built[],
  }));
  for (const round of [1, 2]) {
    if (round === 2) world.estate.sha = await world.push({ 'CHAOS.md': 'Another build.\n' });
    for (const { targetId } of at) await click(world, targetId, `${targetId}-build-${round}`);
    const before = world.estate.targetsAt[workflowProvider()]?.length ?? 0;
    await settled(world, before + round * at.length, 60_000 + before * 500);
    for (const { targetId, builds } of at) builds.push(await newestOf(world, targetId));
  }
  return at.flatMap(({ provider, targetId, builds }) =>
    Array.from({ length: each }, (_, n) => {
      // The second one is live, so the first one is asked for first.
      const { id = '', remoteId = '' } = builds[n % 2] ?? {};
      const input = { ...atGates, targetId, toDeploymentId: id, idempotencyKey: `${targetId}-back-${n}` };
      return { way: 'serve' as const, provider, targetId, verb: 'rollBack', input, serves: remoteId };
    }),
  );
}

/** In their first attempt. They end while others are built. */
async function runsThatFail(world: World): Promise<void> {
  const targetIds = world.estate.targetsAt[workflowProvider()] ?? [];
  await world.scenario({ outcome: 'flaky' });
  await clickAll(world, targetIds);
  await until(async () => (await count(world, 'started_at is not null')) >= targetIds.length, 60_000);
  await world.scenario({ outcome: 'success' });
}

async function toRetry(world: World): Promise<Order[]> {
  const provider = workflowProvider();
  return Promise.all(
    (world.estate.targetsAt[provider] ?? []).map(async (targetId) => {
      const { id: deploymentId } = await newestOf(world, targetId);
      const input = { deploymentId, idempotencyKey: `${targetId}-retry` };
      return { way: 'retry' as const, provider, targetId, verb: 'retry', input, serves: null };
    }),
  );
}
