import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { Readable } from 'node:stream';
import { inArray } from 'drizzle-orm';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { grants, targets } from '@/lib/db/schema';
import { accept } from '@/lib/extensions/server';
import { serveGallery } from '@/lib/gallery/serve/gallery';
import { createGalleryToken } from '@/lib/gallery/server';
import { publishTo } from '@/lib/publications/server';
import { PLACES, type PlacesWorld, placesWorld } from '@/lib/publications/testing/places-world';
import { readVsix } from '@/lib/sandbox/vsix';
import { type Listening, listen } from './listen';
import { client, codeServer, writeExtension } from './tools';

/** One package that vsce made, by the console's own verbs to two simulated galleries and its own, and into an editor. */
let world: PlacesWorld;
let server: Listening;
let folder: string;
let token: string;
const everywhere = Object.values(PLACES);

beforeAll(async () => {
  world = await placesWorld(readVsix);
  const { db } = world.engine.database;
  const config = { extension: 'acme.greeter', channel: 'stable' };
  await db.update(targets).set({ config }).where(inArray(targets.id, everywhere));
  await db.insert(grants).values({ id: 'grn_ana', userId: 'user_ana', role: 'admin', environmentPattern: '*' });
  token = (await createGalleryToken(world.person, { name: 'Editors', scope: 'read', days: 30 })).token;
  folder = await mkdtemp(path.join(os.tmpdir(), 'clients-all-'));
  server = await listen((origin) => (request) => {
    const contextFor: Parameters<typeof serveGallery>[1]['contextFor'] = (actor) => ({ ...world.person, actor });
    return serveGallery(request, { requestId: 'req_client', ip: '127.0.0.1', origin, contextFor });
  });
});
afterAll(async () => {
  await server.close();
  await world.close();
  await rm(folder, { recursive: true, force: true });
});

async function packaged(says: string): Promise<string> {
  const out = path.join(folder, `${says}.vsix`);
  const cwd = await writeExtension(folder, '1.0.0', says);
  const ran = await client('CLIENT_VSCE', ['package', '--no-dependencies', '--out', out], { cwd });
  expect(ran.status, ran.output).toBe(0);
  const taken = await accept(world.person, Readable.from([await readFile(out)]), { kind: 'upload' });
  expect(taken).toMatchObject({ outcome: 'new', scan: 'passed' });
  return taken.packageId;
}

test('goes to three galleries in one press, is proven at each by its bytes, and code-server installs it', async () => {
  const packageId = await packaged('hello');
  const first = { packageId, targetIds: everywhere, idempotencyKey: 'everywhere-hello' };
  const { places } = await publishTo(world.person, first);
  expect(places.map(({ outcome }) => outcome)).toEqual(['created', 'created', 'created']);
  for (const { deploymentId } of places) await world.until(deploymentId ?? '', 'succeeded');
  for (const place of everywhere) expect(await world.stateAt(place, packageId)).toBe('verified');
  const editor = { cwd: folder, registry: `${server.origin}/api/gallery`, token };
  const ran = await codeServer(['--install-extension', 'acme.greeter'], editor);
  expect(ran.output).toContain("Extension 'acme.greeter' v1.0.0 was successfully installed.");
  const home = (await readdir(path.join(folder, 'extensions'))).find((name) => name.startsWith('acme.greeter-1.0.0'));
  const code = await readFile(path.join(folder, 'extensions', home ?? 'none', 'main.js'), 'utf8');
  expect(code).toContain("console.log('hello')");
});

test('the same version with other content is refused at all three, and nothing is sent', async () => {
  const other = await packaged('goodbye');
  const before = world.changes();
  const { places } = await publishTo(world.person, {
    ...{ packageId: other, targetIds: everywhere, idempotencyKey: 'everywhere-other' },
  });
  expect(places.map(({ code }) => code)).toEqual(['other_content', 'other_content', 'other_content']);
  expect(world.changes()).toBe(before);
});
