import { eq, sql } from 'drizzle-orm';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { sightings } from '@/lib/db/schema';
import { readMatrix } from '@/lib/deployments/server';
import { type GateWorld, gateWorld } from '@/lib/deployments/testing/gate-world';
import { readHolds } from '@/lib/gates/server';
import { ProviderError } from '@/lib/providers/port';
import { lookAround } from '.';

const [OLD, MID, NEW] = ['1', '2', '3'].map((digit) => digit.repeat(40)) as [string, string, string];
const TARGET = 'tgt_staging';

let world: GateWorld;
beforeEach(async () => {
  world = await gateWorld();
  world.vendor.history = [OLD, MID, NEW];
  world.vendor.head = NEW;
});
afterEach(() => world.close());

/** As many minutes later, when it is this target's turn again. */
async function lookAfter(minutes: number): Promise<void> {
  await lookAround(world.engine);
  const earlier = sql`${sightings.behindAskedAt} - make_interval(mins => ${minutes})`;
  const due = { nextLookAt: sql`now() - interval '1 second'`, behindAskedAt: earlier };
  await world.database.db.update(sightings).set(due).where(eq(sightings.targetId, TARGET));
  await lookAround(world.engine);
}
const inMatrix = async () => {
  const { rows } = await readMatrix(world.as('viewer'));
  return rows[0]?.cells['staging']?.[0]?.commitsBehind;
};

test('how far a target is behind its branch is written down for every page, and asked for a quarter of an hour apart', async () => {
  expect(await inMatrix(), 'nothing is live').toBeNull();
  await world.deployed('done', { sha: OLD });
  expect(await inMatrix(), 'nobody has looked').toBeNull();
  await lookAfter(0);
  expect(await inMatrix()).toBe(2);
  await world.lock({ target: 'staging' });
  const { pins } = await readHolds(world.as('viewer'), {});
  expect(pins[0]?.heldBack).toMatchObject([{ targetId: TARGET, commitsBehind: 2 }]);

  const source = world.vendor.provider.methods.source ?? expect.fail('no source');
  const { resolve } = source;
  let asked = 0;
  source.resolve = (...args) => {
    asked += 1;
    return resolve(...args);
  };
  const compared = world.vendor.comparisons;
  await lookAfter(11);
  expect(asked, 'it was asked lately').toBe(0);
  await lookAfter(19);
  expect(asked).toBe(1);
  expect(world.vendor.comparisons, 'neither live nor branch is another').toBe(compared);

  await world.database.pool.query('update pins set lifted_at = now()');
  await world.deployed('done', { sha: MID });
  expect(await inMatrix(), 'it was counted for what was live before').toBeNull();
  world.vendor.readError = new ProviderError('unavailable', 'down', 'It is down.');
  await lookAfter(0);
  expect(await inMatrix()).toBeNull();
  world.vendor.readError = null;
  await lookAfter(0);
  expect(await inMatrix()).toBe(1);
  await world.deployed('done', { sha: NEW });
  await lookAfter(0);
  expect(await inMatrix()).toBe(0);
});

test.each(['notFound', 'rejected'] as const)(
  'what can never be compared (%s) is asked for a quarter of an hour apart, too',
  async (kind) => {
    await world.deployed('done', { sha: OLD });
    const source = world.vendor.provider.methods.source ?? expect.fail('no source');
    const { compare } = source;
    let asked = 0;
    source.compare = async () => {
      asked += 1;
      throw new ProviderError(kind, 'no_common_history', 'They have no commit in common.');
    };
    await lookAfter(0);
    await lookAfter(11);
    expect(asked).toBe(1);
    expect(await inMatrix()).toBeNull();
    source.compare = compare;
    await lookAfter(19);
    expect(await inMatrix(), 'it may be there by then').toBe(2);
  },
);
