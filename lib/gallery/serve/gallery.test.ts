import { gunzipSync } from 'node:zlib';
import { desc, eq, sql } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { audit, galleryTokens, galleryVersions } from '@/lib/db/schema';
import { sampleVsix } from '@/lib/extensions/testing/sample-vsix';
import { listNamespaces, revokeGalleryToken } from '../server';
import { type GalleryWorld, galleryWorld, ORIGIN } from '../testing/world';

let world: GalleryWorld;
let read: string;
let publish: string;

beforeAll(async () => {
  world = await galleryWorld();
  await world.published({ name: 'demo', version: '1.0.0' });
  await world.published({ name: 'demo', version: '1.1.0' });
  [read, publish] = await Promise.all([world.token('ada', 'read'), world.token('ada', 'publish')]);
});
afterAll(() => world.close());

const query = (token: string, ...criteria: [number, string][]) =>
  world.ask(`/t/${token}/extensionquery`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({
      filters: [
        { criteria: criteria.map(([filterType, value]) => ({ filterType, value })), pageNumber: 1, pageSize: 50 },
      ],
      flags: 439,
    }),
  });
const send = (token: string, body: Buffer) =>
  world.ask('/api/-/publish', {
    method: 'POST',
    headers: { authorization: `Bearer ${token}` },
    body: new Uint8Array(body),
  });
const get = (path: string, headers: Record<string, string> = {}) => world.ask(`/t/${read}${path}`, { headers });
const lastAudit = async () => (await world.database.db.select().from(audit).orderBy(desc(audit.id)).limit(1))[0];

// biome-ignore lint/suspicious/noExplicitAny: what an editor reads, taken as it comes.
type Any = any;

describe('private by default', () => {
  test.each<[string, string, Record<string, string>]>([
    ['no token', '/vscode/acme/demo/latest', {}],
    ['a token of the API', '/vscode/acme/demo/latest', { authorization: `Bearer aes_${'x'.repeat(49)}` }],
    ['a made-up token in the path', `/t/aeg_${'x'.repeat(49)}/vscode/acme/demo/latest`, {}],
    ['no token for the API of Open VSX', '/api/acme/demo', {}],
  ])('%s opens nothing', async (_, path, headers) => {
    const answer = await world.ask(path, { headers });
    expect(answer.status).toBe(401);
    expect(await answer.text()).not.toContain('demo.run');
  });

  test('a token opens it in the path, as Bearer, as either half of Basic, and in the query', async () => {
    const basic = (pair: string) => `Basic ${Buffer.from(pair).toString('base64')}`;
    const ways = [
      world.ask(`/t/${read}/api/acme/demo`),
      world.ask('/api/acme/demo', { headers: { authorization: `Bearer ${read}` } }),
      world.ask('/api/acme/demo', { headers: { authorization: basic(`anybody:${read}`) } }),
      world.ask('/api/acme/demo', { headers: { authorization: basic(`${read}:`) } }),
      world.ask(`/api/acme/demo?token=${read}`),
    ];
    for (const answer of await Promise.all(ways)) expect(answer.status).toBe(200);
  });

  test('a token that came by a header stands in no address of the answer', async () => {
    const answer = await world.ask('/api/acme/demo', { headers: { authorization: `Bearer ${read}` } });
    const text = await answer.text();
    expect(text).not.toContain(read);
    expect(text).toContain(`${ORIGIN}/api/gallery/api/acme/demo/1.1.0/file/acme.demo-1.1.0.vsix`);
  });

  test('a revoked or expired token ends on its next request, and only its hash is kept', async () => {
    const ada = await world.person('ada');
    const token = await world.token('ada', 'read');
    expect((await world.ask(`/t/${token}/api/acme`)).status).toBe(200);
    const [row] = await world.database.db.select().from(galleryTokens).orderBy(desc(galleryTokens.createdAt)).limit(1);
    expect(JSON.stringify(row)).not.toContain(token.slice(4, 30));
    expect(await revokeGalleryToken(ada, { tokenId: row?.id ?? '' })).toEqual({ revoked: true });
    expect((await world.ask(`/t/${token}/api/acme`)).status).toBe(401);
    const old = await world.token('ada', 'read');
    await world.database.db.execute(sql`update gallery_tokens set expires_at = now() where last4 = ${old.slice(-4)}`);
    expect((await world.ask(`/t/${old}/api/acme`)).status).toBe(401);
  });

  test('a token of somebody whose roles were taken opens nothing', async () => {
    const token = await world.token('carl', 'read', 'viewer');
    expect((await world.ask(`/t/${token}/api/acme`)).status).toBe(200);
    await world.database.db.execute(sql`delete from grants where user_id = 'usr_carl'`);
    expect((await world.ask(`/t/${token}/api/acme`)).status).toBe(403);
  });

  test('what needs no token says nothing of what is here', async () => {
    expect(await (await world.ask('/api/version')).json()).toEqual({ version: '1.3.0' });
    const item = await world.ask('/item?itemName=acme.demo');
    expect([item.status, item.headers.get('location')]).toEqual([302, `${ORIGIN}/gallery/acme/demo`]);
    for (const name of ['acme', 'a.b.c', 'acme.%2f%2fevil', 'https://evil.example'])
      expect((await world.ask(`/item?itemName=${name}`)).status).toBe(400);
  });
});

