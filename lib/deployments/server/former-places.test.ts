import { eq } from 'drizzle-orm';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Actor } from '@/lib/auth/actor';
import { components, connections, deployments, targets } from '@/lib/db/schema';
import { type EngineWorld, engineWorld } from '../testing/engine-world';
import { declareWorkflow } from '../testing/workflow';
import { retryDeployment, rollBack } from './index';

type Config = Record<string, unknown>;
interface Case {
  /** Its connection is to one that has a place for each target, and no form. */
  host?: 'self-host' | 'vercel';
  /** What Staging's target named once, and what it names now. */
  was: Config;
  now: Config;
  /** What Production's target names now. */
  production: Config;
  /** What another target of Staging names now. */
  beside?: Config & { component?: string };
}

const named = (workflow: string, repository = 'acme/app') => ({ repository, workflow });
const app = (name: string) => ({ repository: 'acme/app', app: name });
const FILE: Case = { was: named('prod.yml'), now: named('staging.yml'), production: named('prod.yml') };
const APP: Case = { host: 'self-host', was: app('shop'), now: app('shop-staging'), production: app('shop') };

const shop = (production: boolean) => ({ repository: 'acme/app', team: 'acme', project: 'shop', production });
const HOSTED: Case = { host: 'vercel', was: shop(true), now: shop(false), production: shop(true) };

const OTHERS: [what: string, each: Case][] = [
  ['the file', FILE],
  [
    'the file, in a repository that was renamed since',
    { ...FILE, now: named('staging.yml', 'acme/new'), production: named('prod.yml', 'acme/new') },
  ],
  ['the file in another repository', { ...FILE, now: named('prod.yml', 'acme/other') }],
  ['the app', APP],
  ['production of the project', HOSTED],
];
const FINE: [what: string, each: Case][] = [
  ['nobody names the file any more', { ...FILE, production: named('live.yml') }],
  ['nobody names the app any more', { ...APP, production: app('live') }],
  ['nobody says production of the project any more', { ...HOSTED, production: shop(false) }],
  ['another target of the own environment names the file', { ...FILE, beside: named('prod.yml') }],
  [
    'both name the file, in a repository that was renamed since',
    { ...FILE, now: named('prod.yml', 'acme/new'), production: named('prod.yml', 'acme/new') },
  ],
];
const REFUSED = {
  ...{ kind: 'precondition', code: 'other_environment' },
  sentence: expect.stringMatching(
    /(prod\.yml|app “shop”|production of the project “acme\/shop”).* a target of \w+ \w+(?: \w+)? names, and none of its own\. Deploy the commit again/,
  ),
};

let world: EngineWorld;
beforeEach(async () => {
  world = await engineWorld();
});
afterEach(() => world.close());

const set = (target: string, config: Config) =>
  world.database.db
    .update(targets)
    .set({ config: config as { repository: string } })
    .where(eq(targets.id, `tgt_${target}`));

async function begin({ host, was }: Case): Promise<void> {
  declareWorkflow(world, '', 'runs-anywhere');
  if (host) {
    await world.database.db.update(connections).set({ providerId: host });
    delete world.vendor.provider.methods.workflows;
    world.vendor.provider.manifest.capabilities.deploy = { idempotency: 'lookup', revision: 'commit' };
  }
  await set('staging', was);
}

async function change({ now, production, beside }: Case): Promise<void> {
  await set('staging', now);
  await set('production', production);
  if (!beside) return;
  const { db } = world.database;
  const [target] = await db.select().from(targets).where(eq(targets.id, 'tgt_staging'));
  const { component, ...config } = beside;
  if (component)
    await db.insert(components).values({ id: component, slug: component, name: component, kind: 'backend' });
  const at = { id: 'tgt_beside', label: 'beside', config: config as Config & { repository: string } };
  await db
    .insert(targets)
    .values({ ...(target ?? expect.fail()), ...at, ...(component && { componentId: component }) });
}

