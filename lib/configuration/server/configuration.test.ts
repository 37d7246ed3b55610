import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import type { Actor } from '@/lib/auth/actor';
import { personActor } from '@/lib/db/testing/context';
import { examine } from '@/lib/doctor/server';
import { digestOf } from '@/lib/providers/github/simulator/settings';
import { repositoryFiles } from '@/lib/sandbox/repository-files';
import {
  admin,
  connectionId,
  REPOSITORY,
  type SettingsWorld,
  settingsWorld,
  stagingAdmin,
} from '../testing/settings-world';
import { planRemoval, planSetting, readConfiguration, refreshReadings, removeSetting, setSetting } from '.';
import { gather } from './gather';

let world: SettingsWorld;
const as = (actor: Actor) => world.as(actor);

beforeAll(async () => {
  world = await settingsWorld(await repositoryFiles());
});
afterEach(() => {
  world.wire.inTheWay = () => null;
});
afterAll(() => world.close());

const key = (place: string) => `${connectionId} ${place}`;
const HERE = key(`repository:${REPOSITORY}`);
const STAGING = key(`environment:${REPOSITORY}:staging`);
const PRODUCTION = key(`environment:${REPOSITORY}:production`);
const row = async (name: string, environment = 'production') =>
  (await readConfiguration(as(admin), { environment })).rows.find((each) => each.name === name);

async function audited(): Promise<{ action: string; sentence: string; outcome: string; text: string }[]> {
  const { rows } = await world.database.pool.query<{ action: string; sentence: string; outcome: string; text: string }>(
    `select action, sentence, outcome, audit::text as text from audit where action like 'configuration.%' order by id`,
  );
  return rows;
}

describe('what an environment has', () => {
  test('is every name in the places of its targets, with age, digest, parity and what is missing', async () => {
    const view = await readConfiguration(as(admin), { environment: 'production' });
    expect(view.places.map(({ scope, label, shared }) => [scope, label, shared])).toEqual([
      ['Environment', `${REPOSITORY} → marketplace`, false],
      ['Environment', `${REPOSITORY} → production`, false],
      ['Repository', REPOSITORY, true],
      ['Organisation', 'aetherstack', true],
    ]);
    expect(view.places.find(({ scope }) => scope === 'Organisation')?.refusal).toContain('provider itself');
    const distribution = view.rows.find(({ name }) => name === 'DISTRIBUTION');
    expect(distribution).toMatchObject({
      namedBy: [{ name: 'Dashboard' }],
      missingFor: [],
      elsewhere: [{ environment: 'staging', parity: 'different' }],
    });
    expect(distribution?.at[0]?.digest).toMatch(/^[0-9a-f]{12}$/);
    const pat = view.rows.find(({ name }) => name === 'OVSX_PAT');
    expect(pat).toMatchObject({ at: [{ place: HERE, digest: null, stale: true }], missingFor: [] });
    expect(view.rows.find(({ name }) => name === 'LOG_LEVEL')?.at, 'in staging only').toEqual([]);
    expect(JSON.stringify(view)).not.toContain('E2PRODUCTION1');
  });

  test('of another environment is nothing that the reader may not see', async () => {
    const view = await readConfiguration(as(personActor([{ role: 'viewer', environmentPattern: 'staging' }])), {
      environment: 'staging',
    });
    expect(view.others).toEqual([]);
    expect(JSON.stringify(view)).not.toMatch(/production|marketplace/i);
    expect(view.places.map(({ refusal }) => refusal !== null)).toEqual([true, true, true]);
    const stranger = readConfiguration(as(personActor([{ role: 'viewer', environmentPattern: 'staging' }])), {
      environment: 'production',
    });
    await expect(stranger).rejects.toMatchObject({ kind: 'forbidden' });
  });

  test('says what could not be read instead of calling it missing, and keeps what was missing for the doctor', async () => {
    const about = { kind: 'variable', name: 'DISTRIBUTION', environment: 'production', places: [PRODUCTION] } as const;
    const plan = await planRemoval(as(admin), about);
    expect(plan.steps).toMatchObject([{ step: 'remove', alsoReadBy: [] }]);
    await removeSetting(as(admin), { ...about, shown: plan.shown });
    expect((await row('DISTRIBUTION'))?.missingFor).toMatchObject([{ name: 'Dashboard' }]);
    const kept = async () => (await world.database.pool.query('select missing from configuration_readings')).rows;
    const before = { missing: [{ kind: 'variable', name: 'DISTRIBUTION' }] };
    expect(await kept()).toContainEqual(before);
    world.wire.inTheWay = (request) =>
      request.url.includes('/environments/production/')
        ? Response.json({ message: 'Resource not accessible by integration' }, { status: 403 })
        : null;
    const view = await readConfiguration(as(admin), { environment: 'production' });
    world.wire.inTheWay = () => null;
    expect(view.places.find((each) => each.key === PRODUCTION)?.problem).toMatch(/lacks/);
    expect(view.rows.find(({ name }) => name === 'DISTRIBUTION')?.missingFor).toEqual([]);
    expect(await kept(), 'what is not known changes nothing').toContainEqual(before);
    const unread = async () =>
      (await examine(as(admin))).connections
        .flatMap(({ findings }) => findings)
        .filter(({ code }) => code === 'settings_unread');
    expect((await unread())[0]?.sentence).toMatch(/^Whether Dashboard in Production.* is not known: .*lacks/);
    await readConfiguration(as(admin), { environment: 'production' });
    expect(await unread(), 'read again').toEqual([]);
    await world.database.pool.query(`update configuration_readings set read_at = now() - interval '13 hours'`);
    expect((await unread())[0]?.sentence).toContain('the background has not looked since');
  });
});

