import { eq } from 'drizzle-orm';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { environments } from '@/lib/db/schema';
import { makeTarget } from '@/lib/db/testing/factories';
import { redeploy, retryDeployment } from '@/lib/deployments/server';
import { HostedWorld } from '@/lib/deployments/testing/hosted-world';
import { clientOf } from '@/lib/sandbox/testing/client';
import { sandboxFetch } from '@/lib/sandbox/transport';

const CONFIG = {
  ...{ repository: 'aetherstack/aetherstack', workflow: 'backend-deploy.yml', defaultRef: 'main' },
  inputs: { environment: 'staging' },
};

let world: HostedWorld;
let targetId: string;
beforeAll(async () => {
  const client = await clientOf({ pace: 1 });
  world = await HostedWorld.open({ client, fetch: sandboxFetch(client.sandbox.url) });
  const connection = { id: await world.connect('github') };
  const { db } = world.database;
  const target = await makeTarget(db, { connection, config: CONFIG });
  await db
    .update(environments)
    .set({ policy: { checks: 'success' }, policyVersion: 2 })
    .where(eq(environments.id, target.environmentId));
  targetId = target.id;
});
afterAll(() => world.close());

const failed = async () => {
  const sha = await world.push();
  await world.client.control('advance', { ms: 20 * 60_000 });
  await world.client.control('scenario', { name: 'fails' });
  const { deploymentId } = await world.deploy(targetId, sha);
  await world.until(deploymentId, 'failed');
  await world.client.control('scenario', { name: 'happy' });
  return { deploymentId, sha };
};
const checksOf = async (sha: string) => {
  const { provider, context } = await world.ctx.openConnection(world.connectionIds.get('github') ?? '');
  return (await provider.methods.source?.commit(context, CONFIG, sha))?.checks;
};

test('a deployment that failed leaves its own commit as green as its CI is, so it is deployed again', async () => {
  const { deploymentId, sha } = await failed();
  expect(await checksOf(sha)).toBe('success');
  const again = await redeploy(world.ctx, { deploymentId, idempotencyKey: world.key() });
  await world.until(again.deploymentId, 'succeeded');
});

test('and its failed jobs are run again', async () => {
  const { deploymentId } = await failed();
  const again = await retryDeployment(world.ctx, { deploymentId });
  await world.until(again.deploymentId, 'building');
});
