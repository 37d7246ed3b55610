import { createHmac } from 'node:crypto';
import { eq, sql } from 'drizzle-orm';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Database } from '@/lib/db/client';
import { notifications, subscriptions } from '@/lib/db/schema';
import { openTestDatabase } from '@/lib/db/testing/context';
import { settled } from '@/lib/db/testing/settled';
import { Secret } from '@/lib/kernel/secret';
import { notificationRig, ok, PATH_CANARY, settings } from '../testing/rig';
import { deliverDue, fanOut as enter, readLedger, redeliver, switchSubscription, testSubscription } from '.';
import { sealedColumns, signatureHeaders } from './seal';

let database: Database;
let rig: ReturnType<typeof notificationRig>;
beforeEach(async () => {
  database = await openTestDatabase();
  rig = notificationRig(database);
  // The cursor stands at "now".
  await fanOut();
});
afterEach(() => database.close());

/** What has happened so far, whatever other databases of this server are at. */
async function fanOut(db = database.db): Promise<number> {
  await settled(database);
  return enter(db);
}

describe('from the ledger to the receiver', () => {
  test('a webhook is signed as Standard Webhooks has it, over the very bytes that are sent', async () => {
    const { secret } = await rig.make();
    await rig.happen();
    await fanOut();
    const { ctx, sent } = rig.outside(ok);
    expect(await deliverDue(ctx, settings)).toBe(1);
    const [row] = await rig.ledger();
    const [message] = sent;
    const id = message?.headers.get('webhook-id');
    const key = Buffer.from((secret ?? '').replace('whsec_', ''), 'base64');
    const signed = `${id}.${message?.headers.get('webhook-timestamp')}.${message?.body}`;
    expect(message?.headers.get('webhook-signature')).toBe(
      `v1,${createHmac('sha256', key).update(signed).digest('base64')}`,
    );
    expect([id, message?.url]).toEqual([row?.id, `https://hooks.example/${PATH_CANARY}`]);
    expect(JSON.parse(message?.body ?? '')).toMatchObject({ type: 'deployment.succeeded', data: { actor: 'Ada' } });
    expect(row).toMatchObject({ state: 'delivered', tries: 1, lastStatus: 200, nextTryAt: null });
    expect(await deliverDue(ctx, settings)).toBe(0);
  });

  test('the signature is the one of the published example', () => {
    const secret = new Secret('whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw');
    const headers = signatureHeaders(secret, 'msg_p5jXN8AQM9LWM0D4loKWxJek', 1_614_265_330, '{"test": 2432232314}');
    expect(headers['webhook-signature']).toBe('v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=');
  });

  test('a process that dies between claim and answer leaves it to the next, under the same id', async () => {
    await rig.make();
    await rig.happen();
    await fanOut();
    const reached = Promise.withResolvers<void>();
    const dying = rig.outside(() => {
      reached.resolve();
      return new Promise<Response>(() => undefined);
    });
    void deliverDue(dying.ctx, settings);
    await reached.promise;
    const next = rig.outside(ok);
    // Its lease still holds.
    expect(await deliverDue(next.ctx, settings)).toBe(0);
    await rig.due();
    expect(await deliverDue(next.ctx, settings)).toBe(1);
    expect(next.sent[0]?.headers.get('webhook-id')).toBe(dying.sent[0]?.headers.get('webhook-id'));
    expect(next.sent[0]?.body).toBe(dying.sent[0]?.body);
  });

  test('a process that stood still does not undo what another has written', async () => {
    await rig.make();
    await rig.happen();
    await fanOut();
    const answer = Promise.withResolvers<Response>();
    const reached = Promise.withResolvers<void>();
    const slow = rig.outside(() => {
      reached.resolve();
      return answer.promise;
    });
    const standing = deliverDue(slow.ctx, settings);
    await reached.promise;
    await rig.due();
    await deliverDue(rig.outside(ok).ctx, settings);
    answer.resolve(new Response(null, { status: 500 }));
    await standing;
    expect((await rig.ledger())[0]).toMatchObject({ state: 'delivered', lastStatus: 200 });
  });

  test('ten processes send each message once', async () => {
    await rig.make();
    for (let i = 0; i < 6; i++) await rig.happen();
    await fanOut();
    const workers = Array.from({ length: 10 }, () => rig.outside(ok));
    for (let round = 0; round < 2; round++) await Promise.all(workers.map(({ ctx }) => deliverDue(ctx, settings)));
    const ids = workers.flatMap(({ sent }) => sent.map((each) => each.headers.get('webhook-id')));
    expect([ids.length, new Set(ids).size]).toEqual([6, 6]);
  });

  test('a receiver that fails is tried eight times and then given up; a redelivery begins anew with the same id', async () => {
    await rig.make();
    await rig.happen();
    await fanOut();
    const { ctx, sent } = rig.outside(() => new Response('secret stack trace', { status: 500 }));
    for (let i = 0; i < 10; i++) {
      await database.db.update(notifications).set({ nextTryAt: sql`now()` }).where(eq(notifications.state, 'pending'));
      await deliverDue(ctx, settings);
    }
    expect(sent).toHaveLength(8);
    const [dead] = await rig.ledger();
    expect(dead).toMatchObject({
      state: 'dead',
      tries: 8,
      lastStatus: 500,
      lastError: 'It answered 500.',
      nextTryAt: null,
    });
    await redeliver(ctx, { notificationId: dead?.id ?? '' });
    await expect(redeliver(ctx, { notificationId: dead?.id ?? '' })).rejects.toMatchObject({ code: 'already_waiting' });
    const mended = rig.outside(ok);
    await deliverDue(mended.ctx, settings);
    expect(mended.sent[0]?.headers.get('webhook-id')).toBe(dead?.id);
    expect((await rig.ledger())[0]).toMatchObject({ state: 'delivered' });
  });

  test('a poisoned subscription does not hold up the others', async () => {
    const bad = await rig.make({ name: 'Bad', url: 'https://bad.example/x' });
    await rig.make({ name: 'Good', url: 'https://good.example/x' });
    await database.db.update(subscriptions).set({ sealedUrl: 'v1.broken' }).where(eq(subscriptions.id, bad.id));
    for (let i = 0; i < 8; i++) await rig.happen();
    await fanOut();
    const { ctx, sent } = rig.outside(ok);
    for (let i = 0; i < 2; i++) await deliverDue(ctx, settings);
    expect(sent.filter((each) => each.url.startsWith('https://good.example'))).toHaveLength(8);
    const rows = (await rig.ledger()).filter((row) => row.subscriptionId === bad.id);
    expect(rows.every((row) => row.state === 'pending' && row.tries === 1 && row.lastError !== null)).toBe(true);
  });

  test('followers that hang hold back nothing that the team waits for', async () => {
    const follower = await rig.make({ name: 'Follower', url: 'https://hangs.example/x' });
    await rig.make({ name: 'Ops', url: 'https://ops.example/x' });
    await rig.happen();
    await fanOut();
    const stranger = { id: follower.id, kind: 'status' as const, origin: 'https://hangs.example' };
    const { columns } = sealedColumns(settings.keys, stranger, 'https://hangs.example/x');
    await database.db
      .update(subscriptions)
      .set({ ...stranger, ...columns })
      .where(eq(subscriptions.id, follower.id));
    const reached = Promise.withResolvers<void>();
    const hanging = rig.outside(() => {
      reached.resolve();
      return new Promise<Response>(() => undefined);
    });
    void deliverDue(hanging.ctx, settings, 'followers');
    await reached.promise;
    const { ctx, sent } = rig.outside(ok);
    await deliverDue(ctx, settings, 'team');
    expect([hanging.sent, sent].map((all) => all.map(({ url }) => url))).toEqual([
      ['https://hangs.example/x'],
      ['https://ops.example/x'],
    ]);
  });

  test('a Retry-After is waited for', async () => {
    await rig.make();
    await rig.happen();
    await fanOut();
    await deliverDue(
      rig.outside(() => new Response(null, { status: 429, headers: { 'retry-after': '900' } })).ctx,
      settings,
    );
    const [row] = await database.db
      .select({ wait: sql<number>`extract(epoch from next_try_at - now())::int` })
      .from(notifications);
    expect(row?.wait).toBeGreaterThan(850);
  });

  test('one that is off is told nothing, and what waits is kept', async () => {
    const { id } = await rig.make();
    await rig.happen();
    await fanOut();
    await switchSubscription(rig.here(), { id, enabled: false });
    await rig.happen();
    await fanOut();
    const { ctx, sent } = rig.outside(ok);
    await deliverDue(ctx, settings);
    expect(sent).toEqual([]);
    await switchSubscription(rig.here(), { id, enabled: true });
    await deliverDue(ctx, settings);
    expect(sent).toHaveLength(1);
  });

  test('Slack gets its own form and no signature; a test goes the real way', async () => {
    const { id, secret } = await rig.make({ kind: 'slack', url: 'https://hooks.slack.example/services/T/B/x' });
    const { notificationId } = await testSubscription(rig.here(), { id });
    const { ctx, sent } = rig.outside(ok);
    await deliverDue(ctx, settings);
    expect(secret).toBeNull();
    expect(sent[0]?.headers.has('webhook-signature')).toBe(false);
    expect(JSON.parse(sent[0]?.body ?? '')).toMatchObject({
      text: expect.stringContaining('A test of'),
      blocks: [{}, {}],
    });
    expect((await readLedger(rig.here(), { id, limit: 25 })).rows).toMatchObject([
      { id: notificationId, event: 'subscription.test', state: 'delivered' },
    ]);
  });
});
