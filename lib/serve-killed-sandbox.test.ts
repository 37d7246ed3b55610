import { eq, sql } from 'drizzle-orm';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { attempts } from '@/lib/db/schema';
import { makeTarget } from '@/lib/db/testing/factories';
import * as engine from '@/lib/deployments/server';
import { claim } from '@/lib/deployments/server/claim';
import { HOSTS, HostedWorld } from '@/lib/deployments/testing/hosted-world';
import { type Client, clientOf } from '@/lib/sandbox/testing/client';
import { sandboxFetch } from '@/lib/sandbox/transport';

let client: Client;
let world: HostedWorld;
let targetId: string;
let older: Awaited<ReturnType<typeof built>>;
beforeAll(async () => {
  client = await clientOf({ pace: 1 });
  world = await HostedWorld.open({ client, fetch: sandboxFetch(client.sandbox.url) });
  for (const id of ['netlify', 'github']) await world.connect(id);
  const connection = { id: world.connectionIds.get('netlify') ?? '' };
  targetId = (await makeTarget(world.database.db, { connection, config: HOSTS.netlify })).id;
  older = await built();
  await built();
});
afterAll(() => world.close());

async function built() {
  const { deploymentId } = await world.deploy(targetId, await world.push());
  return world.until(deploymentId, 'succeeded');
}

test('a way back whose process died before it had looked at the host is sent by the next one, and nobody is asked', async () => {
  const { deploymentId } = await engine.rollBack(world.ctx, {
    ...{ targetId, toDeploymentId: older.id, reason: 'Errors went up', idempotencyKey: world.key() },
  });
  // Dead with its claim committed: neither a look nor a request of its own has left.
  expect((await claim(world.ctx, await world.row(deploymentId), null)).kind).toBe('claimed');
  const longAgo = sql`now() - interval '10 minutes'` as unknown as Date;
  await world.database.db.update(attempts).set({ leaseUntil: longAgo }).where(eq(attempts.deploymentId, deploymentId));
  const ended = await world.until(deploymentId, 'succeeded');
  expect(ended).toMatchObject({ attention: null, remoteId: older.remoteId });
  const tried = await world.database.db.select().from(attempts).where(eq(attempts.deploymentId, deploymentId));
  expect(tried.map(({ state }) => state).sort()).toEqual(['absent', 'accepted']);
  const { hosts } = (await client.control('state')) as { hosts: { provider: string; repointed: string[] }[] };
  expect(hosts.find(({ provider }) => provider === 'netlify')?.repointed, 'sent once').toEqual([older.remoteId]);
});
