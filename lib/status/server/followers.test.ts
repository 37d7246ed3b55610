import { randomBytes } from 'node:crypto';
import { and, eq, inArray, sql } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { ServiceContext } from '@/lib/auth/context';
import { createKeyRing } from '@/lib/connections/server';
import type { Database } from '@/lib/db/client';
import { audit, notifications, subscriptions } from '@/lib/db/schema';
import { openTestDatabase, personActor, testContext } from '@/lib/db/testing/context';
import { deliverDue } from '@/lib/notifications/server';
import { ProviderError } from '@/lib/providers/port';
import { openIncidentInput } from '../model/schemas';
import { follow, listSubscribers, openIncident, readStatusPage, stopFollowers, unfollow, wakeSubscriber } from '.';
import { answersWith } from './challenge';

let database: Database;
const admin = personActor([{ role: 'admin', environmentPattern: '*' }], { name: 'Grace Hopper' });
const settings = {
  keys: createKeyRing(randomBytes(32)),
  rules: { allowLoopback: true, privateOrigins: new Set(['https://hooks.inside.example']) },
};
beforeAll(async () => {
  database = await openTestDatabase();
});
afterAll(() => database.close());

const as = () => testContext(database.db, { actor: admin });
const open = (over: { title?: string } = {}) =>
  openIncident(as(), openIncidentInput.parse({ title: 'Slow', impact: 'minor', text: 'We look.', ...over }));

const stranger = (ip: string) => ({ kind: 'anonymous', name: 'anonymous', ip }) as const;
interface Sent {
  url: string;
  headers: Headers;
  body: Record<string, never> & { data: { challenge?: string; incident?: unknown }; unsubscribe?: { token: string } };
}
/** An outside that answers the challenge as told, and everything else with 200. */
function outside(ip: string, answer: (challenge: string, body: string) => string = (challenge) => challenge) {
  const sent: Sent[] = [];
  const ctx: ServiceContext = { ...testContext(database.db), actor: stranger(ip) };
  ctx.fetchOutside = async (url, init) => {
    const body = JSON.parse(String(init?.body));
    sent.push({ url, headers: new Headers(init?.headers), body });
    return new Response(body.data.challenge ? answer(body.data.challenge, String(init?.body)) : 'ok');
  };
  return { ctx, sent };
}

describe('who follows with a webhook', () => {
  test('is sent one challenge first; then what is on the page, signed, until they leave with the token of a message', async () => {
    const { ctx, sent } = outside('192.0.2.1');
    const url = 'https://follower.example.com/hook?key=1';
    const followed = await follow(ctx, { url }, settings);
    expect(sent.map(({ body }) => Object.keys(body.data))).toEqual([['sentence', 'challenge', 'url']]);
    await expect(follow(ctx, { url }, settings)).rejects.toMatchObject({ code: 'follows_already' });
    sent.length = 0;
    const { incidentId } = await open({ title: 'Told to followers' });
    await deliverDue(ctx, settings);
    expect(sent).toMatchObject([
      { url, body: { type: 'incident.opened', data: { incident: { id: incidentId, title: 'Told to followers' } } } },
    ]);
    expect(sent[0]?.headers.get('webhook-signature')).toMatch(/^v1,/);
    expect(JSON.stringify(sent[0]?.body)).not.toContain('Grace');
    const token = sent[0]?.body.unsubscribe?.token ?? '';
    expect(token).toBe(followed.unsubscribeToken);
    for (const forged of [`${followed.id}.x`, `sub_none.${token.split('.')[1]}`, followed.id])
      await expect(unfollow(ctx, { token: forged }, settings)).rejects.toMatchObject({ code: 'token_unknown' });
    await unfollow(ctx, { token }, settings);
    sent.length = 0;
    await open();
    await deliverDue(ctx, settings);
    expect(sent).toEqual([]);
  });

  test.each([
    ['only sends back what came', (_: string, body: string) => body],
    ['says something else', () => 'ok'],
    ['says nothing', () => ''],
  ])('an address that %s is not told anything', async (_, answer) => {
    const { ctx } = outside('192.0.2.2', answer);
    await expect(follow(ctx, { url: 'https://deaf.example.com/' }, settings)).rejects.toMatchObject({
      code: 'challenge_failed',
    });
  });

  test('whatever goes wrong behind an address is one sentence, so that nobody looks around with it', async () => {
    const { ctx } = outside('192.0.2.3');
    const said = new Set<string>();
    for (const error of [
      new ProviderError('rejected', 'address_refused', 'inside.example leads to an address that is not public.'),
      new ProviderError('unavailable', 'network', 'It cut the connection.'),
      new ProviderError('unavailable', 'timeout', 'It did not answer.'),
    ]) {
      ctx.fetchOutside = () => Promise.reject(error);
      const refused = await follow(ctx, { url: 'https://maybe.example.com/' }, settings).catch(String);
      said.add(String(refused));
    }
    expect(said.size).toBe(1);
  });

  test.each([
    'http://follower.example.com/',
    'https://127.0.0.1/',
    'http://localhost:3000/',
    'https://169.254.169.254/latest',
    'https://hooks.inside.example/hook',
    'https://db.internal/',
    'https://ada:secret@follower.example.com/',
  ])('%s is refused before anything is sent, also where an administrator may reach it', async (url) => {
    const { ctx, sent } = outside('192.0.2.4');
    await expect(follow(ctx, { url }, settings)).rejects.toMatchObject({ code: 'address_refused' });
    expect(sent).toEqual([]);
  });

  test('five of one network, and no sixth, also when they come at once', async () => {
    const tries = await Promise.allSettled(
      Array.from({ length: 8 }, (_, at) =>
        follow(outside(`2001:db8::${at}`).ctx, { url: `https://many${at}.example.com/` }, settings),
      ),
    );
    expect(tries.filter(({ status }) => status === 'fulfilled')).toHaveLength(5);
    await expect(
      follow(outside('192.0.2.9').ctx, { url: 'https://other.example.com/' }, settings),
    ).resolves.toBeTruthy();
  });

  test('an address that became private meanwhile is sent nothing', async () => {
    const { ctx, sent } = outside('192.0.2.10');
    await follow(ctx, { url: 'https://turned.example.com/hook' }, settings);
    await open();
    sent.length = 0;
    const inside = { ...settings.rules, privateOrigins: new Set(['https://turned.example.com']) };
    await deliverDue(ctx, { ...settings, rules: inside });
    expect(sent.filter(({ url }) => url.startsWith('https://turned.'))).toEqual([]);
    const [row] = await database.db
      .select()
      .from(notifications)
      .where(eq(notifications.lastError, 'Use a host name that is known on the public internet.'));
    expect(row?.state).toBe('pending');
  });
});

