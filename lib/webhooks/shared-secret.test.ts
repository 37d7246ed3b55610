import { createHmac } from 'node:crypto';
import { eq } from 'drizzle-orm';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { ServiceContext } from '@/lib/auth/context';
import { deployments, inbox, targets } from '@/lib/db/schema';
import { makeConnection } from '@/lib/db/testing/factories';
import { type EngineWorld, engineWorld } from '@/lib/deployments/testing/engine-world';
import { Secret } from '@/lib/kernel/secret';
import { providers } from '@/lib/providers/registry.generated';
import { receiveWebhook, type SecretsOf } from './receive';

const provider = Object.values(providers).find((each) => each.methods.webhooks);
const providerId = provider?.manifest.id ?? '';

let world: EngineWorld;
let ctx: ServiceContext;
beforeEach(async () => {
  world = await engineWorld();
  ctx = {
    ...world.engine,
    actor: { kind: 'webhook', name: 'webhook', connectionId: '' },
    queue: { ...world.engine.queue, wakeInbox: async () => undefined },
  };
});
afterEach(() => world.close());

const run = (id: number) =>
  JSON.stringify({
    action: 'completed',
    workflow_run: { id, status: 'completed', conclusion: 'success', run_attempt: 1, head_sha: 'a'.repeat(40) },
    repository: { full_name: 'acme/app' },
  });

function delivery(body: string, secret = 'the-new-secret', id = '6a9f0000-0000-11ef-9000-000000000001') {
  const raw = new TextEncoder().encode(body);
  const headers = new Headers({
    'x-github-event': 'workflow_run',
    'x-github-delivery': id,
    'content-type': 'application/json',
  });
  headers.set(
    provider?.manifest.capabilities.webhooks?.signatureHeader ?? '',
    `sha256=${createHmac('sha256', secret).update(raw).digest('hex')}`,
  );
  return { raw, headers };
}

const send = ({ raw, headers }: ReturnType<typeof delivery>, secrets: SecretsOf) =>
  receiveWebhook(ctx, providerId, raw, headers, secrets);
const rows = () => world.database.db.select().from(inbox);

/** A second connection with the same secret and a target of its own. */
async function twoOfOneSecret() {
  const { db } = world.database;
  await makeConnection(db, { id: 'con_2', providerId });
  await db.update(targets).set({ connectionId: 'con_2' }).where(eq(targets.id, 'tgt_production'));
  const shared: SecretsOf = async () =>
    ['con_1', 'con_2'].map((connectionId) => ({ connectionId, secrets: [new Secret('the-new-secret')] }));
  const repositoryOf = (connectionId: string, repository: string) =>
    db.update(targets).set({ config: { repository } }).where(eq(targets.connectionId, connectionId));
  return { shared, repositoryOf };
}

describe('a delivery whose secret several connections have', () => {
  test('is for each connection that has its secret; what cannot be read is set aside for each, too', async () => {
    const { shared } = await twoOfOneSecret();
    const statuses = [];
    for (const body of [run(1000), run(1000), '{', '{']) statuses.push((await send(delivery(body), shared)).status);
    expect(statuses).toEqual([202, 200, 400, 400]);
    const kept = await rows();
    const of = (id: string) => kept.filter(({ connectionId }) => connectionId === id).map(({ state }) => state);
    expect([of('con_1'), of('con_2')].map((states) => states.sort())).toEqual([
      ['failed', 'received'],
      ['failed', 'received'],
    ]);
  });

  test('of one secret, it is for the connections whose targets, or whose runs, are of its repository', async () => {
    const { shared, repositoryOf } = await twoOfOneSecret();
    await repositoryOf('con_2', 'Other/place');
    await repositoryOf('con_1', 'acme/app');
    await send(delivery(run(1000)), shared);
    expect((await rows()).map(({ connectionId }) => connectionId)).toEqual(['con_1']);
    const { deploymentId } = await world.click();
    await world.look(deploymentId);
    await repositoryOf('con_1', 'acme/moved');
    await world.database.db.update(deployments).set({ config: { repository: 'acme/app' } });
    await send(delivery(run(1000), 'the-new-secret', '6a9f0000-0000-11ef-9000-000000000002'), shared);
    expect((await rows()).map(({ connectionId }) => connectionId)).toEqual(['con_1', 'con_1']);
    await world.database.db.update(deployments).set({ config: {} });
    await send(delivery(run(1000), 'the-new-secret', '6a9f0000-0000-11ef-9000-000000000003'), shared);
    expect(await rows(), 'nobody’s is everybody’s').toHaveLength(4);
  });

  test('a flood for one turns none away that is for another', async () => {
    vi.stubEnv('AETHERSTACK_WEBHOOKS_PER_TEN_SECONDS', '3');
    try {
      const { shared, repositoryOf } = await twoOfOneSecret();
      await repositoryOf('con_1', 'acme/app');
      await repositoryOf('con_2', 'other/place');
      const from = (name: string, n: number) =>
        send(delivery(run(n).replace('acme/app', name), 'the-new-secret', `6a9f0000-0000-11ef-9000-c${n}`), shared);
      const flood = [];
      for (let n = 0; n < 8; n++) flood.push((await from('acme/app', n)).status);
      expect(flood).toContain(429);
      expect(await from('other/place', 20)).toMatchObject({ status: 202 });
      expect((await from('nobodys/own', 21)).status, 'who has room takes what is for both').toBe(202);
    } finally {
      vi.unstubAllEnvs();
    }
  });
});
