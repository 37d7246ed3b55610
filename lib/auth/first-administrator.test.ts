import { sql } from 'drizzle-orm';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Database } from '@/lib/db/client';
import { audit, events, grants, invitations, users } from '@/lib/db/schema';
import { openTestDatabase, testContext } from '@/lib/db/testing/context';
import { completeSetup, setupNeeded, storeSetupToken } from './first-administrator';
import { checkPassword } from './sign-in';

const TOKEN = 'a-token-that-the-server-printed-1';
let database: Database;
beforeEach(async () => {
  database = await openTestDatabase();
});
afterEach(() => database.close());

const context = () => testContext(database.db, { actor: { kind: 'anonymous', name: 'anonymous', ip: null } });
const person = (login: string, token = TOKEN) => ({ token, login, name: 'Ada', password: 'orbit lantern velvet' });

describe('the first administrator', () => {
  test('is made once by the link, can sign in, and the link is used up', async () => {
    await storeSetupToken(database.db, TOKEN);
    expect(await setupNeeded(database.db)).toBe(true);
    const made = await completeSetup(context(), person('admin'));
    expect(await setupNeeded(database.db)).toBe(false);
    expect(await checkPassword(database.db, { login: 'admin', password: 'orbit lantern velvet', ip: null })).toEqual(
      made,
    );
    expect(await database.db.select().from(grants)).toMatchObject([
      { userId: made.userId, role: 'admin', environmentPattern: '*' },
    ]);
    expect(await database.db.select().from(audit)).toMatchObject([{ action: 'member.setup', outcome: 'done' }]);
    expect(await database.db.select().from(events)).toMatchObject([{ topic: 'member', kind: 'member.setup' }]);
    await expect(completeSetup(context(), person('second'))).rejects.toMatchObject({ code: 'setup_done' });
  });

  test('two who press at the same moment: one administrator', async () => {
    await storeSetupToken(database.db, TOKEN);
    const both = await Promise.allSettled([
      completeSetup(context(), person('one')),
      completeSetup(context(), person('two')),
    ]);
    expect(both.map((each) => each.status).sort()).toEqual(['fulfilled', 'rejected']);
    expect(both.find((each) => each.status === 'rejected')).toMatchObject({ reason: { code: 'setup_done' } });
    expect(await database.db.select().from(users)).toHaveLength(1);
  });

  test('is not made by another, an outdated or a replaced link', async () => {
    await expect(completeSetup(context(), person('admin'))).rejects.toMatchObject({ code: 'setup_token' });
    await storeSetupToken(database.db, TOKEN);
    await expect(completeSetup(context(), person('admin', 'a-token-that-somebody-guessed'))).rejects.toMatchObject({
      code: 'setup_token',
    });
    await database.db.update(invitations).set({ expiresAt: sql`now() - interval '1 second'` });
    await expect(completeSetup(context(), person('admin'))).rejects.toMatchObject({ code: 'setup_token' });
    await storeSetupToken(database.db, 'the-token-of-the-next-start-0001');
    await expect(completeSetup(context(), person('admin'))).rejects.toMatchObject({ code: 'setup_token' });
    expect(await database.db.select().from(users)).toEqual([]);
  });

  test('the next start makes an outdated link good again, and several instances may start together', async () => {
    await storeSetupToken(database.db, TOKEN);
    await database.db.update(invitations).set({ expiresAt: sql`now() - interval '1 second'` });
    await Promise.all([
      storeSetupToken(database.db, TOKEN),
      storeSetupToken(database.db, TOKEN),
      storeSetupToken(database.db, TOKEN),
    ]);
    await completeSetup(context(), person('admin'));
    await storeSetupToken(database.db, TOKEN);
    expect(await database.db.select().from(invitations)).toHaveLength(1);
  });

  test('the database never holds the token', async () => {
    await storeSetupToken(database.db, TOKEN);
    expect(JSON.stringify(await database.db.select().from(invitations))).not.toContain(TOKEN);
  });
});