describe('a follower that nothing reaches', () => {
  const url = 'https://gone.example.com/hook';
  const subscriberOf = async (id: string) => (await listSubscribers(as())).find((each) => each.id === id);
  const DAY = 86_400_000;
  let events = 0;
  /** Messages of so many days ago that were given up for one follower, and what became of them for another. */
  async function givenUp(subscriptionId: string, ago: readonly number[], other?: [string, 'delivered' | 'dead']) {
    await database.db.delete(notifications).where(eq(notifications.event, 'test.lost'));
    await database.db.execute(sql`update status_subscribers set confirmed_at = now() - interval '90 days'`);
    for (const days of ago) {
      const createdAt = new Date(Date.now() - days * DAY - 60_000);
      events -= 1;
      const row = { eventId: events, event: 'test.lost', body: {}, createdAt };
      const sent = [[subscriptionId, 'dead'] as const, ...(other ? [other] : [])];
      await database.db
        .insert(notifications)
        .values(sent.map(([to, state]) => ({ ...row, id: `msg_${events}_${to}`, subscriptionId: to, state })));
    }
  }

  test('is stopped after three in a row over seven days that another took, no sooner, and what waited is not sent later', async () => {
    const { id } = await follow(outside('192.0.2.20').ctx, { url }, settings);
    const other = await follow(outside('192.0.2.22').ctx, { url: 'https://there.example.com/hook' }, settings);
    const took = [other.id, 'delivered'] as const;
    for (const [ago, why] of [
      [[20, 0.5], 'two of them'],
      [[6, 3, 0], 'within six days'],
      [[8, 8, 8], 'one incident of a week ago'],
      [[20, 15, 3], 'nothing was tried lately'],
    ] as const) {
      await givenUp(id, ago, [...took]);
      expect(await stopFollowers(as()), why).toBe(0);
    }
    for (const [others, why] of [
      [undefined, 'it is the only one'],
      [[other.id, 'dead'], 'nobody was reached'],
    ] as const) {
      await givenUp(id, [8, 4, 0.5], others && [...others]);
      expect(await stopFollowers(as()), why).toBe(0);
    }
    await givenUp(id, [8, 4, 0.5], [...took]);
    await database.db
      .insert(notifications)
      .values({ id: 'msg_taken', subscriptionId: id, eventId: -99, event: 'x', body: {}, state: 'delivered' });
    expect(await stopFollowers(as()), 'the newest was taken').toBe(0);
    await database.db.delete(notifications).where(eq(notifications.id, 'msg_taken'));
    await open();
    const before = (await readStatusPage(as())).subscribers;
    expect(await stopFollowers(as())).toBe(1);
    expect(await stopFollowers(as()), 'once').toBe(0);
    expect(await subscriberOf(id)).toMatchObject({
      pending: 0,
      dead: 4,
      stopped: { because: expect.stringMatching(/^3 messages in a row/) },
    });
    expect((await readStatusPage(as())).subscribers).toBe(before - 1);
    await open();
    expect((await subscriberOf(id))?.pending, 'told nothing').toBe(0);
    const [line] = await database.db.select().from(audit).where(eq(audit.action, 'status.stop-subscriber'));
    expect(line).toMatchObject({ resourceId: id, sentence: expect.stringContaining('gone.example') });
  });

  test('is woken once it has answered the challenge again, and what was given up before counts no more', async () => {
    const [row] = await database.db
      .select()
      .from(subscriptions)
      .where(eq(subscriptions.origin, 'https://gone.example.com'));
    const subscriberId = row?.id ?? expect.fail('nobody');
    const silent = { ...outside('192.0.2.21', () => 'no').ctx, actor: admin };
    await expect(wakeSubscriber(silent, { subscriberId }, settings)).rejects.toMatchObject({
      code: 'challenge_failed',
    });
    const { ctx, sent } = outside('192.0.2.21');
    await wakeSubscriber({ ...ctx, actor: admin }, { subscriberId }, settings);
    expect(sent).toMatchObject([{ url, body: { type: 'subscription.challenge' } }]);
    expect([await subscriberOf(subscriberId), await stopFollowers(as())]).toMatchObject([{ stopped: null }, 0]);
    await expect(wakeSubscriber({ ...ctx, actor: admin }, { subscriberId }, settings)).rejects.toMatchObject({
      code: 'not_stopped',
    });
  });

  test('is woken only where there is room, also when a new one comes for the last place at once', async () => {
    const follows = async (host: string, net = '198.51.100.7') =>
      (await follow(outside(net).ctx, { url: `https://${host}.example.com/hook` }, settings)).id;
    const hosts = ['room1', 'room2', 'room3', 'room4'];
    const sleepers = [await follows('sleeper1'), await follows('sleeper2')];
    await database.db.update(subscriptions).set({ disabledAt: new Date() }).where(inArray(subscriptions.id, sleepers));
    for (const host of hosts) await follows(host);
    const wake = (subscriberId: string) =>
      wakeSubscriber({ ...outside('198.51.100.8').ctx, actor: admin }, { subscriberId }, settings);
    const tries = await Promise.allSettled([...sleepers.map(wake), follows('newcomer')]);
    expect(tries.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    for (const each of tries) if (each.status === 'rejected') expect(each.reason).toMatchObject({ code: 'no_room' });
    const still = sleepers.filter((_, at) => tries[at]?.status === 'rejected');
    for (const id of still) {
      expect((await subscriberOf(id))?.stopped, 'stays stopped').not.toBeNull();
      await expect(wake(id)).rejects.toMatchObject({ sentence: expect.stringContaining('Remove one') });
    }
    const [first] = await database.db
      .select()
      .from(subscriptions)
      .where(eq(subscriptions.origin, 'https://room1.example.com'));
    await database.db.delete(subscriptions).where(eq(subscriptions.id, first?.id ?? ''));
    await wake(still[0] ?? '');
    expect((await subscriberOf(still[0] ?? ''))?.stopped).toBeNull();
  });

  test('may subscribe again by itself, and is forgotten after a month', async () => {
    const [row] = await database.db
      .select()
      .from(subscriptions)
      .where(eq(subscriptions.origin, 'https://gone.example.com'));
    const stop = (days: number, id: string) =>
      database.db.execute(
        sql`update subscriptions set disabled_at = now() - make_interval(days => ${days}) where id = ${id}`,
      );
    await stop(29, row?.id ?? '');
    const { id } = await follow(outside('192.0.2.20').ctx, { url }, settings);
    expect([id === row?.id, (await subscriberOf(id))?.stopped]).toEqual([false, null]);
    await stop(31, id);
    await stopFollowers(as());
    expect(await subscriberOf(id)).toBeUndefined();
    const forgotten = and(eq(audit.action, 'status.forget-subscriber'), eq(audit.resourceId, id));
    expect(await database.db.$count(audit, forgotten)).toBe(1);
  });
});

test('a challenge is answered by itself or alone in an object, and by nothing else', () => {
  expect(['abc', ' abc\n', '{"challenge": "abc"}'].map((text) => answersWith(text, 'abc'))).toEqual([true, true, true]);
  const not = ['', 'ab', '"abc"', '{"type":"x","challenge":"abc"}', '{"data":{"challenge":"abc"}}', 'abcabc'];
  expect(not.filter((text) => answersWith(text, 'abc'))).toEqual([]);
});