describe('what is missing is looked for in the background', () => {
  const readings = async () =>
    (await world.database.pool.query('select target_id from configuration_readings')).rows.length;

  test('the longest unread first, one instance at a time, with the quota that is left over, and not again before it is old', async () => {
    await world.database.pool.query('delete from configuration_readings');
    await world.database.pool.query(`update connections set sealed_credential = 'x'`);
    const ctx = as(admin);
    const { openConnection } = ctx;
    const asked = new Set<unknown>();
    ctx.openConnection = (id, consumer, manner) => {
      asked.add(consumer);
      return openConnection(id, consumer, manner);
    };
    const counts = await Promise.all([refreshReadings(ctx), refreshReadings(ctx)]);
    expect([Math.max(...counts), await readings(), [...asked]]).toEqual([3, 3, ['survey']]);
    expect(await refreshReadings(ctx)).toBe(0);
    const pass = (hours: number) =>
      world.database.pool.query(`update configuration_readings set tried_at = tried_at - interval '${hours} hours',
        read_at = read_at - interval '${hours} hours'`);
    await pass(5);
    expect(await refreshReadings(ctx), 'still fresh').toBe(0);
    await pass(2);
    world.wire.inTheWay = () => Response.json({ message: 'Server Error' }, { status: 500 });
    expect(await refreshReadings(ctx)).toBe(3);
    world.wire.inTheWay = () => null;
    expect(await refreshReadings(ctx), 'what could not be read waits too').toBe(0);
    await pass(2);
    expect(await refreshReadings(ctx), 'but not as long as what was').toBe(3);
    expect(await refreshReadings(ctx)).toBe(0);
  });

  test('also of what stands behind all that the lists show', async () => {
    const { pool } = world.database;
    const [last] = (await pool.query("select id from targets where config->>'workflow' = 'extension-publish.yml'"))
      .rows;
    await pool.query(`insert into targets (id, component_id, environment_id, connection_id, label, config)
      select 'tgt_many' || n, component_id, environment_id, connection_id, n, config from generate_series(1, 500) n,
        (select * from targets where environment_id = (select id from environments where slug = 'staging')) t`);
    const found = await gather(as(admin), { targets: new Set([last.id]), consumer: 'survey' });
    await pool.query("delete from targets where id like 'tgt_many%'");
    expect(found.targets.map(({ id }) => id)).toEqual([last.id]);
  });
});

