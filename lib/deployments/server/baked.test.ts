import { eq } from 'drizzle-orm';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { deployments } from '@/lib/db/schema';
import { type EngineWorld, engineWorld } from '../testing/engine-world';
import { readBakedFact } from './baked';

let world: EngineWorld;
beforeEach(async () => {
  world = await engineWorld();
});
afterEach(() => world.close());

const values = (hash: string) => ({ baked: [{ name: 'NEXT_PUBLIC_API', hash: hash.repeat(64) }] });
const NONE = { baked: [] };
const UNREAD = {};

/** A deployment that went live; what was read of its record. */
async function built(target: 'staging' | 'production', evidence: Record<string, unknown>, serves = false) {
  const id = await world.deployed('done', { target });
  const serve = { verb: 'promote', remoteId: '7', url: null } as const;
  const { dispatch } = await world.row(id);
  const change = { evidence, dispatch: serves ? { ...dispatch, serve } : dispatch };
  await world.database.db
    .update(deployments)
    .set(change as Partial<typeof deployments.$inferInsert>)
    .where(eq(deployments.id, id));
  return id;
}

const factOf = (sourceId: string) => readBakedFact(world.database.db, { sourceId, targetId: 'tgt_production' });
const names = ['NEXT_PUBLIC_API'];

test('a build with values is held against the last build for the place, and against none before it whose values were read', async () => {
  await built('production', values('a'));
  const source = await built('staging', values('a'));
  expect(await factOf(source)).toMatchObject({ state: 'same' });
  await built('production', UNREAD);
  expect(await factOf(source)).toMatchObject({ state: 'unproven', names });
  await built('production', values('b'));
  expect(await factOf(source)).toMatchObject({ state: 'differs', names });
});

test('what was only served there again is no build for it', async () => {
  await built('production', values('a'));
  await built('production', values('b'), true);
  expect(await factOf(await built('staging', values('a')))).toMatchObject({ state: 'same' });
});

test.each([
  ['a build whose record was not read', UNREAD, { state: 'unread', names }],
  ['a build without values', NONE, { state: 'differs', names }],
] as const)(
  '%s is not let over a place that had values, though its last build was not read',
  async (_, evidence, fact) => {
    await built('production', values('a'));
    await built('production', UNREAD);
    expect(await factOf(await built('staging', evidence))).toMatchObject(fact);
  },
);

test('where neither ever had a record, nothing is known', async () => {
  await built('production', UNREAD);
  expect(await factOf(await built('staging', UNREAD))).toMatchObject({ state: 'unknown', names: [] });
});
