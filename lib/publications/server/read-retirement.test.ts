import { eq } from 'drizzle-orm';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Database } from '@/lib/db/client';
import { connections } from '@/lib/db/schema';
import { openTestDatabase, personActor, testContext } from '@/lib/db/testing/context';
import { makeComponent, makeConnection, makeTarget } from '@/lib/db/testing/factories';
import { readRetirement } from '.';

let database: Database;
beforeAll(async () => {
  database = await openTestDatabase();
});
afterAll(() => database.close());

test('reads the proposals of the first five extensions, names every other one, and reads the one that is asked for', async () => {
  const { db } = database;
  const slugs = ['ext-a', 'ext-b', 'ext-c', 'ext-d', 'ext-e', 'ext-f', 'ext-g'];
  for (const slug of slugs) {
    const component = await makeComponent(db, { slug, name: slug, kind: 'extension' });
    await makeTarget(db, { component, config: { extension: 'acme.demo', channel: 'stable' } });
  }
  // Who may change no components is shown whose proposals there are, and no repository is asked.
  const ctx = testContext(db, { actor: personActor([{ role: 'viewer', environmentPattern: '*' }]) });
  const shown = async (component?: string) => {
    const { migrations, others } = await readRetirement(ctx, component === undefined ? {} : { component });
    return [[...new Set(migrations.map((each) => each.component.slug))], others.map(({ slug }) => slug)];
  };
  expect(await shown()).toEqual([slugs.slice(0, 5), slugs.slice(5)]);
  expect(await shown('ext-g')).toEqual([['ext-g'], slugs.slice(0, 6)]);
});

test('a token that a check since the end of its kind took is not told as one that ended, and its place is no trouble', async () => {
  const { db } = database;
  const component = await makeComponent(db, { slug: 'ext-market', kind: 'extension' });
  const ctx = testContext(db, { actor: personActor([{ role: 'viewer', environmentPattern: '*' }]) });
  const made = await makeConnection(db, { providerId: 'vs-marketplace' });
  const target = await makeTarget(db, {
    component,
    connection: made,
    config: { extension: 'acme.demo', channel: 'stable' },
  });
  const told = async (report: object | null) => {
    await db.update(connections).set({ report }).where(eq(connections.id, made.id));
    const view = await readRetirement(ctx);
    const daysLeft = view.connections.find(({ id }) => id === made.id)?.daysLeft;
    const [mine] = (await readRetirement(ctx, { component: 'ext-market' })).migrations;
    expect(mine?.places.map(({ targetId }) => targetId)).toEqual(view.retirements[0]?.places.map(() => target.id));
    return [daysLeft === null ? 'no end' : 'an end', view.retirements.flatMap(({ places }) => places).length];
  };
  const works = { ok: true, account: 'acme', scopes: [], problems: [], expiresAt: null };
  expect(await told({ ...works, expiresAt: '2026-12-01T00:00:00.000Z' })).toEqual(['an end', 1]);
  expect(await told(works)).toEqual(['no end', 0]);
  expect(await told({ ...works, ok: false })).toEqual(['an end', 1]);
});
