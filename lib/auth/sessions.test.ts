import { eq, sql } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import type { Database } from '@/lib/db/client';
import { grants, sessions, users } from '@/lib/db/schema';
import { openTestDatabase } from '@/lib/db/testing/context';
import { makeUser } from '@/lib/db/testing/factories';
import {
  createSession,
  hashSessionId,
  listSessions,
  provenLately,
  readSession,
  readSessionByHash,
  revokeAllSessions,
  revokeSession,
} from './sessions';

let database: Database;
beforeAll(async () => {
  database = await openTestDatabase();
});
afterAll(() => database.close());

async function signedIn() {
  const user = await makeUser(database.db, { grants: [{ role: 'operator', environmentPattern: 'staging' }] });
  const sid = await createSession(database.db, { userId: user.id, ip: '203.0.113.1', userAgent: 'Browser/1' });
  return { user, sid, hash: hashSessionId(sid), read: () => readSession(database.db, sid, null) };
}

async function set(
  hash: string,
  what: Partial<Record<'lastSeenAt' | 'expiresAt' | 'authenticatedAt', ReturnType<typeof sql>>>,
): Promise<void> {
  await database.db.update(sessions).set(what).where(eq(sessions.idHash, hash));
}

describe('sessions', () => {
  test('say who it is, with the roles of this moment', async () => {
    const { user, hash, read } = await signedIn();
    expect(await read()).toMatchObject({
      kind: 'user',
      id: user.id,
      sessionHash: hash,
      grants: [{ role: 'operator', environmentPattern: 'staging' }],
    });
    await database.db.delete(grants).where(eq(grants.userId, user.id));
    expect(await read()).toMatchObject({ grants: [] });
    expect(await readSessionByHash(database.db, hash, null)).toMatchObject({ id: user.id });
  });

  test('the database never holds what is in the cookie', async () => {
    const { sid, hash } = await signedIn();
    const rows = await database.db.select().from(sessions).where(eq(sessions.idHash, hash));
    expect(rows).toHaveLength(1);
    expect(JSON.stringify(rows)).not.toContain(sid);
  });

  test('end on the very next read after being revoked', async () => {
    const { read, hash, user } = await signedIn();
    expect(await read()).not.toBeNull();
    expect(await revokeSession(database.db, hash)).toBe(user.id);
    expect(await read()).toBeNull();
    expect(await revokeSession(database.db, hash)).toBeNull();
  });

  test('end for a disabled person, and all at once but for the one in use', async () => {
    const one = await signedIn();
    const kept = await createSession(database.db, { userId: one.user.id, ip: null, userAgent: null });
    expect(await revokeAllSessions(database.db, one.user.id, hashSessionId(kept))).toBe(1);
    expect(await one.read()).toBeNull();
    expect(await readSession(database.db, kept, null)).not.toBeNull();
    await database.db.update(users).set({ disabledAt: new Date() }).where(eq(users.id, one.user.id));
    expect(await readSession(database.db, kept, null)).toBeNull();
  });

  test('end after 30 unused minutes, and 12 hours after they began', async () => {
    const idle = await signedIn();
    await set(idle.hash, { lastSeenAt: sql`now() - interval '30 minutes 1 second'` });
    expect(await idle.read()).toBeNull();
    const old = await signedIn();
    const [row] = await database.db.select().from(sessions).where(eq(sessions.idHash, old.hash));
    expect(row && (row.expiresAt.getTime() - row.createdAt.getTime()) / 3_600_000).toBeCloseTo(12, 2);
    await set(old.hash, { expiresAt: sql`now()` });
    expect(await old.read()).toBeNull();
  });

  test('stay alive while they are used, and write that down at most once a minute', async () => {
    const { hash, read } = await signedIn();
    const seen = async () =>
      (await database.db.select().from(sessions).where(eq(sessions.idHash, hash)))[0]?.lastSeenAt.getTime() ?? 0;
    const before = await seen();
    await read();
    expect(await seen()).toBe(before);
    await set(hash, { lastSeenAt: sql`now() - interval '29 minutes'` });
    await readSessionByHash(database.db, hash, null);
    expect(await seen(), 'listening to the feed is not use').toBeLessThan(before);
    await read();
    expect(await seen()).toBeGreaterThanOrEqual(before);
  });

  test('that a thousand streams ask about in one moment cost two statements, and each is told its own', async () => {
    const [first, second] = [await signedIn(), await signedIn()];
    await revokeSession(database.db, second.hash);
    const asked = vi.spyOn(database.db, 'execute');
    const hashes = Array.from({ length: 1_000 }, (_, n) => (n % 2 === 0 ? first.hash : second.hash));
    const who = await Promise.all(hashes.map((hash) => readSessionByHash(database.db, hash, '203.0.113.9')));
    expect(asked.mock.calls.length).toBeLessThanOrEqual(2);
    expect(new Set(who.map((each, n) => (n % 2 === 0 ? `${each?.id} ${each?.ip}` : each)))).toEqual(
      new Set([`${first.user.id} 203.0.113.9`, null]),
    );
    asked.mockRestore();
  });

  test('count as proof of who it is for 15 minutes', async () => {
    const { hash } = await signedIn();
    expect(await provenLately(database.db, hash)).toBe(true);
    await set(hash, { authenticatedAt: sql`now() - interval '14 minutes 59 seconds'` });
    expect(await provenLately(database.db, hash)).toBe(true);
    await set(hash, { authenticatedAt: sql`now() - interval '15 minutes'` });
    expect(await provenLately(database.db, hash)).toBe(false);
    expect(await provenLately(database.db, 'f'.repeat(64))).toBe(false);
  });

  test('are listed with the one in use marked, without those that ended', async () => {
    const { user, hash } = await signedIn();
    const gone = await createSession(database.db, { userId: user.id, ip: null, userAgent: null });
    await revokeSession(database.db, hashSessionId(gone));
    expect(await listSessions(database.db, user.id, hash)).toMatchObject([
      { id: hash, isCurrent: true, ip: '203.0.113.1', userAgent: 'Browser/1' },
    ]);
  });

  test.each(['', 'x', '\u0000', "' or 1=1 --", 'a'.repeat(10_000)])(
    'nobody is behind the session id %j',
    async (sid) => {
      expect(await readSession(database.db, sid, null)).toBeNull();
    },
  );
});
