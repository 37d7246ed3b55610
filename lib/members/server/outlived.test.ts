import { eq } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Actor } from '@/lib/auth/actor';
import type { ServiceContext } from '@/lib/auth/context';
import { createSession, hashSessionId } from '@/lib/auth/sessions';
import type { Database } from '@/lib/db/client';
import { audit } from '@/lib/db/schema';
import { openTestDatabase, personActor, testContext } from '@/lib/db/testing/context';
import { makeUser } from '@/lib/db/testing/factories';
import { createTokenInput } from '@/lib/tokens/model/schemas';
import { createToken, readToken } from '@/lib/tokens/server';
import type { Grant } from '../model/role';
import { acceptInvitation, disableMember, enableMember, renewInvitation, revokeMemberSessions } from '.';

const ADMIN: Grant[] = [{ role: 'admin', environmentPattern: '*' }];
let database: Database;
let root: ServiceContext;
beforeAll(async () => {
  database = await openTestDatabase();
  const { id, name } = await makeUser(database.db, { name: 'Root', grants: ADMIN });
  root = as(personActor(ADMIN, { id, name }));
});
afterAll(() => database.close());

const as = (actor: Actor) => testContext(database.db, { actor });
const wanted = createTokenInput.parse({ name: 'ci', scopes: ['read', 'deploy'] });

async function holder() {
  const user = await makeUser(database.db, { passwordHash: 'old' });
  const ctx = as(personActor(user.grants, { id: user.id, name: user.name }));
  const { id, token } = await createToken(ctx, wanted);
  return { id: user.id, tokenId: id, opens: async () => (await readToken(database.db, token, null)) !== null };
}
const lineOf = async (userId: string, action: string) =>
  (await database.db.select().from(audit).where(eq(audit.resourceId, userId))).find((line) => line.action === action);

describe('a person’s tokens', () => {
  test('end when the password is chosen anew: what the former one made is not trusted any more', async () => {
    const [ada, other] = [await holder(), await holder()];
    const link = await renewInvitation(root, { userId: ada.id });
    expect(await ada.opens(), 'the link alone ends nothing').toBe(true);
    const nobody = as({ kind: 'anonymous', name: 'anonymous', ip: null });
    await acceptInvitation(nobody, { token: link.token, password: 'orbit lantern velvet' });
    expect(await ada.opens()).toBe(false);
    expect(await other.opens()).toBe(true);
    expect(await lineOf(ada.id, 'member.join')).toMatchObject({ data: { revoked: [ada.tokenId] } });
  });

  test('end when the person is disabled, and enabling does not revive them', async () => {
    const ada = await holder();
    expect(await disableMember(root, { userId: ada.id })).toEqual({ sessionsEnded: 0, tokensRevoked: 1 });
    await enableMember(root, { userId: ada.id });
    expect(await ada.opens()).toBe(false);
  });

  test('end with the person’s sessions', async () => {
    const ada = await holder();
    expect(await revokeMemberSessions(root, { userId: ada.id })).toEqual({ sessionsEnded: 0, tokensRevoked: 1 });
    expect(await ada.opens()).toBe(false);
    expect((await lineOf(ada.id, 'member.end-sessions'))?.sentence).toContain('1 API tokens');
  });

  test('cannot be made by a session that was ended meanwhile', async () => {
    const user = await makeUser(database.db);
    const sid = await createSession(database.db, { userId: user.id, ip: null, userAgent: null });
    const late = as({ ...personActor(user.grants, { id: user.id }), sessionHash: hashSessionId(sid) } as Actor);
    await createToken(late, wanted);
    await revokeMemberSessions(root, { userId: user.id });
    await expect(createToken(late, wanted)).rejects.toMatchObject({ code: 'signed_out' });
  });
});
