import { eq, sql } from 'drizzle-orm';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { audit, deployments, idempotencyKeys, pins, rateLimits } from '@/lib/db/schema';
import { pruneIdempotencyKeys } from './idempotency';
import { type ApiWorld, apiWorld, OWN, stubServerEnv } from './testing/api-world';

let world: ApiWorld;
beforeAll(async () => {
  world = await apiWorld();
  stubServerEnv(world);
});
afterEach(async () => {
  await world.database.db.delete(rateLimits);
  await world.database.db.delete(pins);
});
afterAll(() => world.close());

let keys = 0;
const newKey = () => `test-key-${++keys}`;
const deployBody = (over: object = {}) => ({
  targetId: 'tgt_staging',
  revision: { ref: 'main', refKind: 'branch', sha: world.vendor.head },
  inputs: { level: 'info' },
  ...over,
});
const count = () => world.database.db.$count(deployments);
/** So that the next deployment of the same content is not joined to this one. */
const OVER = { status: 'cancelled', finishedAt: new Date(), nextCheckAt: null, deadlineAt: null } as const;
const endAll = () => world.database.db.update(deployments).set(OVER);

async function problemOf(response: Response) {
  expect(response.headers.get('content-type')).toBe('application/problem+json');
  const body = (await response.json()) as { status: number; code: string; detail: string; title: string };
  expect(body).toMatchObject({ status: response.status, title: body.code, type: 'about:blank' });
  return body;
}

describe('who may change anything over the API', () => {
  test('a session cookie alone may not, whatever its roles; it is refused and written down', async () => {
    const { actor } = await world.person();
    const answer = await world.call('POST /deployments', { cookie: actor, body: deployBody(), key: newKey() });
    expect(answer.headers.get('www-authenticate')).toBe('Bearer');
    expect((await problemOf(answer)).code).toBe('token_required');
    const lines = await world.audits('deployment.request');
    expect(lines.at(-1)).toMatchObject({ outcome: 'refused', code: 'token_required', actorKind: 'anonymous' });
    expect((await world.call('GET /now', { cookie: actor })).status).toBe(200);
  });

  test.each(['Bearer aes_nothing', 'Bearer', 'Basic YTpi', `Bearer aes_${'a'.repeat(49)}`])(
    'a bad Authorization header (%s) opens nothing, not even with a good cookie beside it',
    async (authorization) => {
      const { actor } = await world.person();
      const headers = { Authorization: authorization };
      for (const where of ['GET /now', 'POST /locks']) {
        const answer = await world.call(where, { cookie: actor, headers });
        expect((await problemOf(answer)).code).toBe('token_invalid');
      }
    },
  );

  test('a page of another site may not, even with a token', async () => {
    const token = await world.token();
    const foreign: Record<string, string>[] = [
      { Origin: 'https://evil.example' },
      { Origin: 'null' },
      { 'Sec-Fetch-Site': 'cross-site' },
      { 'Sec-Fetch-Site': 'same-site', Origin: OWN },
    ];
    for (const headers of foreign)
      for (const where of ['GET /now', 'POST /locks'])
        expect((await problemOf(await world.call(where, { token, headers }))).code).toBe('origin_foreign');
    // Nor with the cookie that the browser adds by itself: it could make the console ask outside, or export.
    const { actor: cookie } = await world.person();
    const probe = `/targets/check-probe?url=${encodeURIComponent('https://other.example/version')}`;
    for (const headers of foreign)
      for (const where of ['GET /now', 'GET /audit/export', `GET ${probe}`, 'GET /me'])
        expect((await problemOf(await world.call(where, { cookie, headers }))).code).toBe('origin_foreign');
    const own: Record<string, string>[] = [
      { 'Sec-Fetch-Site': 'none' },
      { 'Sec-Fetch-Site': 'same-origin', Origin: OWN },
    ];
    for (const headers of own) expect((await world.call('GET /now', { cookie, headers })).status).toBe(200);
    expect((await world.call('GET /now', { token })).headers.get('access-control-allow-origin')).toBeNull();
  });

  test('scope, role and the token’s environments decide, and the sentence says what to do', async () => {
    const readOnly = await world.token({ scopes: ['read'] });
    const before = await count();
    const refused = await world.call('POST /deployments', { token: readOnly, body: deployBody(), key: newKey() });
    expect(await problemOf(refused)).toMatchObject({
      status: 403,
      code: 'scope_missing',
      detail: expect.stringContaining('“deploy”'),
    });
    const narrow = await world.token({ environmentPattern: 'production' });
    const outside = await world.call('POST /deployments', { token: narrow, body: deployBody(), key: newKey() });
    expect((await problemOf(outside)).code).toBe('forbidden');
    const viewer = await world.token({ grants: [{ role: 'viewer', environmentPattern: '*' }] });
    const weak = await world.call('POST /deployments', { token: viewer, body: deployBody(), key: newKey() });
    expect(await problemOf(weak)).toMatchObject({ code: 'forbidden', detail: expect.stringContaining('operator') });
    expect(await count()).toBe(before);
  });
});