describe('an editor', () => {
  test('finds an extension by name with all that it needs to install it', async () => {
    const body = (await (
      await query(read, [7, 'ACME.demo'], [8, 'Microsoft.VisualStudio.Code'], [12, '4096'])
    ).json()) as Any;
    const [extension] = body.results[0].extensions;
    expect(body.results[0].resultMetadata[0].metadataItems[0].count).toBe(1);
    expect(extension.extensionId).toMatch(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/);
    expect(extension.versions.map((each: Any) => each.version)).toEqual(['1.1.0', '1.0.0']);
    const [version] = extension.versions;
    expect(version.assetUri).toBe(`${ORIGIN}/api/gallery/t/${read}/publisher/acme/extension/demo/1.1.0/assetbyname`);
    expect(version.properties).toContainEqual({ key: 'Microsoft.VisualStudio.Code.Engine', value: '^1.90.0' });
    expect(version.properties).toContainEqual({ key: 'PrivateMarketplace', value: 'true' });
    expect(version.files.map((each: Any) => each.assetType)).toContain('Microsoft.VisualStudio.Code.Manifest');
    const again = (await (await query(read, [4, extension.extensionId])).json()) as Any;
    expect(again.results[0].extensions).toHaveLength(1);
    const latest = (await (await get('/vscode/acme/demo/latest')).json()) as Any;
    expect(latest.versions[0].version).toBe('1.1.0');
    expect((await get('/vscode/acme/nothing/latest')).status).toBe(404);
  });

  test('gets assets that no browser can take for a page', async () => {
    const at = '/publisher/acme/extension/demo/1.1.0/assetbyname';
    const manifest = await get(`${at}/Microsoft.VisualStudio.Code.Manifest`);
    expect(((await manifest.json()) as Any).name).toBe('demo');
    for (const type of [
      'Microsoft.VisualStudio.Services.Content.Details',
      'Microsoft.VisualStudio.Services.VSIXPackage',
    ]) {
      const answer = await get(`${at}/${type}`);
      expect(answer.status).toBe(200);
      expect(answer.headers.get('content-disposition')).toMatch(/^attachment; filename="[\w.-]+"$/);
      expect(answer.headers.get('x-content-type-options')).toBe('nosniff');
      expect(answer.headers.get('content-security-policy')).toContain('sandbox');
      expect(answer.headers.get('content-type')).not.toContain('html');
      await answer.arrayBuffer();
    }
    for (const type of [
      'extension/out/main.js',
      '../../x',
      'Microsoft.VisualStudio.Services.VsixSignature',
      'constructor',
    ])
      expect((await get(`${at}/${encodeURIComponent(type)}`)).status).toBe(404);
  });

  test('gets the package byte for byte, zipped once more where it asks for that, and it is counted', async () => {
    const bytes = sampleVsix({ name: 'demo', version: '1.0.0' });
    const at = '/publishers/acme/vsextensions/demo/1.0.0/vspackage';
    const plain = await get(`${at}?install=true`);
    expect(Buffer.from(await plain.arrayBuffer()).equals(bytes)).toBe(true);
    const zipped = await get(`${at}?update=true`, { 'accept-encoding': 'gzip, deflate' });
    expect(zipped.headers.get('content-encoding')).toBe('gzip');
    expect(gunzipSync(Buffer.from(await zipped.arrayBuffer())).equals(bytes)).toBe(true);
    const stat = await world.ask(`/t/${read}/publishers/acme/extensions/demo/1.0.0/stats?statType=uninstall`, {
      method: 'POST',
    });
    expect(stat.status).toBe(200);
    const counted = await world.database.db.execute(sql`select kind, sum(count)::int as n from gallery_downloads d
      join gallery_versions v on v.id = d.version_id where v.version = '1.0.0' group by 1 order by 1`);
    expect(counted.rows).toEqual([
      { kind: 'install', n: 1 },
      { kind: 'uninstall', n: 1 },
      { kind: 'update', n: 1 },
    ]);
    const unknown = await world.ask(`/t/${read}/publishers/acme/extensions/demo/1.0.0/stats?statType=love`, {
      method: 'POST',
    });
    expect(unknown.status).toBe(404);
  });

  test('gets the package of its platform', async () => {
    await world.published({ name: 'native', version: '1.0.0', platform: 'linux-x64' });
    await world.published({ name: 'native', version: '1.0.0', platform: 'darwin-arm64' });
    const at = '/publisher/acme/extension/native/1.0.0/assetbyname/Microsoft.VisualStudio.Services.VSIXPackage';
    const answers = await Promise.all(['linux-x64', 'darwin-arm64'].map((each) => get(`${at}?targetPlatform=${each}`)));
    expect(new Set(answers.map((each) => each.headers.get('etag'))).size).toBe(2);
    await Promise.all(answers.map((each) => each.arrayBuffer()));
    expect((await get(`${at}?targetPlatform=win32-x64`)).status).toBe(404);
    expect((await get(at)).status).toBe(404);
  });

  test.each([
    ['no JSON', '{'],
    ['a filter that is none', '{"filters":[{"criteria":[{"filterType":"x"}]}]}'],
    ['more than fits', JSON.stringify({ filters: [], more: 'x'.repeat(300_000) })],
  ])('%s is refused, not answered with everything', async (_, body) => {
    const answer = await world.ask(`/t/${read}/extensionquery`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body,
    });
    expect(answer.status).toBeGreaterThanOrEqual(400);
    expect(answer.status).toBeLessThan(500);
  });

  test.each([
    '/',
    '/nothing',
    '/t',
    '/publisher/acme',
    '/%',
    '/api',
    '/api/-',
    '/api/acme/demo/file/x',
    `/${'a/'.repeat(30)}`,
  ])('there is nothing at %s', async (path) => {
    const answer = await world.ask(path, { headers: { authorization: `Bearer ${read}` } });
    expect([401, 404]).toContain(answer.status);
  });
});

