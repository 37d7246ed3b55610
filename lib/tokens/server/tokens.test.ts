import { eq, sql } from 'drizzle-orm';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { listAudit } from '@/lib/audit/server';
import type { Actor } from '@/lib/auth/actor';
import { isPermitted } from '@/lib/auth/require';
import type { Database } from '@/lib/db/client';
import { apiTokens, audit, grants, users } from '@/lib/db/schema';
import { openTestDatabase, personActor, testContext } from '@/lib/db/testing/context';
import { makeUser } from '@/lib/db/testing/factories';
import { matchesPattern, permits, permitsEverywhere } from '@/lib/members/model/policy';
import type { Grant } from '@/lib/members/model/role';
import { createTokenInput } from '../model/schemas';
import { isTokenText, tokenText } from '../model/token-text';
import { createToken, listTokens, readToken, revokeToken } from '.';

let database: Database;
beforeAll(async () => {
  database = await openTestDatabase();
});
afterAll(() => database.close());

const OPERATOR: Grant[] = [{ role: 'operator', environmentPattern: '*' }];
const as = (actor: Actor) => testContext(database.db, { actor });

async function person(given = OPERATOR) {
  const user = await makeUser(database.db, { grants: given });
  return { user, ctx: as(personActor(given, { id: user.id, name: user.name })) };
}
const wanted = (over: object = {}) => createTokenInput.parse({ name: 'ci', scopes: ['read', 'deploy'], ...over });

async function withToken(given = OPERATOR, over: object = {}) {
  const owner = await person(given);
  const made = await createToken(owner.ctx, wanted(over));
  const actor = await readToken(database.db, made.token, null);
  if (!actor) throw new Error('The new token opens nothing.');
  return { ...owner, made, actor };
}

describe('the text of a token', () => {
  test('can be told from any other text, and one wrong character is found without asking', () => {
    const bytes = fc.uint8Array({ minLength: 32, maxLength: 32 });
    fc.assert(
      fc.property(bytes, fc.nat(42), fc.constantFrom(...'abcXYZ019_-'), (random, at, other) => {
        const token = tokenText(Buffer.from(random).toString('base64url'));
        expect(isTokenText(token)).toBe(true);
        expect(token).toMatch(/^aes_[A-Za-z0-9_-]{43}[0-9a-z]{6}$/);
        const broken = `${token.slice(0, 4 + at)}${other}${token.slice(5 + at)}`;
        expect(isTokenText(broken)).toBe(broken === token);
      }),
    );
    for (const text of ['', 'aes_', 'ghp_abc', `${tokenText('a'.repeat(43))}\n`]) expect(isTokenText(text)).toBe(false);
  });
});

