import { eq, sql } from 'drizzle-orm';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { Actor } from '@/lib/auth/actor';
import type { ServiceContext } from '@/lib/auth/context';
import { removeConnection } from '@/lib/connections/server';
import { audit, configurationReadings, targets } from '@/lib/db/schema';
import { personActor } from '@/lib/db/testing/context';
import { makeConnection } from '@/lib/db/testing/factories';
import { Secret } from '@/lib/kernel/secret';
import { createKubernetesSimulator, type KubernetesSimulator } from '@/lib/providers/kubernetes/simulator';
import { PATCHED } from '@/lib/providers/kubernetes/simulator/state';
import { providers } from '@/lib/providers/registry.generated';
import { repositoryFiles } from '@/lib/sandbox/repository-files';
import { admin, type SettingsWorld, settingsWorld, stagingAdmin } from '../testing/settings-world';
import { planSetting, readConfiguration, setRuntime, setSetting } from '.';

const CLUSTER = 'con_cluster';
const ORIGIN = 'https://cluster.example.com';
const settings = (namespace: string) => ({
  ...{ namespace, deployment: 'backend', configMapName: 'backend-settings', secretName: 'backend-secrets' },
});

let world: SettingsWorld;
let cluster: KubernetesSimulator;
let isDown = false;

beforeAll(async () => {
  world = await settingsWorld(await repositoryFiles());
  cluster = createKubernetesSimulator(world.vendor, { seed: 7 });
  await makeConnection(world.database.db, { id: CLUSTER, name: 'Cluster', providerId: 'kubernetes', origin: ORIGIN });
});
beforeEach(async () => {
  isDown = false;
  await world.database.db.update(targets).set({ runtimeConnectionId: null, runtime: null });
});
afterAll(() => world.close());

/** Reaches the cluster through its own connection and GitHub through the others. */
function as(actor: Actor): ServiceContext {
  const ctx = world.as(actor);
  const context = {
    ...{ connectionId: CLUSTER, origin: ORIGIN, now: world.vendor.now },
    credential: { kind: 'token', token: new Secret('sandbox-cluster-token') } as const,
    fetch: async (input: string | URL | Request, init?: RequestInit) =>
      isDown ? new Response('', { status: 503 }) : cluster.handle(new Request(input, init)),
  };
  const provider = providers.kubernetes ?? expect.fail('no such provider');
  const open = async (id: string) => (id === CLUSTER ? { provider, context } : ctx.openConnection(id));
  return { ...ctx, openConnection: open };
}

async function targetIn(environment: string, component = 'dashboard') {
  const { rows } = await world.database.db.execute<{ id: string; version: number }>(sql`
    select t.id, t.version from targets t join environments e on e.id = t.environment_id
    join components c on c.id = t.component_id where e.slug = ${environment} and c.slug = ${component}`);
  return rows[0] ?? expect.fail('no such target');
}

async function link(environment: string, actor: Actor = admin, namespace = environment, connectionId = CLUSTER) {
  const { id: targetId, version } = await targetIn(environment);
  const runtime = { connectionId, config: settings(namespace) };
  return setRuntime(as(actor), { targetId, version, runtime });
}

const view = (environment = 'staging', actor: Actor = admin) => readConfiguration(as(actor), { environment });
const placeOf = async (label: string, environment = 'staging') =>
  (await view(environment)).places.find((each) => each.label === label)?.key ?? expect.fail(`no place ${label}`);
const rowOf = async (name: string, environment = 'staging') =>
  (await view(environment)).rows.find((each) => each.name === name);

