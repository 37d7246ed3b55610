import { gt } from 'drizzle-orm';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { listAudit } from '@/lib/audit/server';
import type { Actor } from '@/lib/auth/actor';
import type { Database } from '@/lib/db/client';
import { audit, rateLimits } from '@/lib/db/schema';
import { openTestDatabase, personActor, systemActor, testContext } from '@/lib/db/testing/context';
import { ServiceError } from '@/lib/kernel/errors';
import type { Grant } from '@/lib/members/model/role';
import { ProviderError } from '@/lib/providers/port';
import { register } from './registry';
import { type ActionDefinition, type ActionHost, runAction } from './run-action';
import { runQuery } from './run-query';

let database: Database;
beforeAll(async () => {
  database = await openTestDatabase();
});
beforeEach(async () => {
  await database.db.delete(rateLimits);
});
afterAll(() => database.close());

const OWN = 'https://deploy.team.dev';
const CANARY = `gh${'p_'}${'Zz9y'.repeat(9)}`;
const operator: Grant[] = [{ role: 'operator', environmentPattern: 'staging' }];

const input = z.strictObject({ targetId: z.string().max(10), note: z.string().optional() });
type Definition = ActionDefinition<typeof input, { did: string }>;

function definition(over: Partial<Definition> = {}): Definition {
  return {
    name: 'deployment.request',
    permission: 'deployment.request',
    input,
    environmentOf: async (_ctx, { targetId }) => {
      if (targetId === 'gone') throw new ServiceError('notFound', 'target_unknown', 'This target does not exist.');
      return targetId;
    },
    resourceOf: ({ targetId }) => ({ kind: 'target', id: targetId }),
    run: async (_ctx, { targetId }) => ({ did: targetId }),
    ...over,
  };
}

function host(over: { actor?: Actor; origin?: string | null; site?: string | null } = {}): ActionHost {
  const actor = over.actor ?? personActor(operator);
  return {
    facts: {
      requestId: 'req_1',
      ip: '203.0.113.9',
      origin: over.origin === undefined ? OWN : over.origin,
      secFetchSite: over.site === undefined ? 'same-origin' : over.site,
    },
    ownOrigin: OWN,
    resolveActor: async () => actor,
    contextFor: async (who, requestId) => ({ ...testContext(database.db, { actor: who }), requestId }),
  };
}

let seen = 0;
async function freshAudit() {
  const rows = await database.db.select().from(audit).where(gt(audit.id, seen)).orderBy(audit.id);
  seen = rows.at(-1)?.id ?? seen;
  return rows;
}

const boom = () => {
  throw new Error(`SELECT * FROM secrets WHERE token = '${CANARY}'`);
};

