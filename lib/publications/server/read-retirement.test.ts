import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Database } from '@/lib/db/client';
import { openTestDatabase, personActor, testContext } from '@/lib/db/testing/context';
import { makeComponent, makeTarget } from '@/lib/db/testing/factories';
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
