import { createHmac } from 'node:crypto';
import { eq, sql } from 'drizzle-orm';
import { expect } from 'vitest';
import type { ServiceContext } from '@/lib/auth/context';
import { inbox } from '@/lib/db/schema';
import { advance, sweep } from '@/lib/deployments/server';
import { claim } from '@/lib/deployments/server/claim';
import { submit } from '@/lib/deployments/server/submit';
import type { GateWorld } from '@/lib/deployments/testing/gate-world';
import { Secret } from '@/lib/kernel/secret';
import { providers } from '@/lib/providers/registry.generated';
import { processDeliveries } from '@/lib/webhooks/process';
import { receiveWebhook } from '@/lib/webhooks/receive';
import { clear, request, ungated } from './deployments';
import { meet, type Round } from './meeting';

const SECRET = 'the-secret-of-the-hook';
const sender = Object.values(providers).find(({ methods }) => methods.webhooks && methods.workflows);

function delivery(remoteId: string, n: number) {
  const run = { id: Number(remoteId), status: 'completed', conclusion: 'success', run_attempt: 1 };
  const raw = new TextEncoder().encode(
    JSON.stringify({
      action: 'completed',
      workflow_run: { ...run, head_sha: 'a'.repeat(40) },
      repository: { full_name: 'acme/app' },
    }),
  );
  const id = `6a9f0000-0000-11ef-9000-${String(n).padStart(12, '0')}`;
  const headers = new Headers({ 'x-github-event': 'workflow_run', 'x-github-delivery': id });
  headers.set(
    sender?.manifest.capabilities.webhooks?.signatureHeader ?? '',
    `sha256=${createHmac('sha256', SECRET).update(raw).digest('hex')}`,
  );
  return { id, raw, headers };
}

/** A hook with this one secret, whose jobs run as soon as they are committed. */
function receiver(world: GateWorld): (sent: ReturnType<typeof delivery>) => Promise<number> {
  return async ({ raw, headers }) => {
    const jobs: string[] = [];
    const ctx: ServiceContext = {
      ...world.engine,
      actor: { kind: 'webhook', name: 'webhook', connectionId: '' },
      queue: { ...world.engine.queue, wakeInbox: async (_tx, ids) => void jobs.push(...ids) },
    };
    const secrets = async () => [{ connectionId: 'con_1', secrets: [new Secret(SECRET)] }];
    const { status } = await receiveWebhook(ctx, sender?.manifest.id ?? '', raw, headers, secrets);
    const woken: string[] = [];
    const queue = { ...world.engine.queue, wakeDeployment: async (_tx: unknown, id: string) => void woken.push(id) };
    await processDeliveries({ ...world.engine, queue }, jobs);
    for (const id of woken) await advance(world.engine, id);
    return status;
  };
}

/** How often each status was entered. */
async function entered({ database }: GateWorld, id: string): Promise<Record<string, number>> {
  const { rows } = await database.pool.query<{ status: string; n: number }>(
    'select to_status as status, count(*)::int as n from events where deployment_id = $1 and to_status is not null group by 1',
    [id],
  );
  return Object.fromEntries(rows.map(({ status, n }) => [status, n]));
}

/** The same delivery twice at once, and a sweep that finds the end of the run by itself. */
export async function webhook(world: GateWorld): Promise<Round> {
  await ungated(world);
  const receive = receiver(world);
  let n = 0;
  return async (meeting) => {
    await clear(world);
    const id = await request(world);
    const { remoteId } = await world.look(id);
    const run = world.vendor.runs.find((each) => each.id === remoteId) ?? expect.fail('no run');
    run.phase = meeting.variant % 3 === 0 ? 'failed' : 'done';
    await world.database.db.execute(sql`update deployments set next_check_at = now() where id = ${id}`);
    const sent = delivery(run.id, ++n);
    const before = world.vendor.requests;
    let swept = 0;
    const [statuses] = await meet(
      world.database,
      { ...meeting, reach: { first: 50, second: 60 } },
      () => Promise.all([receive(sent), receive(sent)]),
      async () => {
        swept = await sweep(world.engine);
        if (swept > 0) await advance(world.engine, id);
      },
    );
    expect(statuses.toSorted()).toEqual([200, 202]);
    const kept = await world.database.db.select().from(inbox).where(eq(inbox.deliveryId, sent.id));
    // The second copy may have it processed once more, which only is another look.
    expect(kept).toMatchObject([{ duplicates: 1, note: expect.stringMatching(/^(Woke 1|About nothing)/) }]);
    expect(kept[0]?.tries).toBeLessThanOrEqual(2);
    const end = run.phase === 'failed' ? 'failed' : 'succeeded';
    const row = await world.look(id);
    expect(row).toMatchObject({ status: end, nextCheckAt: null, remoteId: run.id });
    const counts = await entered(world, id);
    expect(Object.entries(counts).filter(([, times]) => times !== 1)).toEqual([]);
    expect(counts[end]).toBe(1);
    expect(world.vendor.requests).toBe(before);
    if (end === 'succeeded') expect(await world.current()).toBe(id);
    return kept[0]?.state === 'processed' ? 'the delivery woke it' : 'it was over';
  };
}

/** Of this one alone: over every row it would take longer from round to round, and the request be answered first. */
async function passLease({ database }: GateWorld, id: string, seconds: number): Promise<void> {
  await database.pool.query(
    `update attempts set sent_at = sent_at - $2 * interval '1 second', lease_until = lease_until - $2 * interval '1 second',
       answered_at = answered_at - $2 * interval '1 second' where deployment_id = $1`,
    [id, seconds],
  );
}

/** The lease of an attempt ends while its request is answered, and others look for its run. */
export async function lease(world: GateWorld): Promise<Round> {
  await ungated(world);
  return async (meeting) => {
    await clear(world);
    const id = await request(world);
    const { requests, runs } = world.vendor;
    const before = { requests, runs: runs.length };
    const turn = await claim(world.engine, await world.row(id), null);
    const claimed = turn.kind === 'claimed' ? turn.claimed : expect.fail('not claimed');
    // The lease alone is over, or so long that the absence of a run is proven.
    const seconds = meeting.variant % 2 ? 35 : 120;
    await meet(
      world.database,
      { ...meeting, reach: { first: 200, second: 40 } },
      () => submit(world.engine, claimed),
      async () => {
        await passLease(world, id, seconds);
        await Promise.all([advance(world.engine, id), advance(world.engine, id)]);
      },
    );
    const row = await world.look(id);
    const started = world.vendor.runs.slice(before.runs);
    expect(row.status).toBe('building');
    expect(started.filter((run) => run.phase !== 'cancelled').map((run) => run.id)).toEqual([row.remoteId]);
    expect(world.vendor.requests - before.requests).toBe(started.length);
    expect(started.length).toBeLessThanOrEqual(2);
    const timeline = await world.timeline(id);
    expect(timeline.filter((kind) => kind === 'second_run')).toHaveLength(started.length - 1);
    const attempts = await world.attemptsOf(id);
    expect(attempts.map((each) => each.number)).toEqual(attempts.map((_, at) => at + 1));
    expect(attempts.filter((each) => each.remoteId === row.remoteId)).toMatchObject([{ state: 'accepted' }]);
    expect(attempts.filter((each) => each.state === 'sending')).toEqual([]);
    return started.length === 1 ? 'one request' : 'the second was called off';
  };
}