describe('an API token', () => {
  test('is shown once: the database, the list and the audit log do not hold it', async () => {
    const { ctx, made } = await withToken();
    const kept = [await database.db.select().from(apiTokens), await database.db.select().from(audit)];
    const seen = JSON.stringify([kept, await listTokens(ctx)]);
    expect(seen).toContain(made.id);
    expect(seen).not.toContain(made.token);
    expect(seen).not.toContain(made.token.slice(4, 30));
  });

  test('acts for its owner, under the owner’s name, within scopes and roles of this very moment', async () => {
    const { user, made, actor } = await withToken();
    expect(actor).toMatchObject({ kind: 'token', userId: user.id, name: `${user.name} (token “ci”)` });
    expect(isPermitted(actor, 'deployment.request', 'production')).toBe(true);
    expect(isPermitted(actor, 'lock.create', 'production')).toBe(false);
    expect(isPermitted(actor, 'deployment.approve', 'production')).toBe(false);
    await database.db.delete(grants).where(eq(grants.userId, user.id));
    const later = await readToken(database.db, made.token, null);
    expect(later && isPermitted(later, 'deployment.read', 'production')).toBe(false);
  });

  test.each([
    ['revoked', sql`update api_tokens set revoked_at = now()`],
    ['expired', sql`update api_tokens set expires_at = now()`],
    ['of a disabled owner', sql`update users set disabled_at = now() where id in (select user_id from api_tokens)`],
  ])('%s opens nothing', async (_name, change) => {
    const { made } = await withToken();
    expect(await readToken(database.db, made.token, null)).not.toBeNull();
    await database.db.execute(change);
    expect(await readToken(database.db, made.token, null)).toBeNull();
    await database.db.update(users).set({ disabledAt: null });
  });

  test('lives at most 365 days and has at least one scope', () => {
    for (const bad of [{ days: 366 }, { days: 0 }, { days: 1.5 }, { scopes: [] }, { scopes: ['root'] }, { name: '' }])
      expect(createTokenInput.safeParse({ name: 'ci', scopes: ['read'], ...bad }).success, JSON.stringify(bad)).toBe(
        false,
      );
  });

  test('cannot make another token, whatever its scopes', async () => {
    const { actor } = await withToken(OPERATOR, { scopes: ['read', 'deploy', 'approve', 'hold', 'audit', 'manage'] });
    await expect(createToken(as(actor), wanted())).rejects.toMatchObject({ kind: 'unauthenticated' });
  });

  test('writes down its last use at most once a minute', async () => {
    const { made } = await withToken();
    const used = async () =>
      (await database.db.select().from(apiTokens).where(eq(apiTokens.id, made.id)))[0]?.lastUsedAt?.getTime();
    const first = await used();
    await readToken(database.db, made.token, null);
    expect(await used()).toBe(first);
    await database.db.update(apiTokens).set({ lastUsedAt: sql`now() - interval '61 seconds'` });
    await readToken(database.db, made.token, null);
    expect(await used()).toBeGreaterThanOrEqual(first ?? 0);
  });

  test('is seen and revoked by its owner and by administrators; to others it does not exist', async () => {
    const { ctx, made } = await withToken();
    const stranger = await person();
    expect((await listTokens(stranger.ctx)).map(({ id }) => id)).not.toContain(made.id);
    await expect(revokeToken(stranger.ctx, { tokenId: made.id })).rejects.toMatchObject({ code: 'token_unknown' });
    const admin = await person([{ role: 'admin', environmentPattern: '*' }]);
    expect((await listTokens(admin.ctx)).find(({ id }) => id === made.id)).toMatchObject({ isYours: false });
    const both = await Promise.all([
      revokeToken(admin.ctx, { tokenId: made.id }),
      revokeToken(ctx, { tokenId: made.id }),
    ]);
    expect(both.filter(({ revoked }) => revoked)).toHaveLength(1);
    const lines = await database.db.select().from(audit).where(eq(audit.resourceId, made.id));
    expect(lines.map(({ action }) => action).sort()).toEqual(['token.create', 'token.revoke']);
  });
});

describe('a token’s own environments', () => {
  test('narrow and never widen: both patterns must match', () => {
    const letters = fc.string({ unit: fc.constantFrom('a', 'b', '-', '*'), minLength: 1, maxLength: 6 });
    const slug = fc.string({ unit: fc.constantFrom('a', 'b', '-'), minLength: 1, maxLength: 6 });
    fc.assert(
      fc.property(letters, letters, slug, (granted, within, environment) => {
        const grant: Grant = { role: 'operator', environmentPattern: granted, within };
        expect(permits([grant], 'deployment.request', environment)).toBe(
          matchesPattern(granted, environment) && matchesPattern(within, environment),
        );
        if (within !== '*') expect(permitsEverywhere([grant], 'deployment.request')).toBe(false);
      }),
    );
  });

  test('keep the whole installation and the audit of other environments out of reach', async () => {
    const { actor } = await withToken(
      [
        { role: 'admin', environmentPattern: '*' },
        { role: 'approver', environmentPattern: '*' },
      ],
      { scopes: ['read', 'audit', 'manage'], environmentPattern: 'staging' },
    );
    expect(isPermitted(actor, 'member.manage', null)).toBe(false);
    expect(isPermitted(actor, 'target.manage', 'staging')).toBe(true);
    expect(isPermitted(actor, 'target.manage', 'production')).toBe(false);
    for (const environment of ['staging', 'production', null])
      await database.db.insert(audit).values({
        ...{ actorKind: 'system', actorName: 'x', action: 'probe', resourceKind: 'x', outcome: 'done', sentence: 'x' },
        environment,
      } as typeof audit.$inferInsert);
    const page = await listAudit(as(actor), { action: 'probe', limit: 50 });
    expect(page.rows.map((line) => line.environment)).toEqual(['staging']);
  });
});