describe('one value, written to the right places', () => {
  const value = 'horse-battery-staple-42';
  const about = { environment: 'staging', kind: 'secret', name: 'api_key', places: [STAGING, HERE], value } as const;

  test('is shown first, is then in each of them sealed, and stays in none of our tables', async () => {
    const plan = await planSetting(as(admin), about);
    expect(plan).toMatchObject({ name: 'API_KEY', steps: [{ step: 'create' }, { step: 'create' }] });
    expect(plan.steps[1]?.alsoReadBy).toEqual(['production']);
    expect((await row('API_KEY'))?.at, 'a plan writes nothing').toBeUndefined();
    const done = await setSetting(as(admin), { ...about, shown: plan.shown });
    expect(done).toMatchObject({ complete: true, places: [{ outcome: 'created' }, { outcome: 'created' }] });
    const kept = world.vendor.facts().filter(({ data }) => data.name === 'API_KEY');
    expect(kept.map(({ data }) => data.value)).toEqual([digestOf(value), digestOf(value)]);
    const lines = await audited();
    expect(lines.slice(-3).map(({ sentence }) => sentence)).toEqual([
      'Began to set the secret API_KEY (2 chosen).',
      `Created the secret API_KEY in ${REPOSITORY} → staging.`,
      `Created the secret API_KEY in ${REPOSITORY}.`,
    ]);
    const { rows } = await world.database.pool.query<{ line: string }>(
      'select audit::text as line from audit union all select events::text from events',
    );
    expect(JSON.stringify([rows, plan, done])).not.toMatch(/battery/);
    expect((await row('API_KEY', 'staging'))?.notLiveFor, 'no workflow names it').toEqual([]);
  });

  test('is left where it is already, by digest, and changed is not live where it was deployed before', async () => {
    const same = { environment: 'staging', kind: 'variable', name: 'DISTRIBUTION', places: [STAGING] } as const;
    const plan = await planSetting(as(admin), { ...same, value: 'E2STAGING0001' });
    expect(plan.steps).toMatchObject([{ step: 'leave', because: 'It has this value already.' }]);
    const other = await planSetting(as(admin), { ...same, value: 'E2STAGING0002' });
    expect(other.steps[0]).toMatchObject({ step: 'replace', before: plan.steps[0]?.after });
    world.vendor.advance(5_000);
    await setSetting(as(admin), { ...same, value: 'E2STAGING0002', shown: other.shown });
    expect((await row('DISTRIBUTION', 'staging'))?.notLiveFor).toMatchObject([{ name: 'Dashboard' }]);
    const ledger = (await audited()).at(-1)?.text ?? '';
    expect(ledger).toContain(other.steps[0]?.after);
    expect(ledger).not.toContain('E2STAGING');
  });

  test('is refused whole when something changed since it was shown, or one place is not theirs', async () => {
    const plan = await planSetting(as(admin), about);
    await planThenSet({ ...about, value: 'somebody-else-was-faster' });
    await expect(setSetting(as(admin), { ...about, shown: plan.shown })).rejects.toMatchObject({
      code: 'plan_changed',
    });
    const theirs = await planSetting(as(stagingAdmin), about);
    expect(theirs.steps.map(({ step }) => step)).toEqual(['replace', 'refused']);
    expect(theirs.steps[1]?.because).toContain('on all environments');
    const guess = { ...about, kind: 'variable', places: [HERE] } as const;
    expect((await planSetting(as(stagingAdmin), guess)).steps, 'no guess is answered').toMatchObject([
      { step: 'refused', before: null, after: null },
    ]);
    await expect(setSetting(as(stagingAdmin), { ...about, shown: theirs.shown })).rejects.toMatchObject({
      code: 'place_refused',
    });
    const own = { ...about, places: [STAGING] };
    expect(await planThenSet(own, stagingAdmin)).toMatchObject({ complete: true });
    await expect(planSetting(as(stagingAdmin), { ...about, environment: 'production' })).rejects.toMatchObject({
      kind: 'forbidden',
    });
    await expect(planSetting(as(admin), { ...about, places: [PRODUCTION] })).rejects.toMatchObject({
      code: 'place_unknown',
    });
  });

  async function planThenSet(input: Parameters<typeof planSetting>[1], actor: Actor = admin) {
    world.vendor.advance(2_000);
    const { shown } = await planSetting(as(actor), input);
    return setSetting(as(actor), { ...input, shown });
  }

  test('fails in one place without holding up the next; what the vendor repeats of it is not passed on', async () => {
    world.wire.inTheWay = (request) => {
      if (request.method === 'PUT' && request.url.includes('/environments/'))
        return Response.json({ message: `Validation failed for abc: ${'x'.repeat(3)}` }, { status: 422 });
      return null;
    };
    const done = await planThenSet({ ...about, value: 'abc' });
    world.wire.inTheWay = () => null;
    expect(done).toMatchObject({ complete: false, places: [{ outcome: 'failed' }, { outcome: 'replaced' }] });
    expect(done.sentence).toContain('enter it once more');
    expect(JSON.stringify(done)).not.toContain('abc');
    const failed = (await audited()).find(({ outcome }) => outcome === 'failed');
    expect(failed?.sentence).toContain('[value]');
  });

  test('whose answer was lost is told as such, and writing it once more is the mend', async () => {
    world.wire.inTheWay = (request) => {
      if (request.method !== 'PUT') return null;
      void world.simulator.handle(request.clone());
      return new Response('{}', { status: 502 });
    };
    const lost = await planThenSet({ ...about, places: [STAGING] });
    world.wire.inTheWay = () => null;
    expect(lost.places).toMatchObject([{ outcome: 'unknown', sentence: expect.stringContaining('once more is safe') }]);
    expect(await planThenSet({ ...about, places: [STAGING] })).toMatchObject({ complete: true });
  });

  test('is written over nothing that came after it was shown, by whomever', async () => {
    const input = { ...about, name: 'RACED', value: 'mine-0001' };
    const { shown } = await planSetting(as(admin), input);
    const both = [input, { ...input, value: 'theirs-0002' }].map((each) => setSetting(as(admin), { ...each, shown }));
    const outcomes = (await Promise.allSettled(both)).map((each) => each.status === 'fulfilled' && each.value.complete);
    expect(outcomes.filter(Boolean), 'only one of two is told that it is done').toHaveLength(1);
    world.vendor.advance(2_000);
    const next = await planSetting(as(admin), input);
    world.wire.inTheWay = async (request) => {
      if (request.method !== 'PUT') return null;
      world.wire.inTheWay = () => null;
      const url = `https://api.github.com/repos/${REPOSITORY}/actions/secrets/RACED`;
      await world.simulator.handle(new Request(url, { method: 'DELETE', headers: request.headers }));
      return null;
    };
    const done = await setSetting(as(admin), { ...input, shown: next.shown });
    expect(done).toMatchObject({ complete: false, places: [{ outcome: 'replaced' }, { outcome: 'failed' }] });
    expect(done.places[1]?.sentence).toContain('changed there after you were shown it');
  });

  test('that this console stumbles over in one place is not known there, and the next place is written', async () => {
    const { shown } = await planSetting(as(admin), { ...about, name: 'STUMBLE' });
    const ctx = as(admin);
    const open = ctx.openConnection;
    let began = false;
    ctx.openConnection = async (id, consumer, manner) => {
      if (manner === 'look' || began) return open(id, consumer, manner);
      began = true;
      throw new TypeError(`poison ${value}`);
    };
    const done = await setSetting(ctx, { ...about, name: 'STUMBLE', shown });
    expect(done.places.map(({ outcome }) => outcome)).toEqual(['unknown', 'created']);
    expect((await audited()).filter(({ sentence }) => sentence.includes('STUMBLE'))).toHaveLength(3);
    expect(JSON.stringify(done)).not.toContain(value);
  });

  test.each([
    ['1_X', 'bad_name'],
    ['GITHUB_X', 'bad_name'],
  ])('the name %s is refused before anything is asked for', async (name, code) => {
    await expect(planSetting(as(admin), { ...about, name })).rejects.toMatchObject({ code });
  });

  test('a value that is too large for the place is refused', async () => {
    const value_ = 'ä'.repeat(24_577);
    await expect(planSetting(as(admin), { ...about, value: value_ })).rejects.toMatchObject({ code: 'bad_value' });
  });
});
