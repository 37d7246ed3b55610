import { globSync, readFileSync } from 'node:fs';
import { sql } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import type { Actor } from '@/lib/auth/actor';
import type { Database } from '@/lib/db/client';
import { openTestDatabase } from '@/lib/db/testing/context';
import { type Grant, ROLES, type Role } from '@/lib/members/model/role';
import { TOKEN_SCOPES, type TokenScope } from '@/lib/members/model/token-scope';
import { attempt, ENVIRONMENT, inLanes, loadVerbs, type Verb } from './testing/attempt';
import { makeSampleWorld, type Place, SAMPLES, type SampleWorld } from './testing/sample-inputs';
import { MIXED } from './testing/sample-mixed';
import { WHO_MAY, type WhoMay } from './testing/who-may';

let database: Database;
let world: SampleWorld;
let verbs: Verb[];
beforeAll(async () => {
  // Links and signatures need an address and keys; these are nobody's.
  for (const [name, value] of Object.entries(ENVIRONMENT)) vi.stubEnv(name, value);
  [database, verbs] = await Promise.all([openTestDatabase({ max: 6 }), loadVerbs()]);
  world = await makeSampleWorld(database.db);
});
afterAll(async () => {
  vi.unstubAllEnvs();
  await database.close();
});

interface Principal {
  name: string;
  grants: Grant[];
  scope: TokenScope | null;
  signedIn: boolean;
}

/** The last three reach none of these environments, and match the words “all environments” all the same. */
const PATTERNS = ['*', 'staging', 'production', 'a*', '*s', '*e*'] as const;
const everyRole: Grant[] = ROLES.map((role) => ({ role, environmentPattern: '*' }));
const PRINCIPALS: Principal[] = [
  { name: 'nobody', grants: [], scope: null, signedIn: false },
  { name: 'somebody without a role', grants: [], scope: null, signedIn: true },
  ...ROLES.flatMap((role) =>
    PATTERNS.map((environmentPattern) => ({
      name: `${role} on ${environmentPattern}`,
      grants: [{ role, environmentPattern }],
      scope: null,
      signedIn: true,
    })),
  ),
  ...TOKEN_SCOPES.map((scope) => ({ name: `token for ${scope}`, grants: everyRole, scope, signedIn: true })),
  ...TOKEN_SCOPES.map((scope) => ({
    name: `token for ${scope} of an operator on staging`,
    grants: [{ role: 'operator' as Role, environmentPattern: 'staging' }],
    scope,
    signedIn: true,
  })),
  ...TOKEN_SCOPES.map((scope) => ({
    name: `token for ${scope} that is limited to staging`,
    grants: everyRole.map((grant) => ({ ...grant, within: 'staging' })),
    scope,
    signedIn: true,
  })),
];

function actorOf({ grants, scope, signedIn }: Principal): Actor {
  const { id, sessionHash, tokenId } = world.me;
  if (!signedIn) return { kind: 'anonymous', name: 'anonymous', ip: null };
  if (scope === null) return { kind: 'user', id, name: 'Me', grants, sessionHash, ip: null };
  return { kind: 'token', id: tokenId, userId: id, name: 'Me', grants, scopes: [scope], ip: null };
}

/** What the table says, worked out here and not by the product's own policy. */
function expected(row: WhoMay, who: Principal, place: Place): boolean {
  if (row.reach === 'anyone') return true;
  if (!who.signedIn) return false;
  if (who.scope !== null && row.scope !== 'any' && row.scope !== who.scope) return false;
  if (row.reach === 'self') return true;
  return who.grants.some(({ role, environmentPattern, within = '*' }) => {
    if (!row.roles.includes(role) || (row.whole && within !== '*')) return false;
    return [environmentPattern, within].every(
      (pattern) => pattern === '*' || row.reach === 'anywhere' || (row.reach === 'here' && pattern === place.slug),
    );
  });
}