const deployed = (phase: 'done' | 'failed' = 'done') => world.deployed(phase, { inputs: {} });
const back = (toDeploymentId: string) =>
  rollBack(world.as('operator'), {
    ...{ targetId: 'tgt_staging', toDeploymentId, reason: 'Errors', idempotencyKey: 'key-back-1' },
  });
const again = (deploymentId: string) => retryDeployment(world.as('operator'), { deploymentId });

async function look(id: string) {
  const before = world.vendor.requests;
  const row = await world.look(id);
  return { row, requests: world.vendor.requests - before };
}

describe.each(OTHERS)(
  'settings of before go to no place that another environment’s target names now: %s',
  (_, each) => {
    test('not as a re-run, and a roll-back goes with the settings of now', async () => {
      await begin(each);
      const first = await deployed();
      await deployed();
      const failed = await deployed('failed');
      await change(each);
      const before = (await world.database.db.select().from(deployments)).length;
      await expect(again(failed)).rejects.toMatchObject(REFUSED);
      expect(await world.database.db.select().from(deployments)).toHaveLength(before);
      const { row, requests } = await look((await back(first)).deploymentId);
      expect(row).toMatchObject({ kind: 'rollback', status: 'building' });
      expect(row.config).toEqual(each.now);
      expect(requests).toBe(1);
    });

    test('not when what waited since is sent', async () => {
      await begin(each);
      const { deploymentId } = await world.click({ inputs: {} });
      await change(each);
      const { row, requests } = await look(deploymentId);
      expect(row).toMatchObject({ failureCode: 'other_environment', failureSentence: REFUSED.sentence });
      expect(requests).toBe(0);
    });
  },
);

test('an app that a target of another component names by now is its place as well', async () => {
  await begin(APP);
  const failed = await deployed('failed');
  await change({ ...APP, production: app('live'), beside: { ...app('shop'), component: 'shop' } });
  await expect(again(failed)).rejects.toMatchObject({
    ...REFUSED,
    sentence: expect.stringContaining('which by now a target of shop in staging names'),
  });
});

test('an environment is named to those only who may see it', async () => {
  await begin(FILE);
  const failed = await deployed('failed');
  await change(FILE);
  const press = (environmentPattern: string) => {
    const who = world.as('operator');
    const actor = { ...who.actor, grants: [{ role: 'operator', environmentPattern }] } as Actor;
    return retryDeployment({ ...who, actor }, { deploymentId: failed });
  };
  const named = { sentence: expect.stringContaining('a target of Backend in production names') };
  const kept = { sentence: expect.stringContaining('a target of another environment names') };
  await expect(press('*')).rejects.toMatchObject(named);
  await expect(press('staging')).rejects.toMatchObject(kept);
});

test('a build of then that waits to be served is not sent to an app that is another environment’s by now', async () => {
  await begin(APP);
  const { deploymentId } = await world.click({ inputs: {} });
  const { dispatch } = await world.row(deploymentId);
  const serve = { verb: 'restore' as const, remoteId: '1', url: null };
  await world.database.db
    .update(deployments)
    .set({ dispatch: { ...dispatch, serve } })
    .where(eq(deployments.id, deploymentId));
  await change(APP);
  const { row, requests } = await look(deploymentId);
  expect(row).toMatchObject({ failureCode: 'other_environment' });
  expect(requests).toBe(0);
});

describe.each(FINE)('settings of before are gone by where %s', (_, each) => {
  test('as a roll-back', async () => {
    await begin(each);
    const first = await deployed();
    await deployed();
    await change(each);
    const { deploymentId } = await back(first);
    expect((await look(deploymentId)).requests).toBe(1);
  });

  test('when what waited since is sent', async () => {
    await begin(each);
    const { deploymentId } = await world.click({ inputs: {} });
    await change(each);
    expect((await look(deploymentId)).requests).toBe(1);
  });
});
