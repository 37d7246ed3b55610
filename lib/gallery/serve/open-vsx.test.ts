import { desc, eq, sql } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { audit, extensionPackages, users } from '@/lib/db/schema';
import { uploadPackageCommand } from '@/lib/extensions/commands';
import { PACKAGES_AT_ONCE, UPLOADS_PER_HOUR } from '@/lib/extensions/model/limits';
import { sampleVsix } from '@/lib/extensions/testing/sample-vsix';
import { requireToken } from '@/lib/pipeline/rate-limit';
import { rateKey } from '@/lib/pipeline/run-action';
import { takeSeat } from '@/lib/realtime/seats';
import { type GalleryWorld, galleryWorld } from '../testing/world';

// biome-ignore lint/suspicious/noExplicitAny: what a client reads, taken as it comes.
type Any = any;

let world: GalleryWorld;
let read: string;
beforeAll(async () => {
  world = await galleryWorld();
  await world.published({ name: 'demo', version: '1.0.0' });
  await world.published({ name: 'demo', version: '1.1.0', prerelease: true });
  read = await world.token('ada', 'read');
});
afterAll(() => world.close());

const get = (path: string) => world.ask(`/t/${read}${path}`);
const send = (token: string, body: Buffer) =>
  world.ask('/api/-/publish', {
    method: 'POST',
    headers: { authorization: `Bearer ${token}` },
    body: new Uint8Array(body),
  });
const kept = () => world.database.db.$count(extensionPackages);
const lastAudit = async () => (await world.database.db.select().from(audit).orderBy(desc(audit.id)).limit(1))[0];

describe('an extension with very many versions', () => {
  beforeAll(async () => {
    await world.database.db.execute(sql`
      insert into gallery_versions (id, namespace, name, version, platform, sort_key, extension_id, package_id, prerelease, listing)
      select 'gal_many_' || n, namespace, 'many', '0.0.' || n, platform, '0.0.' || lpad(n::text, 10, '0'),
        'ffffffff-0000-8000-8000-000000000000', package_id, n > 1, listing
      from gallery_versions, generate_series(1, 500) n where name = 'demo' and version = '1.0.0'`);
  });

  test.each([
    '/api/-/query?extensionId=acme.many&includeAllVersions=true&size=1000',
    '/api/-/search?query=many&includeAllVersions=true&size=1000',
    '/api/acme/many',
  ])('has an answer of bounded length at %s', async (path) => {
    const text = await (await get(path)).text();
    expect(text.length).toBeLessThan(4_000_000);
    const body = JSON.parse(text) as Any;
    const entries = body.extensions ?? [body];
    expect(entries.length).toBeLessThanOrEqual(100);
    for (const each of entries) expect(Object.keys(each.allVersions).length).toBeLessThanOrEqual(202);
  });

  test('is found by an old version, and its only stable one is the current one', async () => {
    expect(((await (await get('/api/acme/many/0.0.7')).json()) as Any).version).toBe('0.0.7');
    expect(((await (await get('/api/acme/many')).json()) as Any).version).toBe('0.0.1');
    const named = (await (await get('/api/-/query?extensionId=acme.many&extensionVersion=0.0.9')).json()) as Any;
    expect(named.extensions.map((each: Any) => each.version)).toEqual(['0.0.9']);
  });
});

describe('addresses as Open VSX has them', () => {
  test('a checksum is bare text', async () => {
    const version = (await (await get('/api/acme/demo/1.0.0')).json()) as Any;
    const answer = await world.ask(new URL(version.files.sha256).pathname.replace('/api/gallery', ''));
    expect(answer.headers.get('content-type')).toContain('text/plain');
    expect(await answer.text()).toMatch(/^[0-9a-f]{64}$/);
  });

  test('latest and pre-release stand for a version, of its files as well', async () => {
    const versionAt = async (path: string) => ((await (await get(path)).json()) as Any).version;
    expect(await versionAt('/api/acme/demo/latest')).toBe('1.0.0');
    expect(await versionAt('/api/acme/demo/pre-release')).toBe('1.1.0');
    expect(await versionAt('/api/acme/demo/latest/file/package.json')).toBe('1.0.0');
    expect(await versionAt('/api/acme/demo/pre-release/file/package.json')).toBe('1.1.0');
    expect((await get('/api/acme/demo/latest/file/acme.demo-1.0.0.vsix')).status).toBe(200);
    expect((await get('/api/acme/nothing/latest/file/package.json')).status).toBe(404);
  });
});