describe('who may what', () => {
  test('every verb of the sources is written down, and nothing else is', () => {
    const sources = globSync(['lib/**/*.ts', 'app/**/*.ts'], { exclude: ['**/*.test.ts', '**/testing/**'] });
    const defined = sources.flatMap((file) =>
      [...readFileSync(file, 'utf8').matchAll(/define(?:Action|Command|Query)\(\{\s*name: '([\w.-]+)'/g)].map(
        ([, name]) => name,
      ),
    );
    expect(defined.sort()).toEqual(Object.keys(WHO_MAY).sort());
    const closed = Object.entries(WHO_MAY).filter(([, { reach }]) => reach !== 'anyone');
    const loaded = verbs.map(({ name }) => name);
    expect(loaded.sort()).toEqual(closed.map(([name]) => name).sort());
  });

  test('each verb, for each kind of person and token, in their environment and in another', {
    timeout: 240_000,
  }, async () => {
    const cells = verbs
      .filter(({ name }) => SAMPLES[name])
      .flatMap((verb) => {
        const { staging, production } = world;
        // For what lives in no environment the second one would ask the same again.
        const places = WHO_MAY[verb.name]?.reach === 'here' ? [staging, production] : [staging];
        return PRINCIPALS.flatMap((who) => places.map((place) => ({ verb, who, place })));
      });
    expect(cells.length).toBeGreaterThanOrEqual(900);
    const wrong: string[] = [];
    await inLanes(cells, 4, async ({ verb, who, place }) => {
      const row = WHO_MAY[verb.name];
      const input = SAMPLES[verb.name]?.(place, world);
      const wanted = row && expected(row, who, place) ? 'let through' : 'refused';
      const got = (await attempt(database.db, verb, actorOf(who), input)).verdict;
      if (got !== wanted) wrong.push(`${verb.name} in ${place.slug} by ${who.name}: ${got}, not ${wanted}`);
    });
    expect(wrong).toEqual([]);
  });

  test('an id of another environment beside one of their own opens nothing', { timeout: 60_000 }, async () => {
    const wrong: string[] = [];
    for (const [name, input] of Object.entries(MIXED)) {
      const verb = verbs.find((each) => each.name === name);
      const roles = WHO_MAY[name]?.roles ?? [];
      expect(verb, name).toBeDefined();
      for (const [mine, other] of [
        [world.staging, world.production],
        [world.production, world.staging],
      ] as const) {
        for (const role of roles) {
          const who = { name: role, grants: [{ role, environmentPattern: mine.slug }], scope: null, signedIn: true };
          if (!verb) continue;
          const { verdict, value } = await attempt(database.db, verb, actorOf(who), input(mine, other));
          // A plan may come back without the other one; nothing that names it may.
          const opened =
            verb.kind === 'command' ? value !== undefined : JSON.stringify(value ?? '').includes(other.olderId);
          if (opened || verdict.startsWith('broken: 500')) wrong.push(`${name} by ${role} on ${mine.slug}: ${verdict}`);
        }
      }
    }
    expect(wrong).toEqual([]);
  });

  test('every verb that takes an id has a sample, so that it is really run', () => {
    const without = verbs.map(({ name }) => name).filter((name) => !SAMPLES[name]);
    // Costs a password hash a cell; its own test runs it.
    expect(without).toEqual(['session.prove']);
  });
});

describe('what is taken away counts at once', () => {
  test('a role that was removed, between two presses of one session', async () => {
    const verb = verbs.find(({ name }) => name === 'target.composer');
    const input = { targetId: world.staging.targetId };
    const grants: Grant[] = [{ role: 'operator', environmentPattern: 'staging' }];
    const me = (held: Grant[]): Principal => ({ name: 'me', grants: held, scope: null, signedIn: true });
    if (!verb) throw new Error('target.composer is gone');
    expect(await attempt(database.db, verb, actorOf(me(grants)), input)).toMatchObject({ verdict: 'let through' });
    expect(await attempt(database.db, verb, actorOf(me([])), input)).toEqual({ verdict: 'refused' });
    const open = await database.db.execute(sql`select 1 from deployments where status = 'awaiting_approval'`);
    expect(open.rows, 'nothing of all this was kept').toHaveLength(2);
  });
});
