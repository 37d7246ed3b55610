import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { Actor } from '@/lib/auth/actor';
import { type Database, openDatabase } from '@/lib/db/client';
import { components, connections, environments, events, targets } from '@/lib/db/schema';
import { createTestDatabase } from '@/scripts/testing/database';
import { createFeed, type Feed, type FeedEvent } from './feed';
import { parse } from './feed-reader';
import { publish } from './publish';
import { eventStream } from './stream';

let test_: { url: string; drop(): Promise<void> };
let database: Database;
let feed: Feed;

beforeEach(async () => {
  test_ = await createTestDatabase();
  database = openDatabase(test_.url);
  feed = createFeed(database, { onError: () => {} });
  await feed.ready();
});
afterEach(async () => {
  await feed.close();
  await database.close();
  await test_.drop();
});

const say = (kind: string, targetId: string | null = null) =>
  database.db.transaction((tx) => publish(tx, { topic: 'deployment', kind, targetId, actorName: 'Ana' }));

function collect(): { seen: FeedEvent[]; kinds: () => string[] } {
  const seen: FeedEvent[] = [];
  feed.subscribe((event) => seen.push(event));
  return { seen, kinds: () => seen.map((event) => event.kind) };
}

describe('the feed', () => {
  test('an event that commits late is delivered, before those of younger transactions', async () => {
    const { kinds } = collect();
    const late = await database.pool.connect();
    await late.query('begin');
    await late.query(`insert into events (topic, kind, actor_name) values ('deployment', 'late', 'Ana')`);
    await say('younger');
    expect(kinds()).toEqual([]);
    await late.query('commit');
    late.release();
    await vi.waitFor(() => expect(kinds()).toEqual(['late', 'younger']), { timeout: 5000 });
  });

  test('a reader that was away replays exactly what it missed, once and in order', async () => {
    const { seen, kinds } = collect();
    for (let i = 0; i < 20; i++) await say(`event-${i}`);
    await vi.waitFor(() => expect(seen).toHaveLength(20), { timeout: 5000 });
    const missed = await feed.replay(seen[6]?.cursor ?? '', seen[15]?.cursor ?? '');
    expect(missed?.map((event) => event.kind)).toEqual(kinds().slice(7, 16));
  });

  test('a lost listener is replaced and nothing is missed meanwhile', async () => {
    const { kinds } = collect();
    await database.pool.query(
      `select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'aetherstack-feed' and datname = current_database()`,
    );
    await say('while deaf');
    await vi.waitFor(() => expect(kinds()).toContain('while deaf'), { timeout: 8000 });
  });

  test.each(['', 'x', '1', '1-', '-1', '1-2-3', '9'.repeat(30), "1-1' or 1=1"])('%j is not a cursor', (text) => {
    expect(parse(text)).toBeNull();
  });
});

describe('the stream', () => {
  const person = (environmentPattern: string): Actor => ({
    kind: 'user',
    id: 'u',
    name: 'Ana',
    grants: [{ role: 'viewer', environmentPattern }],
    sessionHash: 'h',
    ip: null,
  });

  async function read(stream: ReadableStream<Uint8Array>, until: (text: string) => boolean): Promise<string> {
    const reader = stream.getReader();
    const decoder = new TextDecoder();
    let text = '';
    for (let part = await reader.read(); !part.done; part = await reader.read()) {
      text += decoder.decode(part.value);
      if (until(text)) break;
    }
    await reader.cancel();
    return text;
  }

  async function twoTargets(): Promise<void> {
    await database.db
      .insert(connections)
      .values({ id: 'con', name: 'c', providerId: 'p', origin: 'https://p.test', credentialKind: 'token' });
    await database.db.insert(components).values({ id: 'cmp', slug: 'cmp', name: 'c', kind: 'other' });
    for (const slug of ['staging', 'production']) {
      await database.db.insert(environments).values({ id: slug, slug, name: slug });
      await database.db
        .insert(targets)
        .values({ id: `t-${slug}`, componentId: 'cmp', environmentId: slug, connectionId: 'con', config: {} });
    }
  }

  const open = (
    actor: Actor,
    lastEventId: string | null,
    stillAllowed: () => Promise<Actor | null> = async () => actor,
  ) => eventStream({ feed, actor, lastEventId, signal: new AbortController().signal, stillAllowed, heartbeatMs: 50 });

  test('resumes after Last-Event-ID and goes on live', async () => {
    const { seen } = collect();
    await say('before');
    await say('missed');
    await vi.waitFor(() => expect(seen).toHaveLength(2), { timeout: 5000 });
    const reading = read(open(person('*'), seen[0]?.cursor ?? ''), (text) => text.includes('"live"'));
    await say('live');
    const text = await reading;
    expect(text).toContain('"missed"');
    expect(text).not.toContain('"before"');
    expect(text.indexOf('"missed"')).toBeLessThan(text.indexOf('"live"'));
  });

  test('shows a person only the environments that they may read', async () => {
    await twoTargets();
    const reading = read(open(person('staging'), null), (text) => text.includes('"mine"'));
    await say('theirs', 't-production');
    await say('mine', 't-staging');
    expect(await reading).not.toContain('"theirs"');
  });

  test('ends at the next heartbeat when the session is revoked', async () => {
    const text = await read(
      open(person('*'), null, async () => null),
      () => false,
    );
    expect(text).toContain('event: hello');
  });

  test('says "reset" when more was missed than is replayed', async () => {
    const { seen } = collect();
    await say('first');
    await vi.waitFor(() => expect(seen).toHaveLength(1), { timeout: 5000 });
    await database.db
      .insert(events)
      .values(Array.from({ length: 1001 }, () => ({ topic: 'target' as const, kind: 'many', actorName: 'Ana' })));
    await say('last');
    await vi.waitFor(() => expect(seen.at(-1)?.kind).toBe('last'), { timeout: 8000 });
    expect(await read(open(person('*'), seen[0]?.cursor ?? ''), (text) => text.includes('reset'))).toContain(
      'event: reset',
    );
  });
});
