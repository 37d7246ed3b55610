import { expect, test } from 'vitest';
import { markerOf } from '@/lib/deployments/model/marker';
import { deedsAsRuns } from './deeds';
import type { TrueDeed, TrueRun } from './vendors';
import type { World } from './world';

const asked = (id: string, more: object) => ({
  ...{ id, provider: 'host', kind: 'rollback', remoteId: null, remoteAttempt: 1, serves: null, packageId: null },
  ...more,
});
const serve = (what: string): TrueDeed => ({ provider: 'host', kind: 'serve', what });
const taken = (what: string): TrueDeed => ({ provider: 'host', kind: 'package', what });

function worldOf(rows: object[], deeds: TrueDeed[], runs: Partial<TrueRun>[] = []): World {
  const pool = { query: async () => ({ rows }) };
  return { runtime: { database: { pool } }, truth: async () => runs, deeds: async () => deeds } as unknown as World;
}

const ownersOf = async (world: World) => (await deedsAsRuns(world)).map(({ marker }) => marker);

test('of those who asked for the same build each has its own change, and one too many is the last one’s', async () => {
  const rows = ['dep_1', 'dep_2', 'dep_3'].map((id, n) => asked(id, { serves: n === 1 ? 'new' : 'old' }));
  const once = [serve('old'), serve('new'), serve('old')];
  const [first, second, third] = rows.map(({ id }) => markerOf(id, 1));
  expect(await ownersOf(worldOf(rows, once))).toEqual([first, second, third]);
  expect(await ownersOf(worldOf(rows, [...once, serve('old')]))).toEqual([first, second, third, third]);
});

test('what nobody asked for has no owner, and a package is no build of the same name', async () => {
  const world = worldOf([asked('dep_1', { serves: 'x' })], [taken('x'), serve('y')]);
  expect(await ownersOf(world)).toEqual([null, null]);
});

test('a further attempt is of the re-run that asked for that number, and of nobody when none did', async () => {
  const rows = [asked('dep_2', { kind: 'retry', remoteId: 'run', remoteAttempt: 2 })];
  const world = worldOf(rows, [], [{ id: 'run', attempt: 3, marker: markerOf('dep_1', 1) }]);
  expect(await ownersOf(world)).toEqual([markerOf('dep_1', 1), markerOf('dep_2', 1), null]);
});
