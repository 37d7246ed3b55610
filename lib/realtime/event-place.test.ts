import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Actor } from '@/lib/auth/actor';
import type { Database } from '@/lib/db/client';
import { openTestDatabase, personActor, testContext } from '@/lib/db/testing/context';
import { makeEnvironment, makeTarget } from '@/lib/db/testing/factories';
import { settled } from '@/lib/db/testing/settled';
import { liftPin } from '@/lib/deployments/server/lift-pin';
import { lock } from '@/lib/gates/server';
import { type FeedEvent, readAfter, toEvent } from './feed-reader';
import { publish } from './publish';
import { eventStream } from './stream';

let database: Database;
beforeAll(async () => {
  database = await openTestDatabase();
});
afterAll(() => database.close());

/** The kinds that somebody's stream shows of these events. */
async function shownTo(actor: Actor, happened: FeedEvent[]): Promise<string[]> {
  const feed = {
    subscribe: () => ({ cursor: '9-9', stop: () => undefined }),
    replay: async () => happened,
  } as never;
  const leave = new AbortController();
  const stream = eventStream({
    feed,
    actor,
    lastEventId: '0-0',
    signal: leave.signal,
    stillAllowed: async () => {
      leave.abort();
      return null;
    },
    heartbeatMs: 20,
  });
  const text = await new Response(stream).text();
  return [...text.matchAll(/"kind":"([^"]+)"/g)].map((match) => match[1] ?? '');
}

test('locks and policies of an environment are told to those who may read there, and to nobody else', async () => {
  const { db } = database;
  const prod = await makeEnvironment(db, { slug: 'prod-eu' });
  await makeTarget(db, { environment: prod });
  const ctx = testContext(db, { actor: personActor([{ role: 'admin', environmentPattern: '*' }]) });
  const { pinId } = await lock(ctx, {
    environmentId: prod.id,
    componentId: null,
    targetId: null,
    reason: 'The database moves.',
    expiresAt: null,
  } as never);
  await liftPin(ctx, { pinId });
  await publish(db, { topic: 'policy', kind: 'set', actorName: 'Ada', data: { environmentId: prod.id } });
  await publish(db, { topic: 'audit', kind: 'audit.broken', actorName: 'AetherStack' });

  await settled(database);
  const { rows } = await readAfter(database, { xid: '0', id: 0 }, 50);
  const happened = rows.map(toEvent);
  expect(happened.map((event) => event.environment)).toEqual(['prod-eu', 'prod-eu', 'prod-eu', null]);
  const viewer = (environmentPattern: string) => personActor([{ role: 'viewer', environmentPattern }]);
  expect(await shownTo(viewer('staging-*'), happened)).toEqual([]);
  expect(await shownTo(viewer('prod-*'), happened)).toEqual(['locked', 'lifted', 'set']);
});
