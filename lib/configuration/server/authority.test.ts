import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import type { Actor } from '@/lib/auth/actor';
import { pins } from '@/lib/db/schema';
import { personActor } from '@/lib/db/testing/context';
import { makeComponent, makeConnection, makeEnvironment, makeTarget } from '@/lib/db/testing/factories';
import { newId } from '@/lib/kernel/ids';
import { repositoryFiles } from '@/lib/sandbox/repository-files';
import { admin, config, REPOSITORY, type SettingsWorld, settingsWorld, stagingAdmin } from '../testing/settings-world';
import { planSetting, readConfiguration } from '.';

let world: SettingsWorld;
const as = (actor: Actor) => world.as(actor);

beforeAll(async () => {
  world = await settingsWorld(await repositoryFiles());
  const { staging, connection, database } = world;
  const { db } = database;
  const second = await makeConnection(db, { id: 'con_second', providerId: 'github' });
  const odd = async (slug: string, more: Partial<Parameters<typeof makeTarget>[1]>) =>
    makeTarget(db, {
      ...{ component: await makeComponent(db, { slug, name: slug }), environment: staging, connection },
      ...{ config: config('dashboard-deploy.yml', 'production'), ...more },
    });
  await odd('second', { connection: second });
  await odd('spelt', {
    config: { ...config('dashboard-deploy.yml', 'Production'), repository: 'AetherStack/aetherstack' },
  });
  await odd('shop', { config: config('dashboard-deploy.yml', 'marketplace') });
  await makeEnvironment(db, { slug: 'canary', name: 'Canary', position: 2 });
  await odd('named', { config: config('dashboard-deploy.yml', 'Canary') });
});
afterEach(() => {
  world.wire.inTheWay = () => null;
});
afterAll(() => world.close());

const about = { environment: 'staging', kind: 'secret', name: 'HOLE', value: 'not-for-production' } as const;

/** What one may do who administers staging only, by the label of each place that staging reads. */
async function steps(): Promise<Record<string, string | undefined>> {
  const { places } = await readConfiguration(as(stagingAdmin), { environment: 'staging' });
  const plan = await planSetting(as(stagingAdmin), { ...about, places: places.map((place) => place.key) });
  return Object.fromEntries(plan.steps.map(({ label, step }) => [label.toLowerCase(), step]));
}

const MARKETPLACE = `${REPOSITORY} → marketplace`;

describe('who administers one environment only', () => {
  test('writes nothing that production reads, by whatever connection, spelling or name they come to it', async () => {
    const { places } = await readConfiguration(as(stagingAdmin), { environment: 'staging' });
    const labels = places.map(({ label }) => label.toLowerCase());
    expect(
      labels.filter((label) => label === `${REPOSITORY} → production`),
      'one store is one place',
    ).toHaveLength(1);
    expect(await steps()).toMatchObject({
      [`${REPOSITORY} → staging`]: 'create',
      [`${REPOSITORY} → production`]: 'refused',
      [MARKETPLACE]: 'refused',
    });
  });

  test.each([
    ['cannot be read', () => Response.json({ message: 'Not Found' }, { status: 404 })],
    // biome-ignore lint/suspicious/noTemplateCurlyInString: GitHub's own
    ['computes its environment', () => file('jobs:\n  a:\n    environment: ${{ vars.WHERE }}\n')],
    ['calls another workflow', () => file('jobs:\n  a:\n    uses: ./.github/workflows/other.yml\n')],
  ])('writes nothing while a workflow %s: it may read any of it', async (_, answer) => {
    world.wire.inTheWay = (request) => (/contents\/.*extension-publish/.test(request.url) ? answer() : null);
    expect(await steps()).toMatchObject({ [`${REPOSITORY} → staging`]: 'refused', [MARKETPLACE]: 'refused' });
    const plan = await planSetting(as(admin), { ...about, places: await keys(MARKETPLACE) });
    expect(plan.steps).toMatchObject([{ step: 'create' }]);
  });
});

test('what is live is offered to be deployed again only where the gates let it: a lock and a role say why not', async () => {
  const { database } = world;
  const why = async (actor: Actor) =>
    (await readConfiguration(as(actor), { environment: 'staging' })).targets.flatMap(({ live, notAgain }) =>
      live ? [notAgain] : [],
    );
  expect(await why(admin)).toEqual([null]);
  expect(await why(personActor([{ role: 'viewer', environmentPattern: '*' }]))).toEqual([
    expect.stringContaining('may not deploy'),
  ]);
  const live = await database.db.query.targets.findFirst({
    where: (t, { and, eq, isNotNull }) => and(eq(t.environmentId, world.staging.id), isNotNull(t.currentDeploymentId)),
  });
  await database.db.insert(pins).values({
    ...{ id: newId('pin'), targetId: live?.id ?? '', kind: 'lock', reason: 'Stock-taking' },
    ...{ createdBy: 'usr_x', createdByName: 'Ada' },
  });
  expect(await why(admin)).toEqual([expect.stringContaining('Stock-taking')]);
  await database.db.delete(pins);
});

test('of more environments than are listed none is called absent, and one named after ours is that one’s too', async () => {
  world.wire.inTheWay = (request) => {
    const url = new URL(request.url);
    if (!url.pathname.endsWith('/environments')) return null;
    const page = Number(url.searchParams.get('page') ?? 1);
    const environments = Array.from({ length: 100 }, (_, i) => ({ id: page * 1_000 + i, name: `pr-${page}-${i}` }));
    return Response.json({ total_count: 301, environments });
  };
  const view = await readConfiguration(as(admin), { environment: 'staging' });
  expect(view.places.map(({ absent }) => absent).filter(Boolean)).toEqual([]);
  expect(await steps()).toMatchObject({ [`${REPOSITORY} → staging`]: 'create', [`${REPOSITORY} → canary`]: 'refused' });
});

test.each([
  ['by an input that the form fills in with another environment', 'stage', {}],
  ['by an input that is written in other capitals than the target fixes it', 'Stage', { stage: 'github-pages' }],
])('production reads a store %s: who administers staging only does not write there', async (_, input, inputs) => {
  const workflow = `${input}.yml`;
  const text = `on: { workflow_dispatch: { inputs: { stage: { default: github-pages } } } }\njobs: { a: { environment: "\${{ inputs.${input} }}", steps: [] } }\n`;
  await world.simulator.push({ branch: 'main', files: { [`.github/workflows/${workflow}`]: text } });
  const { database, staging, connection } = world;
  const live = await makeEnvironment(database.db, {
    slug: `live-${input.length}${input === 'Stage' ? 'b' : 'a'}`,
    position: 4,
  });
  const component = await makeComponent(database.db, { slug: `by-${input.toLowerCase()}-${live.slug}` });
  const own = { repository: REPOSITORY, workflow, defaultRef: 'main' };
  const odd = (environment: typeof staging, config: Record<string, unknown>) =>
    makeTarget(database.db, { component, environment, connection, config: { ...own, ...config } });
  await odd(staging, { inputs: { [input]: 'github-pages' } });
  await odd(live, { inputs });
  expect((await steps())[`${REPOSITORY} → github-pages`]).toBe('refused');
});

function file(text: string): Response {
  const content = Buffer.from(text).toString('base64');
  return Response.json({ type: 'file', encoding: 'base64', size: text.length, content, sha: 'a'.repeat(40) });
}

async function keys(label: string): Promise<string[]> {
  const { places } = await readConfiguration(as(admin), { environment: 'staging' });
  return places.filter((place) => place.label === label).map(({ key }) => key);
}
