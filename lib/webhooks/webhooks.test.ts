import { createHmac } from 'node:crypto';
import { eq, sql } from 'drizzle-orm';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { ServiceContext } from '@/lib/auth/context';
import { audit, inbox, rateLimits } from '@/lib/db/schema';
import { makeConnection } from '@/lib/db/testing/factories';
import { type EngineWorld, engineWorld } from '@/lib/deployments/testing/engine-world';
import { Secret } from '@/lib/kernel/secret';
import { providers } from '@/lib/providers/registry.generated';
import { DELIVERIES } from './pace';
import { processDeliveries, pruneInbox, stuckDeliveries, sweepInbox } from './process';
import { receiveWebhook, type SecretsOf } from './receive';

const provider = Object.values(providers).find((each) => each.methods.webhooks);
const providerId = provider?.manifest.id ?? '';
const secretsOf: SecretsOf = async () => [
  { connectionId: 'con_1', secrets: [new Secret('the-new-secret'), new Secret('the-old-secret')] },
];

let world: EngineWorld;
let ctx: ServiceContext;
let woken: string[];
beforeEach(async () => {
  world = await engineWorld();
  woken = [];
  ctx = {
    ...world.engine,
    actor: { kind: 'webhook', name: 'webhook', connectionId: '' },
    queue: { ...world.engine.queue, wakeInbox: async (_tx, ids) => void woken.push(...ids) },
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

const send = ({ raw, headers }: ReturnType<typeof delivery>, secrets = secretsOf) =>
  receiveWebhook(ctx, providerId, raw, headers, secrets);
const rows = () => world.database.db.select().from(inbox);

describe('receiving a webhook', () => {
  test('is acknowledged only when it is in the inbox, byte for byte, and its processing is on the way', async () => {
    const sent = delivery(run(1000));
    expect(await send(sent)).toMatchObject({ status: 202 });
    const [row] = await rows();
    expect(row).toMatchObject({ connectionId: 'con_1', state: 'received', event: 'workflow_run', remoteId: '1000' });
    expect(Buffer.compare(row?.body ?? Buffer.of(), sent.raw)).toBe(0);
    expect(woken).toEqual([row?.id]);
  });

  test('the same delivery again has no second effect; one whose processing failed runs again', async () => {
    await send(delivery(run(1000)));
    woken.length = 0;
    const [row] = await rows();
    await world.database.db
      .update(inbox)
      .set({ state: 'processed' })
      .where(eq(inbox.id, row?.id ?? ''));
    expect(await send(delivery(run(1000)))).toMatchObject({ status: 200 });
    expect(woken).toEqual([]);
    await world.database.db
      .update(inbox)
      .set({ state: 'failed' })
      .where(eq(inbox.id, row?.id ?? ''));
    await send(delivery(run(1000)));
    expect(woken).toEqual([row?.id]);
    expect(await rows()).toMatchObject([{ duplicates: 2 }]);
  });

  test('is kept and processed for each connection that gets it, under one id too: none stands in for another', async () => {
    await makeConnection(world.database.db, { id: 'con_2', providerId });
    const both: SecretsOf = async () => [
      ...(await secretsOf(ctx, providerId)),
      { connectionId: 'con_2', secrets: [new Secret('of-the-second')] },
    ];
    const [first, second] = ['the-new-secret', 'of-the-second'].map((secret) => delivery(run(1000), secret));
    if (!first || !second) throw new Error('Two deliveries.');
    expect(await send(first, both)).toMatchObject({ status: 202 });
    expect(await send(second, both)).toMatchObject({ status: 202 });
    const kept = await world.database.db.select().from(inbox).orderBy(inbox.connectionId);
    expect(kept.map(({ connectionId }) => connectionId)).toEqual(['con_1', 'con_2']);
    expect(woken).toEqual(kept.map(({ id }) => id));
    await world.database.db.update(inbox).set({ state: 'processed' }).where(eq(inbox.connectionId, 'con_1'));
    woken.length = 0;
    expect(await send(first, both)).toMatchObject({ status: 200 });
    expect(woken, 'the other’s state says nothing about this one').toEqual([]);
    expect(await send(second, both)).toMatchObject({ status: 200 });
    expect(woken).toEqual([kept[1]?.id]);
    const again = await world.database.db.select().from(inbox).orderBy(inbox.connectionId);
    expect(again.map(({ duplicates }) => duplicates)).toEqual([1, 1]);
  });

  test('the former secret is good while it rotates', async () => {
    expect(await send(delivery(run(1000), 'the-old-secret'))).toMatchObject({ status: 202 });
  });

  test('a forged one is refused, audited and not stored', async () => {
    expect(await send(delivery(run(1000), 'a-guess'))).toMatchObject({ status: 401 });
    expect(await rows()).toEqual([]);
    expect(await world.database.db.select().from(audit)).toMatchObject([
      { action: 'webhook.receive', outcome: 'refused', code: 'bad_signature' },
    ]);
  });

  test('a flood of forged ones is refused one by one, but does not fill the audit log', async () => {
    const forged = delivery(run(1000), 'a-guess');
    const answers = await Promise.all(Array.from({ length: 40 }, () => send(forged)));
    expect(answers.every((each) => each.status === 401)).toBe(true);
    expect(await world.database.db.$count(audit)).toBeLessThanOrEqual(21);
  });

  test('a body that was written anew does not fit its signature', async () => {
    const { headers } = delivery(run(1000));
    const again = new TextEncoder().encode(JSON.stringify(JSON.parse(run(1000)), null, 1));
    expect(await send({ raw: again, headers })).toMatchObject({ status: 401 });
  });

  test('without any secret everything is refused: it fails closed', async () => {
    expect(await send(delivery(run(1000)), async () => [])).toMatchObject({ status: 503 });
    expect(await rows()).toEqual([]);
  });

  test('signed junk is 400, an unknown provider 404, and a name from the prototype is no provider', async () => {
    expect(await send(delivery('{'))).toMatchObject({ status: 400 });
    expect(await send(delivery('{'))).toMatchObject({ status: 400 });
    expect(await rows(), 'kept once, where people see it').toMatchObject([{ event: 'unreadable', state: 'failed' }]);
    const lines = await world.database.db.select().from(audit);
    expect(lines.map((line) => [line.action, line.code])).toEqual([['webhook.set_aside', 'unreadable']]);
    expect(await sweepInbox(world.engine), 'and never tried').toBe(0);
    const { raw, headers } = delivery(run(1));
    for (const name of ['nobody', '__proto__', 'constructor'])
      expect(await receiveWebhook(ctx, name, raw, headers, secretsOf)).toMatchObject({ status: 404 });
  });
});

describe('more deliveries than one connection may send', () => {
  test('are answered 429 with a time to wait, are not stored, and are counted in one audit line', async () => {
    vi.stubEnv('AETHERSTACK_WEBHOOKS_PER_TEN_SECONDS', '10');
    try {
      const answers = [];
      for (let n = 0; n < 14; n++)
        answers.push(await send(delivery(run(1000 + n), 'the-new-secret', `6a9f0000-0000-11ef-9000-${n}`)));
      const late = answers.filter(({ status }) => status === 429);
      // A slow machine earns a token meanwhile.
      expect(late.length).toBeGreaterThanOrEqual(2);
      expect(late.every(({ retryAfter }) => retryAfter === 1)).toBe(true);
      expect(await rows()).toHaveLength(answers.length - late.length);
      const lines = await world.database.db.select().from(audit);
      expect(lines.map(({ code, resourceId, data }) => [code, resourceId, data])).toEqual([
        ['too_many_deliveries', 'con_1', { turnedAway: 1 }],
      ]);
      expect(await send(delivery(run(1), 'a-guess')), 'a stranger takes nothing away').toMatchObject({ status: 401 });
      await world.database.db.update(rateLimits).set({ updatedAt: new Date(Date.now() - 60_000) });
      expect(await send(delivery(run(1013))), 'later it goes on').toMatchObject({ status: 202 });
    } finally {
      vi.unstubAllEnvs();
    }
  });

  test('are more than a thousand in ten seconds; 45 at once write the shared count a few times only', async () => {
    expect(DELIVERIES).toBe(1_000);
    const ids = Array.from({ length: 45 }, (_, n) => `6a9f0000-0000-11ef-9000-b${n}`);
    const counted = vi.spyOn(ctx.db, 'execute');
    const answers = await Promise.all(ids.map((id) => send(delivery(run(5), 'the-new-secret', id))));
    expect(answers.every(({ status }) => status === 202)).toBe(true);
    // Two or three blocks of twenty, by what a test before this one left over.
    expect([2, 3]).toContain(counted.mock.calls.length);
    counted.mockRestore();
  });
});

test('what the database does not keep up with is not acknowledged: 503, with when to send it again', async () => {
  const away = async () => {
    throw new Error('timeout exceeded when trying to connect');
  };
  expect(await send(delivery(run(5)), away)).toMatchObject({ status: 503, retryAfter: 30 });
  const slow = async () => {
    throw new Error('Failed query', { cause: Object.assign(new Error('canceling statement'), { code: '57014' }) });
  };
  expect(await send(delivery(run(5)), slow)).toMatchObject({ status: 503, retryAfter: 30 });
  const bug = async () => {
    throw new TypeError('A bug.');
  };
  await expect(send(delivery(run(5)), bug)).rejects.toThrow('A bug.');
});

describe('processing a delivery', () => {
  test('wakes the deployment of that run, whose state then comes from the provider and not from the payload', async () => {
    const { deploymentId } = await world.click();
    await world.look(deploymentId);
    await send(delivery(run(1000)));
    world.woken.length = 0;
    await processDeliveries(world.engine, [woken[0] ?? '']);
    expect(world.woken).toEqual([deploymentId]);
    expect(await rows()).toMatchObject([{ state: 'processed', tries: 1 }]);
    expect((await world.look(deploymentId)).status).toBe('building');
  });

  test('wakes a deployment whose run is not known yet: it may be this one', async () => {
    world.vendor.answers = ['accepted-then-lost'];
    const { deploymentId } = await world.click();
    await world.look(deploymentId);
    await send(delivery(run(1000)));
    world.woken.length = 0;
    await processDeliveries(world.engine, [woken[0] ?? '']);
    expect(world.woken).toEqual([deploymentId]);
  });

  test('about nothing of ours is ignored, with the reason', async () => {
    await send(delivery(run(77)));
    await processDeliveries(world.engine, [woken[0] ?? '']);
    expect(await rows()).toMatchObject([{ state: 'ignored', note: expect.stringContaining('nothing') }]);
  });

  test('many together wake a deployment once; where that fails, only those that are at fault are tried again', async () => {
    const { deploymentId } = await world.click();
    await world.look(deploymentId);
    for (const [n, about] of [1000, 77, 1000, 1000].entries())
      await send(delivery(run(about), 'the-new-secret', `id-${n}`));
    const ids = [...new Set(woken)];
    world.woken.length = 0;
    const breaking = { ...world.engine.queue, wakeDeployment: () => Promise.reject(new TypeError('poison')) };
    await processDeliveries({ ...world.engine, queue: breaking }, ids);
    const states = async () => (await rows()).map(({ state, tries }) => `${state} ${tries}`).sort();
    expect(await states()).toEqual(['failed 1', 'failed 1', 'failed 1', 'ignored 1']);
    await processDeliveries(world.engine, ids);
    expect(world.woken).toEqual([deploymentId]);
    expect(await states()).toEqual(['ignored 1', 'processed 2', 'processed 2', 'processed 2']);
  });

  test('twice at once is done once', async () => {
    await send(delivery(run(77)));
    await processDeliveries(world.engine, [woken[0] ?? '']);
    await processDeliveries(world.engine, [woken[0] ?? '']);
    expect(await rows()).toMatchObject([{ tries: 1 }]);
  });

  test('is kept for 30 days', async () => {
    await send(delivery(run(77)));
    expect(await pruneInbox(world.database.db)).toBe(0);
    await world.database.db.update(inbox).set({ receivedAt: new Date(Date.now() - 31 * 24 * 3600_000) });
    expect(await pruneInbox(world.database.db)).toBe(1);
  });

  test('what waits is found by its own index, however many deliveries are kept', async () => {
    await send(delivery(run(77)));
    const { db } = world.database;
    await db.execute(sql`insert into inbox (id, provider_id, delivery_id, event, bytes, body, state, received_at)
      select 'inb_' || n, 'scripted', n::text, 'ping', 2, '\\x7b7d', 'processed', now() - interval '1 day' from generate_series(1, 5000) n`);
    await db.execute(sql`analyze inbox`);
    const plan = await db.execute(
      sql`explain select id from inbox where ${stuckDeliveries()} order by received_at limit 100`,
    );
    expect(JSON.stringify(plan.rows)).toContain('inbox_waiting');
  });

  test('one whose job was lost is swept up, at most three times', async () => {
    await send(delivery(run(77)));
    await world.database.db.update(inbox).set({ receivedAt: new Date(Date.now() - 60_000) });
    expect(await sweepInbox(world.engine)).toBe(1);
    await world.database.db.update(inbox).set({ tries: 3 });
    expect(await sweepInbox(world.engine)).toBe(0);
  });
});
