import { eq, sql } from 'drizzle-orm';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { attempts, deployments, settings } from '@/lib/db/schema';
import { makeTarget } from '@/lib/db/testing/factories';
import * as engine from '@/lib/deployments/server';
import { claim } from '@/lib/deployments/server/claim';
import { beat } from '@/lib/deployments/server/heartbeat';
import { settle } from '@/lib/deployments/server/settle';
import { HOSTS, HostedWorld } from '@/lib/deployments/testing/hosted-world';
import { capability } from '@/lib/providers/port';
import { type Client, clientOf } from '@/lib/sandbox/testing/client';
import { sandboxFetch } from '@/lib/sandbox/transport';

type Row = Awaited<ReturnType<HostedWorld['row']>>;

let client: Client;
let world: HostedWorld;
let targetId: string;
let older: Row;
let between: Row;
let newest: Row;
beforeEach(async () => {
  client = await clientOf({ pace: 1 });
  world = await HostedWorld.open({ client, fetch: sandboxFetch(client.sandbox.url) });
  for (const id of ['netlify', 'github']) await world.connect(id);
  const connection = { id: world.connectionIds.get('netlify') ?? '' };
  targetId = (await makeTarget(world.database.db, { connection, config: HOSTS.netlify })).id;
  older = await built();
  between = await built();
  newest = await built();
});
afterEach(() => world.close());

async function built() {
  const { deploymentId } = await world.deploy(targetId, await world.push());
  return world.until(deploymentId, 'succeeded');
}

/** A way back whose process died with its claim committed: neither a look nor a request of its own has left. */
async function claimedOnly(): Promise<Row> {
  const { deploymentId } = await engine.rollBack(world.ctx, {
    ...{ targetId, toDeploymentId: older.id, reason: 'Errors went up', idempotencyKey: world.key() },
  });
  expect((await claim(world.ctx, await world.row(deploymentId), null)).kind).toBe('claimed');
  const longAgo = sql`now() - interval '10 minutes'` as unknown as Date;
  await world.database.db.update(attempts).set({ leaseUntil: longAgo }).where(eq(attempts.deploymentId, deploymentId));
  return world.row(deploymentId);
}

/** The host serves these, one after the other, as by somebody else. */
async function serve(...builds: (string | null)[]) {
  const { provider, context } = await world.ctx.openConnection(world.connectionIds.get('netlify') ?? '');
  for (const id of builds)
    await capability(provider, 'promote').restore(context, HOSTS.netlify, { id: id ?? '', attempt: 1, url: '' });
}

async function repointed() {
  const { hosts } = (await client.control('state')) as { hosts: { provider: string; repointed: string[] }[] };
  return hosts.find(({ provider }) => provider === 'netlify')?.repointed ?? expect.fail('no such host');
}

test('a way back whose process died before it had looked at the host is sent by the next one, and nobody is asked', async () => {
  const { id } = await claimedOnly();
  const ended = await world.until(id, 'succeeded');
  expect(ended).toMatchObject({ attention: null, remoteId: older.remoteId });
  const tried = await world.database.db.select().from(attempts).where(eq(attempts.deploymentId, id));
  expect(tried.map(({ state }) => state).sort()).toEqual(['absent', 'accepted']);
  expect(await repointed(), 'sent once').toEqual([older.remoteId]);
});

test('in a backup from before that look it is not sent over what a person put live since: a person is asked', async () => {
  await beat(world.ctx);
  const { id } = await claimedOnly();
  await serve(older.remoteId, between.remoteId);
  await world.database.db.update(deployments).set({ lookFirst: true }).where(eq(deployments.id, id));
  const restoredAt = sql`to_jsonb(to_char((now() + interval '1 second') at time zone 'utc', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'))`;
  await world.database.db
    .update(settings)
    .set({ value: sql`jsonb_set(${settings.value}, '{restoredAt}', ${restoredAt})` })
    .where(eq(settings.key, 'engine.heartbeat'));
  await engine.advance({ ...world.ctx, settleSeconds: -60 }, id);
  expect(await world.row(id)).toMatchObject({ status: 'submitting', attention: 'unknown_outcome' });
  expect(await repointed(), 'nothing was sent').toEqual([older.remoteId, between.remoteId]);
});

test('whoever has read the deployment before its look was written down reads again, and asks', async () => {
  const read = await claimedOnly();
  const dispatch = sql`${deployments.dispatch} || ${JSON.stringify({ servedBefore: newest.remoteId })}::jsonb`;
  await world.database.db.update(deployments).set({ dispatch }).where(eq(deployments.id, read.id));
  await serve(older.remoteId, between.remoteId);
  await settle({ ...world.ctx, settleSeconds: 0 }, read);
  expect(await world.row(read.id)).toMatchObject({ attention: 'unknown_outcome' });
  expect(await repointed()).toEqual([older.remoteId, between.remoteId]);
});
