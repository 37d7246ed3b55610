import { eq, sql } from 'drizzle-orm';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Actor } from '@/lib/auth/actor';
import { createSession, hashSessionId, readSession } from '@/lib/auth/sessions';
import { checkPassword } from '@/lib/auth/sign-in';
import type { Database } from '@/lib/db/client';
import { audit, events, grants, invitations, users } from '@/lib/db/schema';
import { openTestDatabase, personActor, testContext } from '@/lib/db/testing/context';
import { makeUser } from '@/lib/db/testing/factories';
import type { Grant } from '../model/role';
import {
  acceptInvitation,
  disableMember,
  enableMember,
  inviteMember,
  listMembers,
  listOwnSessions,
  renewInvitation,
  revokeMemberSessions,
  revokeOwnSession,
  setGrants,
} from '.';

const ADMIN: Grant[] = [{ role: 'admin', environmentPattern: '*' }];
const PASSWORD = 'orbit lantern velvet';
let database: Database;
beforeEach(async () => {
  database = await openTestDatabase();
});
afterEach(() => database.close());

const as = (actor: Actor) => testContext(database.db, { actor });
async function administrator() {
  const user = await makeUser(database.db, { name: 'Root', grants: ADMIN });
  return { user, ctx: as(personActor(ADMIN, { id: user.id, name: user.name })) };
}
const sessionOf = (userId: string) => createSession(database.db, { userId, ip: null, userAgent: null });