describe('a publisher', () => {
  test('publishes with a token that may, once; the same again is no change, other content is refused and audited', async () => {
    const first = await send(publish, sampleVsix({ name: 'sent', version: '2.0.0' }));
    expect(first.status).toBe(201);
    expect((await first.json()) as Any).toMatchObject({
      namespace: 'acme',
      name: 'sent',
      version: '2.0.0',
      targetPlatform: 'universal',
    });
    const same = await send(publish, sampleVsix({ name: 'sent', version: '2.0.0' }));
    expect(((await same.json()) as Any).error).toBe('Extension acme.sent v2.0.0 is already published.');
    const other = await send(publish, sampleVsix({ name: 'sent', version: '2.0.0', readme: '# Something else' }));
    expect([other.status, ((await other.json()) as Any).code]).toEqual([409, 'other_content']);
    expect(await lastAudit()).toMatchObject({ action: 'gallery.publish', outcome: 'refused', code: 'other_content' });
    expect(await world.database.db.$count(galleryVersions, eq(galleryVersions.name, 'sent'))).toBe(1);
  });

  test('with a token that reads only, to a namespace of others, or to none at all, nothing is published', async () => {
    const vsix = sampleVsix({ name: 'refused', version: '1.0.0' });
    const reading = await send(read, vsix);
    expect([reading.status, ((await reading.json()) as Any).code]).toEqual([403, 'scope_missing']);
    const stranger = await send(await world.token('bob', 'publish', 'operator'), vsix);
    expect([stranger.status, ((await stranger.json()) as Any).code]).toEqual([403, 'not_an_owner']);
    const nowhere = await send(publish, sampleVsix({ publisher: 'nobody', name: 'refused', version: '1.0.0' }));
    expect(((await nowhere.json()) as Any).error).toContain('Unknown publisher');
    expect(await world.database.db.$count(galleryVersions, eq(galleryVersions.name, 'refused'))).toBe(0);
  });

  test('what does not pass its inspection is not published', async () => {
    const broken = await send(publish, Buffer.from('no zip at all'));
    expect(broken.status).toBeGreaterThanOrEqual(400);
    expect(broken.status).toBeLessThan(500);
    const refused = await send(
      publish,
      sampleVsix({ name: 'climbs', more: [{ name: 'extension/../../x', content: 'x' }] }),
    );
    expect(refused.status).toBeGreaterThanOrEqual(400);
    expect(await world.database.db.$count(galleryVersions, eq(galleryVersions.name, 'climbs'))).toBe(0);
  });

  test('asks whether a token is good for a namespace', async () => {
    const verify = (namespace: string, token: string) =>
      world.ask(`/api/${namespace}/verify-pat`, { headers: { authorization: `Bearer ${token}` } });
    expect((await verify('acme', publish)).status).toBe(200);
    expect((await verify('acme', read)).status).toBe(400);
    expect((await verify('nobody', publish)).status).toBe(404);
  });

  test('makes a namespace by hand of who manages components, but none that is taken or looks like one', async () => {
    const make = (name: string, token = publish) =>
      world.ask('/api/-/namespace/create', {
        method: 'POST',
        headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
        body: JSON.stringify({ name }),
      });
    expect((await make('beta')).status).toBe(201);
    expect(((await (await make('ACME')).json()) as Any).code).toBe('namespace_taken');
    expect(((await (await make('ac-me')).json()) as Any).code).toBe('namespace_looks_like');
    expect((await make('../x')).status).toBe(400);
    expect((await make('gamma', await world.token('bob', 'publish', 'operator'))).status).toBe(403);
  });
});

