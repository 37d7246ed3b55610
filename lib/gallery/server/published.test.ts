import { sql } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { galleryVersions } from '@/lib/db/schema';
import { type GalleryWorld, galleryWorld } from '../testing/world';
import { removeOwner, retireVersions, setKeep, unyank, yank } from '.';

let world: GalleryWorld;
let read: string;

beforeAll(async () => {
  world = await galleryWorld();
  await world.published({ name: 'demo', version: '1.0.0' });
  read = await world.token('ada', 'read');
});
afterAll(() => world.close());

const get = (path: string) => world.ask(`/t/${read}${path}`);
const query = (name: string) =>
  world.ask(`/t/${read}/extensionquery`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ filters: [{ criteria: [{ filterType: 7, value: name }] }], flags: 439 }),
  });

// biome-ignore lint/suspicious/noExplicitAny: what an editor reads, taken as it comes.
type Any = any;

describe('what was published', () => {
  test('is neither changed nor deleted, whatever asks the database', async () => {
    const { db } = world.database;
    await expect(db.delete(galleryVersions)).rejects.toThrow();
    await expect(db.update(galleryVersions).set({ packageId: 'b'.repeat(64) })).rejects.toThrow();
    await expect(db.execute(sql`delete from gallery_namespaces where name = 'acme'`)).rejects.toThrow();
    for (const [set, value] of [
      ['listing', `'{}'::jsonb`],
      ['extension_id', `'another'`],
      ['sort_key', `'9'`],
      ['prerelease', 'not prerelease'],
      ['published_by', `'user_eve'`],
    ])
      await expect(db.execute(sql.raw(`update gallery_versions set ${set} = ${value}`)), set).rejects.toThrow();
    await expect(db.execute(sql`update gallery_namespaces set outline = 'another'`)).rejects.toThrow();
    await expect(db.execute(sql`truncate gallery_versions cascade`)).rejects.toThrow();
    await expect(db.execute(sql`truncate gallery_namespaces cascade`)).rejects.toThrow();
  });

  test('is yanked with a reason, stays taken, and comes back', async () => {
    const ada = await world.person('ada');
    await world.published({ name: 'bad', version: '1.0.0' });
    const which = { namespace: 'acme', name: 'bad', version: '1.0.0' };
    expect(await yank(ada, { ...which, reason: 'It phones home.' })).toEqual({ packages: 1 });
    expect((await get('/vscode/acme/bad/latest')).status).toBe(404);
    expect((await get('/publishers/acme/vsextensions/bad/1.0.0/vspackage')).status).toBe(404);
    await expect(world.published({ name: 'bad', version: '1.0.0' })).rejects.toMatchObject({ code: 'yanked' });
    await expect(world.published({ name: 'bad', version: '1.0.0', readme: 'x' })).rejects.toMatchObject({
      code: 'other_content',
    });
    const bob = await world.person('bob', 'operator');
    await expect(unyank(bob, which)).rejects.toMatchObject({ code: 'not_an_owner' });
    expect(await unyank(ada, which)).toEqual({ packages: 1 });
    expect((await get('/vscode/acme/bad/latest')).status).toBe(200);
  });

  test('goes by the rule of its namespace: the newest stay, and so does what somebody fetches', async () => {
    const ada = await world.person('ada');
    for (const version of ['1.0.0', '1.1.0', '1.2.0', '1.3.0'])
      await world.published({ publisher: 'keeper', name: 'old', version });
    await (await get('/publishers/keeper/vsextensions/old/1.0.0/vspackage')).arrayBuffer();
    expect(await retireVersions(ada)).toBe(0);
    await setKeep(ada, { namespace: 'keeper', keep: 2 });
    expect(await retireVersions(ada)).toBe(1);
    expect(await retireVersions(ada)).toBe(0);
    const latest = (await (await get('/vscode/keeper/old/latest')).json()) as Any;
    const all = (await (await query('keeper.old')).json()) as Any;
    expect(latest.versions[0].version).toBe('1.3.0');
    expect(all.results[0].extensions[0].versions.map((each: Any) => each.version)).toEqual(['1.3.0', '1.2.0', '1.0.0']);
    const gone = { namespace: 'keeper', name: 'old', version: '1.1.0' };
    await yank(ada, { ...gone, reason: 'It phones home.' });
    await expect(unyank(ada, gone), 'it would not be offered').rejects.toMatchObject({ code: 'retired' });
    await expect(removeOwner(ada, { namespace: 'keeper', userId: ada.userId })).rejects.toMatchObject({
      code: 'last_owner',
    });
  });
});
