import { afterAll, beforeAll, expect, test } from 'vitest';
import { readChanged } from '@/lib/deployments/server/read-again';
import { examine } from '@/lib/doctor/server';
import { repositoryFiles } from '@/lib/sandbox/repository-files';
import { admin, connectionId, REPOSITORY, type SettingsWorld, settingsWorld } from '../testing/settings-world';
import { planSetting, readConfiguration, setSetting } from '.';
import { gather } from './gather';
import { keepReadings } from './keep-readings';

let world: SettingsWorld;
beforeAll(async () => {
  world = await settingsWorld(await repositoryFiles());
});
afterAll(() => world.close());

const look = () => readConfiguration(world.as(admin), { environment: 'production' });
const unread = async () =>
  (await examine(world.as(admin))).connections
    .flatMap(({ findings }) => findings)
    .filter(({ code }) => code === 'settings_unread');

test('one accident is no warning beside a look that is fresh; beside an old one, or where it is refused, it is', async () => {
  await look();
  world.wire.inTheWay = () => Response.json({ message: 'Server Error' }, { status: 500 });
  await look();
  expect(await unread()).toEqual([]);
  await world.database.pool.query(`update configuration_readings set read_at = now() - interval '7 hours'`);
  await look();
  expect((await unread()).length).toBeGreaterThan(0);
  world.wire.inTheWay = () => null;
  await look();
  world.wire.inTheWay = () => Response.json({ message: 'Resource not accessible by integration' }, { status: 403 });
  await look();
  expect((await unread()).length).toBeGreaterThan(0);
});

test('nobody is late who had no credential to look with', async () => {
  const { pool } = world.database;
  world.wire.inTheWay = () => null;
  await look();
  await pool.query(`update configuration_readings set problem = null, read_at = now() - interval '13 hours'`);
  const entered = (ago: string, since = ago) =>
    pool.query(`update connections set credential_at = now() - $1::interval, credential_since = now() - $2::interval`, [
      ago,
      since,
    ]);
  await entered('1 minute');
  expect(await unread()).toEqual([]);
  // Whoever pastes a new token each hour has had one all the time.
  await entered('1 minute', '13 hours');
  expect((await unread())[0]?.sentence).toContain('the background has not looked since');
});

const change = (wanted: { name: string; value: string }) => {
  const places = [`${connectionId} environment:${REPOSITORY}:staging`];
  return { environment: 'staging', kind: 'variable', places, ...wanted } as const;
};
const changed = async () => [...(await readChanged(world.as(admin))).values()].flatMap(({ names }) => names);

test('a look that began earlier never takes back what a newer one, or an edit, found', async () => {
  world.wire.inTheWay = () => null;
  const ctx = world.as(admin);
  const wanted = change({ name: 'DISTRIBUTION', value: 'E2STAGING0009' });
  const older = await gather(ctx);
  const plan = await planSetting(ctx, wanted);
  world.vendor.advance(5_000);
  // It begins after the plan's own look and reads the place before it is written, and ends in between or later.
  const between = await gather(ctx);
  await setSetting(ctx, { ...wanted, shown: plan.shown });
  const after = await changed();
  expect(after).toContain('DISTRIBUTION');
  for (const late of [between, older]) {
    await keepReadings(ctx, late);
    expect(await changed()).toEqual(after);
  }
});

test('an edit is kept beside what a look found that ended while it was written', async () => {
  const ctx = world.as(admin);
  const wanted = change({ name: 'DISTRIBUTION', value: 'E2STAGING0010' });
  const kept = async () => {
    const { rows } = await world.database.pool.query<{ at: string; read: Date }>(
      `select e->>'changedAt' as at, read_at as read from configuration_readings, jsonb_array_elements(settings) e
       where e->>'name' = 'DISTRIBUTION' order by 1 desc limit 1`,
    );
    return rows[0];
  };
  await look();
  const plan = await planSetting(ctx, wanted);
  const seen: Awaited<ReturnType<typeof kept>>[] = [];
  world.wire.inTheWay = async (request) => {
    if (request.method === 'GET' || seen.length > 0) return null;
    await keepReadings(ctx, await gather(ctx));
    seen.push(await kept());
    return null;
  };
  await setSetting(ctx, { ...wanted, shown: plan.shown });
  const [before] = seen;
  const after = await kept();
  expect([before?.at, after?.at].every((at) => typeof at === 'string')).toBe(true);
  expect(after?.at).not.toBe(before?.at);
  expect(after?.read.getTime()).toBeGreaterThan(before?.read.getTime() ?? Number.POSITIVE_INFINITY);
});

test('what cannot be remembered here is no failure of a change that the host took', async () => {
  world.wire.inTheWay = () => null;
  const ctx = world.as(admin);
  const wanted = change({ name: 'TAKEN', value: 'two' });
  const { shown } = await planSetting(ctx, wanted);
  const { pool } = world.database;
  await pool.query('alter table configuration_readings rename to readings_away');
  try {
    expect(await setSetting(ctx, { ...wanted, shown })).toMatchObject({ complete: true });
  } finally {
    await pool.query('alter table readings_away rename to configuration_readings');
  }
});