describe('a target that names its runtime', () => {
  test('is read there too: what runs stands beside what deploys, with what another environment has and lacks', async () => {
    const { places } = await link('staging');
    expect(places).toContainEqual({ label: 'staging → ConfigMap backend-settings', absent: null });
    await link('production');
    const { targets: parts, without } = await view();
    expect(parts.map(({ name, runtime }) => [name, runtime])).toEqual([
      ['Dashboard', false],
      ['Dashboard on Cluster', true],
    ]);
    expect(parts[0]?.id, 'one target').toBe(parts[1]?.id);
    expect(without).toEqual([]);
    expect((await rowOf('LOG_LEVEL'))?.elsewhere).toEqual([{ environment: 'production', parity: 'different' }]);
    expect((await rowOf('FEATURES'))?.elsewhere).toEqual([{ environment: 'production', parity: 'same' }]);
    expect((await rowOf('REGION', 'production'))?.elsewhere).toEqual([{ environment: 'staging', parity: 'missing' }]);
    expect(await rowOf('DB_PASSWORD')).toMatchObject({ kind: 'secret', missingFor: [], at: [{ digest: null }] });
  });

  test('is written there at the same press, by the same rules, and the change is not live until what runs is started anew', async () => {
    await link('staging');
    const keys = [
      await placeOf('aetherstack/aetherstack → staging'),
      await placeOf('staging → ConfigMap backend-settings'),
    ];
    const value = 'a-value-for-both-places';
    const wanted = { environment: 'staging', kind: 'variable', name: 'RUNTIME_LEVEL', value, places: keys } as const;
    const { shown, steps } = await planSetting(as(admin), { ...wanted, places: [...keys] });
    expect(steps.map(({ step }) => step)).toEqual(['create', 'create']);
    world.vendor.advance(60_000);
    const done = await setSetting(as(admin), { ...wanted, places: [...keys], shown });
    expect(done.complete).toBe(true);
    const { id } = await targetIn('staging');
    const found = { id, name: 'Dashboard on Cluster', runtime: true, number: null };
    expect((await rowOf('RUNTIME_LEVEL'))?.notLiveFor).toMatchObject([found]);
    expect((await rowOf('LOG_LEVEL'))?.notLiveFor, 'it was not touched').toEqual([]);
    expect((await view()).targets[1]?.renew).toContain('kubectl rollout restart deployment/backend -n staging');
    world.vendor.advance(60_000);
    await cluster.restart('staging');
    expect((await rowOf('RUNTIME_LEVEL'))?.notLiveFor).toEqual([]);
    const lines = await world.database.db.select().from(audit);
    expect(JSON.stringify(lines), 'by name and digest').not.toContain(value);
    expect(JSON.stringify(await world.database.db.select().from(configurationReadings))).not.toContain(value);
  });

  test('has a row for what was taken away while what runs there still has it', async () => {
    await link('staging');
    const write = (password: string | null) => {
      const about = { kind: 'secret', namespace: 'staging', name: 'backend-db' };
      const data = { ...about, set: { password }, manager: 'kubectl-edit', operation: 'Update' };
      return world.vendor.record({ at: world.vendor.now(), kind: PATCHED, data });
    };
    expect((await rowOf('DB_PASSWORD'))?.removedFor).toEqual([]);
    await write(null);
    const { id } = await targetIn('staging');
    const removedFor = [{ id, name: 'Dashboard on Cluster', runtime: true, until: 'next-start' }];
    expect(await rowOf('DB_PASSWORD')).toMatchObject({ kind: 'secret', at: [], removedFor });
    await write('another-password-of-this-test');
    expect((await rowOf('DB_PASSWORD'))?.removedFor).toEqual([]);
  });

  test('takes what another target only shows, from the page of either: a store is one place', async () => {
    const named = async (component: string, config: Record<string, unknown>) => {
      const { id: targetId, version } = await targetIn('production', component);
      await setRuntime(as(admin), { targetId, version, runtime: { connectionId: CLUSTER, config } });
    };
    const { namespace, deployment } = settings('production');
    await named('dashboard', { namespace, deployment });
    const mine = async () => (await view('production')).places.filter(({ label }) => label.includes('ConfigMap'));
    expect((await mine()).map(({ refusal }) => refusal)).toEqual([expect.stringContaining('runtime settings')]);
    await named('extension', settings('production'));
    expect((await mine()).map(({ refusal }) => refusal)).toEqual([null]);
  });

  test('keeps nothing of a look whose half failed, says why, and leaves the rest of the page as it is', async () => {
    await link('staging');
    await world.database.db.delete(configurationReadings);
    isDown = true;
    const { targets: parts, rows } = await view();
    expect(parts[1]).toMatchObject({ name: 'Dashboard on Cluster', problem: expect.stringContaining('API server') });
    expect(parts[0]?.problem).toBeNull();
    expect(rows.length).toBeGreaterThan(0);
    const [kept] = await world.database.db
      .select()
      .from(configurationReadings)
      .where(eq(configurationReadings.targetId, parts[0]?.id ?? ''));
    expect(kept).toMatchObject({ readAt: null, problem: expect.stringContaining('API server') });
  });
});