describe('the pipeline of a mutation', () => {
  test('a flood of strangers is refused one by one, but does not fill the audit log', async () => {
    await freshAudit();
    const begun = performance.now();
    const flood = Array.from({ length: 400 }, () => runAction(definition(), {}, host({ origin: 'https://evil.test' })));
    expect((await Promise.all(flood)).every((each) => !each.ok)).toBe(true);
    // 300 a minute: a slow machine gives some of them back while it goes on.
    const most = 300 + Math.ceil((performance.now() - begun) / 200);
    expect((await freshAudit()).length).toBeLessThanOrEqual(most);
    expect(most).toBeLessThan(400);
  });

  test('lets through what is permitted and leaves the audit line to the verb', async () => {
    expect(await runAction(definition(), { targetId: 'staging' }, host())).toEqual({
      ok: true,
      value: { did: 'staging' },
    });
    expect(await freshAudit()).toEqual([]);
  });

  const nobody: Actor = { kind: 'anonymous', name: 'anonymous', ip: '203.0.113.9' };
  const cases: [string, string, 'refused' | 'failed', unknown, Parameters<typeof host>[0], Partial<Definition>][] = [
    ['no origin', 'origin_missing', 'refused', { targetId: 'staging' }, { origin: null }, {}],
    ['a null origin', 'origin_missing', 'refused', { targetId: 'staging' }, { origin: 'null' }, {}],
    ['another origin', 'origin_foreign', 'refused', { targetId: 'staging' }, { origin: 'https://evil.example' }, {}],
    ['a cross-site fetch', 'origin_foreign', 'refused', { targetId: 'staging' }, { site: 'cross-site' }, {}],
    ['nobody signed in', 'signed_out', 'refused', { targetId: 'staging' }, { actor: nobody }, {}],
    [
      'no role for it anywhere',
      'forbidden',
      'refused',
      'not even an object',
      { actor: personActor([{ role: 'viewer', environmentPattern: '*' }]) },
      {},
    ],
    ['an unknown key', 'invalid_input', 'refused', { targetId: 'staging', admin: true }, {}, {}],
    ['a wrong type', 'invalid_input', 'refused', { targetId: 7 }, {}, {}],
    ['nothing at all', 'invalid_input', 'refused', undefined, {}, {}],
    ['an unknown thing', 'target_unknown', 'refused', { targetId: 'gone' }, {}, {}],
    ['another environment', 'forbidden', 'refused', { targetId: 'production' }, {}, {}],
    [
      'a thing that spans environments',
      'forbidden',
      'refused',
      { targetId: 'x' },
      {},
      { environmentOf: async () => null },
    ],
    [
      'the provider refusing',
      'workflow_unknown',
      'failed',
      { targetId: 'staging' },
      {},
      {
        run: async () => {
          throw new ProviderError(
            'rejected',
            'workflow_unknown',
            'The workflow is not there any more. Choose another in the target.',
          );
        },
      },
    ],
    ['an error nobody foresaw', 'internal', 'failed', { targetId: 'staging' }, {}, { run: boom }],
    ['an error while loading', 'internal', 'failed', { targetId: 'staging' }, {}, { environmentOf: boom }],
  ];

  test.each(cases)('%s is refused with one audit line', async (_what, code, outcome, raw, how, over) => {
    await freshAudit();
    const result = await runAction(definition(over), raw, host(how));
    expect(result).toMatchObject({ ok: false, refusal: { code } });
    const rows = await freshAudit();
    expect(rows).toHaveLength(1);
    expect(rows[0]).toMatchObject({ action: 'deployment.request', outcome, code, requestId: 'req_1' });
    expect(JSON.stringify([result, rows])).not.toContain(CANARY);
    expect(JSON.stringify(result)).not.toContain('SELECT');
  });

  test('authorises before it parses: a stranger learns nothing about the form', async () => {
    const result = await runAction(definition(), { nonsense: 1 }, host({ actor: nobody }));
    expect(result).toEqual({ ok: false, refusal: expect.objectContaining({ code: 'signed_out' }), fields: undefined });
  });

  test('an unforeseen error is answered with the request id only', async () => {
    const result = await runAction(definition({ run: boom }), { targetId: 'staging' }, host());
    expect(result).toMatchObject({ refusal: { sentence: expect.stringContaining('req_1') } });
  });

  test('names the field that is wrong', async () => {
    const result = await runAction(definition(), { targetId: 'far too long for this' }, host());
    expect(result).toMatchObject({ ok: false, fields: { targetId: expect.any(String) } });
  });

  test('a person who presses too often is slowed down, and others are not', async () => {
    await freshAudit();
    const often = definition({ rate: { perMinute: 3 } });
    const results = [];
    for (let i = 0; i < 5; i++) results.push(await runAction(often, { targetId: 'staging' }, host()));
    expect(results.filter((result) => result.ok)).toHaveLength(3);
    expect(results.at(-1)).toMatchObject({ refusal: { code: 'rate_limited' } });
    expect((await freshAudit()).map((row) => row.code)).toEqual(['rate_limited', 'rate_limited']);
    const other = host({ actor: personActor(operator, { id: 'usr_other' }) });
    expect((await runAction(often, { targetId: 'staging' }, other)).ok).toBe(true);
  });

  test('what somebody who goes on pressing writes into the audit log is bounded', async () => {
    const often = definition({ rate: { perMinute: 1 } });
    const flood = host({ actor: personActor(operator, { id: 'usr_flood' }) });
    await freshAudit();
    for (let i = 0; i < 150; i++) await runAction(often, { targetId: 'staging' }, flood);
    const codes = (await freshAudit()).map((row) => row.code);
    expect(codes.filter((code) => code === 'rate_limited').length).toBeGreaterThanOrEqual(120);
    expect(codes.length).toBeLessThan(140);
  });

  test('what all together may do with one thing is counted over people; a refusal says what there was too much of', async () => {
    const seen: string[] = [];
    const shared = definition({
      sharedRate: {
        perMinute: 3,
        what: 'deployments through this connection',
        of: async (_ctx, { note }) => note ?? null,
      },
      uncounted: ({ did }) => did === 'repeat',
      run: async (_ctx, { note }) => ({ did: note === 'b' ? 'repeat' : `run ${seen.push('run')}` }),
    });
    const press = (n: number, note?: string) => {
      const actor = personActor(operator, { id: `usr_${n}` });
      return runAction(shared, { targetId: 'staging', ...(note ? { note } : {}) }, host({ actor }));
    };
    const answers = [];
    for (let n = 0; n < 5; n++) answers.push(await press(n, 'a'));
    expect(answers.map(({ ok }) => ok)).toEqual([true, true, true, false, false]);
    expect(answers[4]).toMatchObject({
      refusal: {
        code: 'rate_limited',
        sentence: expect.stringMatching(
          /^There were 3 deployments through this connection within a minute\. Try again in \d+ s\.$/,
        ),
      },
    });
    for (let n = 0; n < 5; n++) expect((await press(n, 'b')).ok, 'a repeat gives its token back').toBe(true);
    for (let n = 0; n < 5; n++) expect((await press(n)).ok, 'no thing, no limit').toBe(true);
    expect(seen).toHaveLength(8);
    await freshAudit();
  });

  test('what is refused takes no place of what all may do together', async () => {
    const shared = definition({
      sharedRate: { perMinute: 2, what: 'deployments through this connection', of: async () => 'a' },
      run: async (_ctx, { note }) => {
        if (note === 'bad') throw new ServiceError('conflict', 'ref_changed', 'It changed.');
        return { did: 'run' };
      },
    });
    for (let n = 0; n < 4; n++)
      expect(await runAction(shared, { targetId: 'staging', note: 'bad' }, host())).toMatchObject({ ok: false });
    const answers = [];
    for (let n = 0; n < 3; n++) answers.push((await runAction(shared, { targetId: 'staging' }, host())).ok);
    expect(answers).toEqual([true, true, false]);
    await freshAudit();
  });

  test('of several things each is counted; where one of them is used up, none is taken', async () => {
    const ofBoth = definition({
      sharedRate: {
        perMinute: 3,
        what: 'presses of several',
        of: async () => ['used often', 'used often', 'used once'],
      },
    });
    const ofOne = definition({ sharedRate: { perMinute: 3, what: 'presses of several', of: async () => 'used once' } });
    const press = (shared: typeof ofBoth) => runAction(shared, { targetId: 'staging' }, host());
    const answers = [];
    for (const each of [ofBoth, ofBoth, ofBoth, ofOne, ofOne, ofOne]) answers.push((await press(each)).ok);
    expect(answers).toEqual([true, false, false, true, true, false]);
    await freshAudit();
  });

  test('a press that did nothing new is not counted', async () => {
    const repeats = definition({ rate: { perMinute: 2 }, uncounted: ({ did }) => did === 'staging' });
    for (let i = 0; i < 5; i++) expect((await runAction(repeats, { targetId: 'staging' }, host())).ok).toBe(true);
    const counted = { ...repeats, uncounted: () => false };
    const answers = [];
    for (let i = 0; i < 3; i++) answers.push((await runAction(counted, { targetId: 'staging' }, host())).ok);
    expect(answers).toEqual([true, true, false]);
  });

  test('a redirect of the framework passes through', async () => {
    const signal = Object.assign(new Error('NEXT_REDIRECT'), { digest: 'NEXT_REDIRECT;replace;/now;307;' });
    const run = async () => {
      throw signal;
    };
    await expect(runAction(definition({ run }), { targetId: 'staging' }, host())).rejects.toBe(signal);
  });

  test('two verbs of one name are refused', () => {
    register({ kind: 'action', name: 'test.twice', permission: 'anyone' });
    expect(() => register({ kind: 'action', name: 'test.twice', permission: 'anyone' })).toThrow('test.twice');
  });
});

