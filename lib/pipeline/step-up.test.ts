import { eq, sql } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import type { Actor } from '@/lib/auth/actor';
import { createSession, readSession } from '@/lib/auth/sessions';
import { lightHash } from '@/lib/auth/testing/light-hash';
import type { Database } from '@/lib/db/client';
import { audit, rateLimits, sessions } from '@/lib/db/schema';
import { openTestDatabase, testContext } from '@/lib/db/testing/context';
import { makeUser } from '@/lib/db/testing/factories';
import { proveIdentity } from '@/lib/members/server';
import { type ActionDefinition, runAction } from './run-action';

let database: Database;
const passwordHash = lightHash('granite otter lantern 42');
beforeAll(async () => {
  database = await openTestDatabase();
});
afterAll(() => database.close());

const input = z.strictObject({ production: z.boolean() });
type Definition = ActionDefinition<typeof input, string>;

async function world(hash: string | null) {
  await database.db.delete(rateLimits);
  const user = await makeUser(database.db, {
    passwordHash: hash,
    grants: [{ role: 'admin', environmentPattern: '*' }],
  });
  const sid = await createSession(database.db, { userId: user.id, ip: null, userAgent: null });
  const actor = (await readSession(database.db, sid, null)) as Actor & { kind: 'user' };
  const run = (over: Partial<Definition>, raw = { production: true }, as: Actor = actor) =>
    runAction(
      {
        name: 'test.risky',
        permission: 'connection.manage',
        input,
        resourceOf: () => ({ kind: 'test', id: 'x' }),
        run: async () => 'done',
        ...over,
      },
      raw,
      {
        facts: { requestId: 'req_1', ip: null, origin: 'https://a.dev', secFetchSite: 'same-origin' },
        ownOrigin: 'https://a.dev',
        resolveActor: async () => as,
        contextFor: async (who) => testContext(database.db, { actor: who }),
      },
    );
  const grow = (interval: string) =>
    database.db
      .update(sessions)
      .set({ authenticatedAt: sql`now() - ${interval}::interval` })
      .where(eq(sessions.idHash, actor.sessionHash));
  const prove = (password: string) => proveIdentity(testContext(database.db, { actor }), { password });
  return { run, grow, prove, actor };
}

const DONE = { ok: true, value: 'done' };

describe('a risky change', () => {
  test('goes through right after signing in, and asks again after 15 minutes', async () => {
    const { run, grow } = await world(passwordHash);
    expect(await run({ risk: 'high' })).toEqual(DONE);
    await grow('16 minutes');
    const refused = await run({ risk: 'high' });
    expect(refused).toMatchObject({ ok: false, stepUp: 'password', refusal: { code: 'step_up_required' } });
    expect(await run({})).toEqual(DONE);
    const lines = await database.db.select().from(audit).where(eq(audit.code, 'step_up_required'));
    expect(lines.map(({ action, outcome }) => [action, outcome])).toEqual([['test.risky', 'refused']]);
  });

  test('the password, entered once more, lets it through; a wrong one does not', async () => {
    const { run, grow, prove } = await world(passwordHash);
    await grow('1 hour');
    await expect(prove('granite otter lantern 43')).rejects.toMatchObject({ code: 'password_wrong' });
    expect((await run({ risk: 'high' })).ok).toBe(false);
    await prove('granite otter lantern 42');
    expect(await run({ risk: 'high' })).toEqual(DONE);
  });

  test('somebody who has no password is sent to the identity provider', async () => {
    const { run, grow, prove } = await world(null);
    await grow('1 hour');
    expect(await run({ risk: 'high' })).toMatchObject({ stepUp: 'identity' });
    await expect(prove('')).rejects.toMatchObject({ code: 'password_wrong' });
  });

  test('the input may decide, for production only, say', async () => {
    const { run, grow } = await world(passwordHash);
    await grow('1 hour');
    const risk: Definition['risk'] = async (_ctx, { production }) => production;
    expect((await run({ risk })).ok).toBe(false);
    expect(await run({ risk }, { production: false })).toEqual(DONE);
  });

  test('is asked for only after permission and input are right: the dialog tells a stranger nothing', async () => {
    const { run, grow, actor } = await world(passwordHash);
    await grow('1 hour');
    expect(await run({ risk: 'high' }, 'nonsense' as never)).toMatchObject({ refusal: { code: 'invalid_input' } });
    const viewer: Actor = { ...actor, grants: [{ role: 'viewer', environmentPattern: '*' }] };
    expect(await run({ risk: 'high' }, undefined, viewer)).toMatchObject({ refusal: { code: 'forbidden' } });
  });
});
