import { eq, sql } from 'drizzle-orm';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { Database } from '@/lib/db/client';
import { audit, rateLimits, sessions } from '@/lib/db/schema';
import { openTestDatabase } from '@/lib/db/testing/context';
import { makeUser } from '@/lib/db/testing/factories';
import { hashSessionId, readSession } from './sessions';
import { auditedLogin, checkPassword, startSession } from './sign-in';
import { lightHash } from './testing/light-hash';

const PASSWORD = 'orbit lantern velvet';
let database: Database;
beforeAll(async () => {
  database = await openTestDatabase({ max: 10 });
  const passwordHash = lightHash(PASSWORD);
  await makeUser(database.db, { login: 'ada', name: 'Ada', passwordHash });
  await makeUser(database.db, { login: 'gone', passwordHash, disabledAt: new Date() });
  await makeUser(database.db, { login: 'oauth-only' });
});
beforeEach(async () => {
  await database.db.delete(rateLimits);
});
afterAll(() => database.close());

const attempt = (login: string, password: string, ip: string | null = '203.0.113.1') =>
  checkPassword(database.db, { login, password, ip });

async function refusalOf(work: Promise<unknown>): Promise<unknown> {
  return await work.then(
    () => 'signed in',
    (error) => ({ code: error.code, sentence: error.sentence }),
  );
}

describe('signing in with a password', () => {
  test('knows who it is, whatever the case of the login', async () => {
    expect(await attempt(' ADA ', PASSWORD)).toMatchObject({ name: 'Ada' });
  });

  test('gives one and the same answer to everything that is wrong', async () => {
    const answers = await Promise.all([
      refusalOf(attempt('ada', 'wrong password here')),
      refusalOf(attempt('nobody', PASSWORD)),
      refusalOf(attempt('gone', PASSWORD)),
      refusalOf(attempt('oauth-only', PASSWORD)),
      refusalOf(attempt('ada\u0000', 'x')),
    ]);
    expect(new Set(answers.map((answer) => JSON.stringify(answer))).size).toBe(1);
    expect(answers[0]).toMatchObject({ code: 'sign_in_failed' });
  });

  /** As after so many wrong ones that the bucket is empty, and stays so while the test lasts. */
  const empty = async (key: RegExp) => {
    const row = (await database.db.select().from(rateLimits)).find((each) => key.test(each.key));
    expect(row).toBeDefined();
    await database.db
      .update(rateLimits)
      .set({ tokens: 0, updatedAt: sql`now() + interval '1 hour'` })
      .where(eq(rateLimits.key, row?.key ?? ''));
  };

  test('a wrong one is counted for the login from there, for the address and for the login, each with its own limit', async () => {
    await refusalOf(attempt('ada', 'wrong'));
    const left = (await database.db.select().from(rateLimits)).map((row) => [
      /^login:(\w+)/.exec(row.key)?.[1],
      row.tokens,
    ]);
    expect(Object.fromEntries(left)).toEqual({ from: 9, ip: 29, name: 99 });
  });

  test('a stranger who spends what a login has from one address locks out nobody elsewhere, however often', async () => {
    await refusalOf(attempt('ada', 'wrong', '203.0.113.10'));
    await empty(/^login:from:/);
    for (let i = 0; i < 150; i++)
      expect(await refusalOf(attempt('Ada', PASSWORD, '203.0.113.10'))).toMatchObject({ code: 'rate_limited' });
    expect(await attempt('ada', PASSWORD, '198.51.100.7')).toMatchObject({ name: 'Ada' });
  });

  test('a login that is guessed from very many addresses is closed for a while, the right password too', async () => {
    await refusalOf(attempt('ada', 'wrong', '203.0.113.10'));
    await empty(/^login:name:/);
    expect(await refusalOf(attempt('Ada', PASSWORD, '198.51.100.7'))).toMatchObject({ code: 'rate_limited' });
  });

  test('an address that tries many logins is closed for a while; others are not', async () => {
    await refusalOf(attempt('nobody', 'wrong'));
    await empty(/^login:ip:/);
    expect(await refusalOf(attempt('ada', PASSWORD))).toMatchObject({ code: 'rate_limited' });
    expect(await attempt('ada', PASSWORD, '198.51.100.7')).toMatchObject({ name: 'Ada' });
  });

  test('counts the addresses of one IPv6 network as one', async () => {
    await refusalOf(attempt('ada', 'wrong', '2001:db8:1:2::1'));
    await empty(/^login:from:/);
    expect(await refusalOf(attempt('ada', PASSWORD, '2001:db8:1:2:ffff::9'))).toMatchObject({ code: 'rate_limited' });
    expect(await attempt('ada', PASSWORD, '2001:db8:1:3::1')).toMatchObject({ name: 'Ada' });
  });

  test('right ones cost nothing', async () => {
    for (let i = 0; i < 12; i++) await attempt('ada', PASSWORD);
  });

  test('the session that follows is audited and holds', async () => {
    const who = await attempt('ada', PASSWORD);
    const sid = await startSession(database.db, who, {
      requestId: 'req_1',
      ip: '203.0.113.1',
      userAgent: 'Browser/1',
      how: 'password',
      former: null,
    });
    expect(await readSession(database.db, sid, null)).toMatchObject({ id: who.userId });
    const lines = await database.db.select().from(audit);
    expect(lines).toMatchObject([
      { action: 'session.sign-in', outcome: 'done', actorId: who.userId, ip: '203.0.113.1', requestId: 'req_1' },
    ]);
    const everything = JSON.stringify([lines, await database.db.select().from(sessions)]);
    expect(everything).not.toContain(PASSWORD);
    expect(everything).not.toContain(sid);
  });

  test('signing in again ends the session that the browser came with, and no other', async () => {
    const who = await attempt('ada', PASSWORD);
    const from = { requestId: 'req_1', ip: null, userAgent: null, how: 'password' };
    const [first, elsewhere] = await Promise.all([
      startSession(database.db, who, { ...from, former: null }),
      startSession(database.db, who, { ...from, former: null }),
    ]);
    const second = await startSession(database.db, who, { ...from, former: hashSessionId(first) });
    const live = await Promise.all([first, elsewhere, second].map((sid) => readSession(database.db, sid, null)));
    expect(live.map((each) => each !== null)).toEqual([false, true, true]);
  });

  test('the audit log learns whom it was about, never what was typed', async () => {
    const { userId } = await attempt('ada', PASSWORD);
    expect(await auditedLogin(database.db, 'ADA')).toEqual({ kind: 'member', id: userId });
    expect(await auditedLogin(database.db, 'my-password-by-accident')).toEqual({ kind: 'member', id: null });
  });
});