describe('the pipeline of a read', () => {
  const query = {
    name: 'deployment.get',
    permission: 'deployment.read',
    input: z.strictObject({ slug: z.string() }),
    environmentOf: async (_ctx: unknown, { slug }: { slug: string }) => slug,
    run: async (_ctx: unknown, { slug }: { slug: string }) => slug,
  } as const;

  test('answers what may be read, refuses the rest, and audits only who asks for what is not theirs', async () => {
    await freshAudit();
    const mine = testContext(database.db, { actor: personActor(operator) });
    expect(await runQuery(query, { slug: 'staging' }, mine)).toBe('staging');
    await expect(runQuery(query, { slug: 1 }, mine)).rejects.toMatchObject({ code: 'invalid_input' });
    const stranger = testContext(database.db, { actor: { kind: 'anonymous', name: 'anonymous', ip: null } });
    await expect(runQuery(query, { slug: 'staging' }, stranger)).rejects.toMatchObject({ kind: 'unauthenticated' });
    expect(await freshAudit()).toEqual([]);
    await expect(runQuery(query, { slug: 'production' }, mine)).rejects.toMatchObject({ kind: 'forbidden' });
    const page = await listAudit(testContext(database.db, { actor: systemActor }), { limit: 1 });
    expect(page.rows).toMatchObject([{ action: 'deployment.get', outcome: 'refused', code: 'forbidden' }]);
  });
});