describe('what a request must look like', () => {
  test.each([
    ['no key', { key: undefined }, 400, 'idempotency_key_required'],
    ['a short key', { key: 'short' }, 400, 'idempotency_key_invalid'],
    ['another type', { headers: { 'Content-Type': 'text/plain' } }, 415, 'content_type'],
    ['a form', { headers: { 'Content-Type': 'application/x-www-form-urlencoded' } }, 415, 'content_type'],
    ['no JSON', { body: '{"targetId":' }, 400, 'body_not_json'],
    ['a list', { body: [] }, 400, 'body_not_json'],
    ['too much', { body: 'x'.repeat(300_000) }, 413, 'body_too_large'],
    ['unknown fields', { body: { ...{ targetId: 'tgt_staging' }, admin: true } }, 400, 'invalid_input'],
    ['a key in the body', { body: { idempotencyKey: 'another-key' } }, 400, 'invalid_input'],
  ])('%s is problem details, and nothing is deployed', async (_name, over, status, code) => {
    const before = await count();
    const token = await world.token();
    const answer = await world.call('POST /deployments', { token, body: deployBody(), key: newKey(), ...over });
    expect(await problemOf(answer)).toMatchObject({ status, code });
    expect(await count()).toBe(before);
  });

  test('an unknown address and an unknown method are problem details too', async () => {
    expect(await problemOf(await world.call('GET /nothing/here'))).toMatchObject({ status: 404, code: 'no_such_path' });
    const wrong = await world.call('DELETE /deployments');
    expect(wrong.headers.get('allow')).toBe('GET, POST');
    expect(await problemOf(wrong)).toMatchObject({ status: 405, code: 'method_not_allowed' });
  });

  test('what stands in the address may not be said again in the body', async () => {
    const token = await world.token();
    const body = { targetId: 'tgt_production', toDeploymentId: 'dep_x', reason: 'because' };
    const answer = await world.call('POST /targets/tgt_staging/roll-back', { token, body, key: newKey() });
    expect(await problemOf(answer)).toMatchObject({ status: 400, fields: { targetId: expect.any(String) } });
  });

  test('too many requests are told when to come back', async () => {
    const token = await world.token();
    const answers: Response[] = [];
    // The bucket fills again while a slow machine asks.
    while (answers.length < 500 && answers.at(-1)?.status !== 429)
      answers.push(await world.call('POST /locks', { token, body: { nonsense: answers.length } }));
    expect(answers.length).toBeGreaterThan(60);
    const last = answers.at(-1) as Response;
    expect(await problemOf(last)).toMatchObject({ status: 429, code: 'rate_limited' });
    expect(Number(last.headers.get('retry-after'))).toBeGreaterThan(0);
  });
});