describe('members', () => {
  test('an invitation lets exactly one person in, once, and leaves one audit line and one event each', async () => {
    const { ctx } = await administrator();
    const link = await inviteMember(ctx, {
      login: 'ada',
      name: 'Ada',
      grants: [{ role: 'operator', environmentPattern: 'staging' }],
    });
    expect(
      JSON.stringify([await database.db.select().from(invitations), await database.db.select().from(audit)]),
    ).not.toContain(link.token);
    const anonymous = as({ kind: 'anonymous', name: 'anonymous', ip: null });
    const tries = await Promise.allSettled(
      [1, 2].map(() => acceptInvitation(anonymous, { token: link.token, password: PASSWORD })),
    );
    expect(tries.map((each) => each.status).sort()).toEqual(['fulfilled', 'rejected']);
    expect(await checkPassword(database.db, { login: 'ada', password: PASSWORD, ip: null })).toMatchObject({
      userId: link.userId,
    });
    const actions = (await database.db.select().from(audit).orderBy(audit.id)).map((row) => row.action);
    expect(actions).toEqual(['member.invite', 'member.join']);
    expect((await database.db.select().from(events)).map((row) => row.kind).sort()).toEqual([
      'member.invite',
      'member.join',
    ]);
  });

  test('an outdated, replaced or invented link lets nobody in', async () => {
    const { ctx } = await administrator();
    const first = await inviteMember(ctx, { login: 'ada', name: 'Ada', grants: [] });
    const second = await renewInvitation(ctx, { userId: first.userId });
    const accept = (token: string) => acceptInvitation(ctx, { token, password: PASSWORD });
    await expect(accept(first.token)).rejects.toMatchObject({ code: 'link_invalid' });
    await expect(accept('x'.repeat(43))).rejects.toMatchObject({ code: 'link_invalid' });
    await database.db.update(invitations).set({ expiresAt: sql`now()` });
    await expect(accept(second.token)).rejects.toMatchObject({ code: 'link_invalid' });
  });

  test('a link for a new password ends every session that the former one opened', async () => {
    const { ctx } = await administrator();
    const ada = await makeUser(database.db, { login: 'ada', passwordHash: 'old' });
    const sid = await sessionOf(ada.id);
    const link = await renewInvitation(ctx, { userId: ada.id });
    await acceptInvitation(ctx, { token: link.token, password: PASSWORD });
    expect(await readSession(database.db, sid, null)).toBeNull();
  });

  test('a taken login is said so, on its field', async () => {
    const { ctx } = await administrator();
    await makeUser(database.db, { login: 'ada' });
    await expect(inviteMember(ctx, { login: 'ada', name: 'Ada', grants: [] })).rejects.toMatchObject({
      code: 'login_taken',
      fields: { login: expect.any(String) },
    });
  });

  test('new roles count at once, and are written down before and after', async () => {
    const { ctx } = await administrator();
    const ada = await makeUser(database.db, { name: 'Ada', grants: [{ role: 'viewer', environmentPattern: '*' }] });
    const sid = await sessionOf(ada.id);
    const operator: Grant = { role: 'operator', environmentPattern: 'preview-*' };
    await setGrants(ctx, { userId: ada.id, grants: [operator, operator] });
    expect(await readSession(database.db, sid, null)).toMatchObject({ grants: [operator] });
    const [line] = await database.db.select().from(audit);
    expect(line).toMatchObject({
      action: 'member.set-grants',
      data: { before: [{ role: 'viewer' }], after: [operator] },
    });
  });

  test('the last administrator stays: not demoted, not disabled, not by two at once', async () => {
    const { user, ctx } = await administrator();
    const partial: Grant[] = [{ role: 'admin', environmentPattern: 'staging' }];
    await expect(setGrants(ctx, { userId: user.id, grants: partial })).rejects.toMatchObject({ code: 'last_admin' });
    expect(await database.db.select().from(grants)).toMatchObject([{ role: 'admin', environmentPattern: '*' }]);
    await expect(disableMember(testContext(database.db), { userId: user.id })).rejects.toMatchObject({
      code: 'last_admin',
    });
    const other = await makeUser(database.db, { grants: ADMIN });
    const both = await Promise.allSettled([
      setGrants(ctx, { userId: user.id, grants: [] }),
      disableMember(ctx, { userId: other.id }),
    ]);
    expect(both.map((each) => each.status).sort()).toEqual(['fulfilled', 'rejected']);
    const left = await database.db.select().from(users).innerJoin(grants, eq(grants.userId, users.id));
    expect(left.filter((row) => row.grants.role === 'admin' && row.users.disabledAt === null)).toHaveLength(1);
  });

  test('disabling shuts out at once, undoing it brings the roles back; nobody disables themselves', async () => {
    const { user, ctx } = await administrator();
    const ada = await makeUser(database.db, { login: 'ada' });
    const sid = await sessionOf(ada.id);
    expect(await disableMember(ctx, { userId: ada.id })).toEqual({ sessionsEnded: 1, tokensRevoked: 0 });
    expect(await readSession(database.db, sid, null)).toBeNull();
    await enableMember(ctx, { userId: ada.id });
    expect(await readSession(database.db, sid, null)).toBeNull();
    expect(await readSession(database.db, await sessionOf(ada.id), null)).toMatchObject({
      grants: [{ role: 'operator' }],
    });
    await expect(disableMember(ctx, { userId: user.id })).rejects.toMatchObject({ code: 'not_yourself' });
  });

  test('sessions: an administrator ends those of others, everybody only their own', async () => {
    const { user, ctx } = await administrator();
    const ada = await makeUser(database.db);
    const hers = await sessionOf(ada.id);
    const adasCtx = as(personActor(ada.grants, { id: ada.id }));
    const rootsSession = hashSessionId(await sessionOf(user.id));
    await expect(revokeOwnSession(adasCtx, { sessionId: rootsSession })).rejects.toMatchObject({ kind: 'notFound' });
    await expect(revokeMemberSessions(adasCtx, { userId: user.id })).rejects.toMatchObject({ kind: 'forbidden' });
    expect(await listOwnSessions(adasCtx)).toHaveLength(1);
    expect(await revokeMemberSessions(ctx, { userId: ada.id })).toEqual({ sessionsEnded: 1, tokensRevoked: 0 });
    expect(await readSession(database.db, hers, null)).toBeNull();
    await revokeOwnSession(ctx, { sessionId: rootsSession });
    expect(await listOwnSessions(ctx)).toEqual([]);
  });

  test('the list shows roles, how they sign in and live sessions; only an administrator sees it', async () => {
    const { ctx } = await administrator();
    const ada = await makeUser(database.db, {
      name: 'Ada',
      passwordHash: 'x',
      grants: [{ role: 'viewer', environmentPattern: '*' }],
    });
    await sessionOf(ada.id);
    const list = await listMembers(ctx);
    expect(list.map((member) => [member.name, member.signIn, member.sessions])).toEqual([
      ['Ada', 'password', 1],
      ['Root', 'invited', 0],
    ]);
    expect(list[0]).toMatchObject({
      grants: [{ role: 'viewer', environmentPattern: '*' }],
      lastSeenAt: expect.any(String),
    });
    await expect(
      listMembers(as(personActor([{ role: 'admin', environmentPattern: 'staging' }]))),
    ).rejects.toMatchObject({ kind: 'forbidden' });
  });
});
