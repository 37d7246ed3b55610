import { eq } from 'drizzle-orm';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Database } from '@/lib/db/client';
import { grants, users } from '@/lib/db/schema';
import { openTestDatabase, testContext } from '@/lib/db/testing/context';
import { makeUser } from '@/lib/db/testing/factories';
import { inviteMember } from '@/lib/members/server';
import { admitIdentity } from './identity';

let database: Database;
beforeEach(async () => {
  database = await openTestDatabase();
});
afterEach(() => database.close());

const octo = { provider: 'forge', accountId: '583231', login: 'Octo', name: 'Octo Cat' };
const how = (over: { allowedLogins?: string[]; invitationToken?: string | null } = {}) => ({
  allowedLogins: [],
  invitationToken: null,
  requestId: 'req_1',
  ip: null,
  ...over,
});

describe('who may come in from an identity provider', () => {
  test('nobody by default: no account, and none taken over by login or e-mail', async () => {
    await makeUser(database.db, { login: 'octo', email: 'octo@example.com' });
    await expect(admitIdentity(database.db, octo, how())).rejects.toMatchObject({ code: 'not_invited' });
    expect(await database.db.select().from(users)).toHaveLength(1);
  });

  test('the invited, bound once to the account and not to its name', async () => {
    const link = await inviteMember(testContext(database.db), {
      login: 'cat',
      name: 'Cat',
      grants: [{ role: 'operator', environmentPattern: '*' }],
    });
    const first = await admitIdentity(database.db, octo, how({ invitationToken: link.token }));
    expect(first).toEqual({ userId: link.userId, name: 'Cat' });
    expect(await admitIdentity(database.db, { ...octo, login: 'renamed' }, how())).toEqual(first);
    await expect(
      admitIdentity(database.db, { ...octo, accountId: '999' }, how({ invitationToken: link.token })),
    ).rejects.toMatchObject({ code: 'not_invited' });
  });

  test('the listed, as viewers, under their own login even when somebody has it', async () => {
    const other = await makeUser(database.db, { login: 'octo' });
    const made = await admitIdentity(database.db, octo, how({ allowedLogins: ['octo'] }));
    expect(made.userId).not.toBe(other.id);
    expect(await database.db.select().from(grants).where(eq(grants.userId, made.userId))).toMatchObject([
      { role: 'viewer', environmentPattern: '*' },
    ]);
    expect(await admitIdentity(database.db, octo, how())).toEqual(made);
  });

  test('not the disabled, listed or not', async () => {
    const made = await admitIdentity(database.db, octo, how({ allowedLogins: ['octo'] }));
    await database.db.update(users).set({ disabledAt: new Date() }).where(eq(users.id, made.userId));
    await expect(admitIdentity(database.db, octo, how({ allowedLogins: ['octo'] }))).rejects.toMatchObject({
      code: 'not_invited',
    });
  });
});