describe('Open VSX reads', () => {
  test('the console lists each namespace with its owners and how much is in it', async () => {
    const acme = (await listNamespaces(await world.person('ada'))).find(({ name }) => name === 'acme');
    expect(acme?.owners).toEqual([{ id: 'usr_ada', name: 'ada', disabled: false }]);
    expect(acme?.extensions).toBeGreaterThan(0);
  });

  test('a version, an extension, a namespace, a search and a query', async () => {
    const version = (await (await get('/api/acme/demo/1.0.0')).json()) as Any;
    expect(version).toMatchObject({ version: '1.0.0', downloads: { universal: version.files.download } });
    const path = new URL(version.files.download).pathname.replace('/api/gallery', '');
    const file = await world.ask(path);
    expect(Buffer.from(await file.arrayBuffer()).equals(sampleVsix({ name: 'demo', version: '1.0.0' }))).toBe(true);
    expect(((await (await get('/api/acme')).json()) as Any).extensions.demo).toContain('/api/acme/demo');
    expect(((await (await get('/api/-/search?query=demo')).json()) as Any).extensions[0].name).toBe('demo');
    const listed = (await (await get('/api/-/query?extensionId=acme.demo&includeAllVersions=true')).json()) as Any;
    expect(listed.extensions.map((each: Any) => each.version)).toEqual(['1.1.0', '1.0.0']);
    expect(await (await get('/api/acme/nothing')).json()).toMatchObject({ error: 'Extension not found: acme.nothing' });
    expect((await get('/api/-/search?size=-1')).status).toBe(400);
  });
});