describe('who may not publish sends nothing that is kept', () => {
  const vsix = (name: string) => sampleVsix({ name, version: '9.0.0' });
  const role = (who: string, to: string) =>
    world.database.db.execute(sql`update grants set role = ${to} where user_id = ${`usr_${who}`}`);

  test('a token made before its person lost the right', async () => {
    const before = await kept();
    const token = await world.token('vic', 'publish');
    await role('vic', 'viewer');
    expect((await send(token, vsix('from-vic'))).status).toBe(403);
    expect([await kept(), (await lastAudit())?.outcome]).toEqual([before, 'refused']);
  });

  test('somebody who owns no namespace', async () => {
    const before = await kept();
    const answer = await send(await world.token('bob', 'publish', 'operator'), vsix('from-bob'));
    expect([answer.status, ((await answer.json()) as Any).code]).toEqual([403, 'not_an_owner']);
    expect(await kept()).toBe(before);
  });

  test('an owner whose role was taken has no valid token for the namespace', async () => {
    const token = await world.token('olga', 'publish');
    await world.published({ publisher: 'olgas', name: 'own', version: '1.0.0' }, 'olga');
    const verify = async () =>
      (await world.ask('/api/olgas/verify-pat', { headers: { authorization: `Bearer ${token}` } })).status;
    expect(await verify()).toBe(200);
    await role('olga', 'viewer');
    expect(await verify()).toBe(400);
  });
});

test('`ovsx publish` takes one of the places of everybody; sent away for want of one, it has used up nothing', async () => {
  const token = await world.token('ada', 'publish');
  const body = sampleVsix({ name: 'crowd' });
  const leave = Array.from({ length: PACKAGES_AT_ONCE }, () => takeSeat('packages:stream', PACKAGES_AT_ONCE));
  for (let at = 0; at <= UPLOADS_PER_HOUR; at++) {
    const answer = await send(token, body);
    expect([answer.status, answer.headers.get('retry-after')]).toEqual([429, '60']);
    expect(await answer.text()).toContain('as many packages as it has memory for');
  }
  for (const each of leave) each?.();
  expect((await send(token, body)).status).toBe(201);
});

test('the same bytes once more count for nothing, however often `ovsx --skip-duplicate` comes', async () => {
  await world.published({ publisher: 'kims', name: 'first' }, 'kim');
  const token = await world.token('kim', 'publish');
  const body = sampleVsix({ publisher: 'kims', name: 'skipped' });
  expect((await send(token, body)).status).toBe(201);
  for (let at = 0; at <= UPLOADS_PER_HOUR; at++) {
    const answer = await send(token, body);
    expect([answer.status, await answer.text()]).toEqual([400, expect.stringContaining('is already published')]);
  }
});

test('what a person brought by the console this hour counts for `ovsx` as well', async () => {
  await world.published({ publisher: 'lous', name: 'first' }, 'lou');
  const token = await world.token('lou', 'publish');
  const [{ id } = expect.fail('nobody')] = await world.database.db.select().from(users).where(eq(users.name, 'lou'));
  const rate = uploadPackageCommand.rate ?? expect.fail('no limit');
  const key = rateKey(rate.of ?? 'extension.upload', `user:${id}`);
  const rule = { capacity: UPLOADS_PER_HOUR, perMs: 3_600_000 };
  for (let at = 0; at < UPLOADS_PER_HOUR; at++) await requireToken(world.database.db, key, rule);
  expect((await send(token, sampleVsix({ publisher: 'lous', name: 'more' }))).status).toBe(429);
});