describe('naming a runtime', () => {
  test('is told to the audit log, keeps what cannot be reached now, and yields to a change in between', async () => {
    isDown = true;
    const { targetId, problem } = await link('staging');
    expect(problem).toContain('API server');
    const lines = await world.database.db.select().from(audit).where(eq(audit.action, 'target.set-runtime'));
    expect(lines.at(-1)).toMatchObject({
      ...{ resourceId: targetId, environment: 'staging', outcome: 'done' },
      data: { runtime: { connectionId: CLUSTER, config: settings('staging') } },
    });
    const late = setRuntime(as(admin), { targetId, version: 1, runtime: null });
    await expect(late).rejects.toMatchObject({ kind: 'conflict', code: 'changed_since' });
  });

  test('takes only who keeps settings of what runs, with settings that it accepts', async () => {
    await expect(link('staging', admin, 'staging', 'con_settings')).rejects.toMatchObject({ code: 'not_a_runtime' });
    await expect(link('staging', admin, 'Not A Namespace')).rejects.toMatchObject({
      code: 'runtime_config',
      fields: { 'runtime.config.namespace': expect.any(String) },
    });
  });

  test('holds its connection: it cannot be removed from under it', async () => {
    await link('staging');
    const [row] = (await world.database.db.query.connections.findMany()).filter(({ id }) => id === CLUSTER);
    const removed = removeConnection(as(admin), { id: CLUSTER, version: row?.version ?? 0 });
    await expect(removed).rejects.toMatchObject({ code: 'connection_in_use' });
  });
});

describe('who may write the settings of one environment only', () => {
  const operator = personActor([{ role: 'operator', environmentPattern: '*' }]);

  test('aims no runtime: neither a connection that nobody uses yet, nor another thing of the one that they have', async () => {
    const refused = { kind: 'forbidden', code: 'runtime_everywhere' };
    await expect(link('staging', operator)).rejects.toMatchObject({ kind: 'forbidden' });
    await expect(link('production', stagingAdmin)).rejects.toMatchObject({ kind: 'forbidden' });
    await expect(link('staging', stagingAdmin), 'an unused connection').rejects.toMatchObject(refused);
    await link('staging');
    await expect(link('staging', stagingAdmin, 'shop-production'), 'its config').rejects.toMatchObject(refused);
    expect((await view('staging', stagingAdmin)).places.map(({ label }) => label)).not.toContain(
      'shop-production → ConfigMap backend-settings',
    );
  });

  test('keeps what is named already, or takes it away', async () => {
    await link('staging');
    await link('staging', stagingAdmin);
    const { id: targetId, version } = await targetIn('staging');
    await expect(setRuntime(as(operator), { targetId, version, runtime: null })).rejects.toMatchObject({
      kind: 'forbidden',
    });
    expect(await setRuntime(as(stagingAdmin), { targetId, version, runtime: null })).toMatchObject({ places: [] });
    expect((await view()).targets.some(({ runtime }) => runtime)).toBe(false);
  });

  test('writes nothing that production reads or that bears its name, whatever their own target is pointed at', async () => {
    await link('staging', admin, 'production');
    const plan = async () => {
      const places = [await placeOf('production → ConfigMap backend-settings')];
      const wanted = {
        environment: 'staging',
        kind: 'variable',
        name: 'HOLE',
        value: 'not-for-production',
        places,
      } as const;
      return (await planSetting(as(stagingAdmin), { ...wanted, places: [...places] })).steps.map(({ step }) => step);
    };
    expect(await plan(), 'by its name').toEqual(['refused']);
    await link('production');
    expect(await plan(), 'by its readers').toEqual(['refused']);
    await link('staging');
    const own = [await placeOf('staging → ConfigMap backend-settings')];
    const wanted = {
      environment: 'staging',
      kind: 'variable',
      name: 'OWN',
      value: 'for-staging',
      places: own,
    } as const;
    const { steps } = await planSetting(as(stagingAdmin), { ...wanted, places: [...own] });
    expect(steps.map(({ step }) => step)).toEqual(['create']);
  });
});