describe('Idempotency-Key', () => {
  test('ten at the same moment are one deployment; each later repeat gets the first answer', async () => {
    await endAll();
    const [token, key, before] = [await world.token(), newKey(), await count()];
    const once = () => world.call('POST /deployments', { token, body: deployBody(), key });
    const answers = await Promise.all(Array.from({ length: 10 }, once));
    const made = answers.filter(({ status }) => status === 201);
    const waiting = answers.filter(({ status }) => status === 409);
    expect(made.length).toBeGreaterThan(0);
    expect(made.length + waiting.length).toBe(10);
    for (const answer of waiting) expect(Number(answer.headers.get('retry-after'))).toBeGreaterThan(0);
    expect(await count()).toBe(before + 1);
    const first = (await made[0]?.json()) as { deploymentId: string };
    expect(made[0]?.headers.get('location')).toBe(`/api/v1/deployments/${first.deploymentId}`);
    // Those that came while the first was at work count as well.
    await world.database.db.delete(rateLimits);
    const again = await once();
    expect(again.status).toBe(201);
    expect(again.headers.get('idempotency-replayed')).toBe('true');
    expect(await again.json()).toEqual(first);
  });

  test('a refusal is repeated as it was, without asking again', async () => {
    const [token, key] = [await world.token(), newKey()];
    const body = { reason: 'because', toDeploymentId: 'dep_nothing' };
    const once = () => world.call('POST /targets/tgt_staging/roll-back', { token, body, key });
    const first = await problemOf(await once());
    const again = await once();
    expect(again.headers.get('idempotency-replayed')).toBe('true');
    expect(await problemOf(again)).toMatchObject({ code: first.code, detail: first.detail });
  });

  test('with another body, method or address it is 422', async () => {
    const [token, key] = [await world.token(), newKey()];
    await world.call('POST /locks', { token, body: { reason: 'first of them' }, key });
    for (const [where, body] of [
      ['POST /locks', { reason: 'second of them' }],
      ['POST /locks?again', { reason: 'first of them' }],
    ] as const)
      expect(await problemOf(await world.call(where, { token, body, key }))).toMatchObject({
        status: 422,
        code: 'idempotency_key_reused',
      });
    const other = await world.token();
    const theirs = await world.call('POST /locks', { token: other, body: { reason: 'second of them' }, key });
    expect(theirs.status).not.toBe(422);
  });

  test('after a crash in between it is 409, and after a minute the repeat finishes the same deployment', async () => {
    await endAll();
    const [token, key] = [await world.token(), newKey()];
    const once = () => world.call('POST /deployments', { token, body: deployBody(), key });
    const first = (await (await once()).json()) as { deploymentId: string };
    const pending = () => world.database.db.update(idempotencyKeys).set({ status: null, body: null });
    await pending().where(eq(idempotencyKeys.key, key));
    const refused = await once();
    expect(await problemOf(refused)).toMatchObject({ status: 409, code: 'idempotency_key_in_use' });
    expect(Number(refused.headers.get('retry-after'))).toBeLessThanOrEqual(60);
    await world.database.db
      .update(idempotencyKeys)
      .set({ createdAt: sql`now() - interval '61 seconds'` })
      .where(eq(idempotencyKeys.key, key));
    const before = await count();
    const taken = await once();
    expect(await taken.json()).toMatchObject({ deploymentId: first.deploymentId, outcome: 'repeated' });
    expect(await count()).toBe(before);
  });

  test('what is shown once is neither kept nor shown twice', async () => {
    const [token, key] = [await world.token(), newKey()];
    const body = { name: 'Chat', kind: 'webhook', url: 'https://hooks.example/x', events: ['deployment.failed'] };
    const once = () => world.call('POST /subscriptions', { token, body, key });
    const made = (await (await once()).json()) as { secret: string };
    expect(made.secret).toMatch(/^\S{20,}$/);
    expect(JSON.stringify(await world.database.db.select().from(idempotencyKeys))).not.toContain(made.secret);
    expect(await problemOf(await once())).toMatchObject({ status: 409, code: 'shown_once' });
  });

  test('answers older than seven days are dropped, younger ones stay', async () => {
    const { db } = world.database;
    for (const [key, days] of [
      ['old-answer', 8],
      ['young-answer', 6],
    ] as const)
      await db
        .insert(idempotencyKeys)
        .values({ actorId: 'tok_x', key, requestDigest: 'x', createdAt: new Date(Date.now() - days * 86_400_000) });
    await pruneIdempotencyKeys(db);
    const left = (await db.select().from(idempotencyKeys)).map((row) => row.key);
    expect(left).toContain('young-answer');
    expect(left).not.toContain('old-answer');
  });

  test('of a deployment is its own for good: with another request it is 422 after seven days, too', async () => {
    await endAll();
    const [token, key, { db }] = [await world.token(), newKey(), world.database];
    const once = (over = {}) => world.call('POST /deployments', { token, body: deployBody(over), key });
    const first = await (await once()).json();
    await db.update(idempotencyKeys).set({ createdAt: sql`now() - interval '8 days'` });
    await pruneIdempotencyKeys(db);
    const before = await count();
    expect(await problemOf(await once({ reason: 'Other' }))).toMatchObject({ code: 'idempotency_key_reused' });
    expect([await (await once()).json(), await count()]).toEqual([first, before]);
  });
});

describe('reads', () => {
  test('a list goes on by cursor and Link, and ends', async () => {
    for (let i = 0; i < 3; i++) {
      await endAll();
      await world.click();
    }
    const token = await world.token();
    const seen: number[] = [];
    let path = '/deployments?limit=2';
    for (let page = 0; page < 20 && path; page++) {
      const answer = await world.call(`GET ${path}`, { token });
      seen.push(...((await answer.json()) as { rows: { number: number }[] }).rows.map((row) => row.number));
      path = /^<\/api\/v1([^>]+)>; rel="next"$/.exec(answer.headers.get('link') ?? '')?.[1] ?? '';
    }
    expect(path).toBe('');
    expect(seen).toEqual([...new Set(seen)].sort((a, b) => b - a));
    expect(seen).toHaveLength(await count());
    expect(await problemOf(await world.call('GET /deployments?cursor=%00', { token }))).toMatchObject({ status: 400 });
  });

  test('what has not changed is not sent again', async () => {
    const token = await world.token();
    const first = await world.call('GET /matrix', { token });
    const tag = first.headers.get('etag') ?? '';
    const again = await world.call('GET /matrix', { token, headers: { 'If-None-Match': `"x", W/${tag}` } });
    expect(again.status).toBe(304);
    expect(await again.text()).toBe('');
    expect((await world.call('GET /matrix', { token, headers: { 'If-None-Match': '"x"' } })).status).toBe(200);
  });

  test('a token sees only its environments, and says who it is', async () => {
    const token = await world.token({ environmentPattern: 'staging', scopes: ['read'] });
    const matrix = (await (await world.call('GET /matrix', { token })).json()) as { environments: { slug: string }[] };
    expect(matrix.environments.map(({ slug }) => slug)).toEqual(['staging']);
    expect(await (await world.call('GET /me', { token })).json()).toMatchObject({
      kind: 'token',
      token: { scopes: ['read'], environmentPattern: 'staging' },
    });
    const made = await world.audits('token.create');
    expect(made.length).toBeGreaterThan(0);
    expect((await world.database.db.select().from(audit)).some((line) => line.sentence.includes(token))).toBe(false);
  });
});
