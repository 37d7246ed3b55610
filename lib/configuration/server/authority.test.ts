import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest';
import type { Actor } from '@/lib/auth/actor';
import type { Database } from '@/lib/db/client';
import { openTestDatabase, personActor, testContext } from '@/lib/db/testing/context';
import { makeComponent, makeConnection, makeDeployment, makeEnvironment, makeTarget } from '@/lib/db/testing/factories';
import { Secret } from '@/lib/kernel/secret';
import { ENVIRONMENT } from '@/lib/pipeline/testing/attempt';
import { memoryWorld } from '@/lib/providers/conformance/harness';
import { createGithubSimulator } from '@/lib/providers/github/simulator';
import { providers } from '@/lib/providers/registry.generated';
import { repositoryFiles } from '@/lib/sandbox/repository-files';
import { planSetting, readConfiguration } from '.';

const connectionId = 'con_settings';
const REPOSITORY = 'aetherstack/aetherstack';
const admin = personActor([{ role: 'admin', environmentPattern: '*' }]);
const stagingAdmin = personActor([
  { role: 'admin', environmentPattern: 'staging' },
  { role: 'viewer', environmentPattern: '*' },
]);
const files = await repositoryFiles();
const world = memoryWorld();
const simulator = createGithubSimulator(world, { seed: 7, files });

let database: Database;
/** Answers of the vendor that a test puts in the way. */
let inTheWay: (request: Request) => Response | null = () => null;

beforeAll(async () => {
  for (const [name, value] of Object.entries(ENVIRONMENT)) vi.stubEnv(name, value);
  database = await openTestDatabase();
  const { db } = database;
  const staging = await makeEnvironment(db, { slug: 'staging', name: 'Staging' });
  const production = await makeEnvironment(db, { slug: 'production', name: 'Production', position: 1 });
  const dashboard = await makeComponent(db, { slug: 'dashboard', name: 'Dashboard' });
  const extension = await makeComponent(db, { slug: 'extension', name: 'Extension' });
  const connection = await makeConnection(db, { id: connectionId, providerId: 'github' });
  const config = (workflow: string, environment?: string) => ({
    ...{ repository: REPOSITORY, workflow, defaultRef: 'main' },
    ...(environment ? { inputs: { environment } } : {}),
  });
  for (const environment of [staging, production]) {
    const target = await makeTarget(db, {
      ...{ component: dashboard, environment, connection },
      config: config('dashboard-deploy.yml', environment.slug),
    });
    await makeDeployment(db, target, 'succeeded', { remoteId: environment.slug });
  }
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
  const published = config('extension-publish.yml');
  await makeTarget(db, { component: extension, environment: production, connection, config: published });
});
afterEach(() => {
  inTheWay = () => null;
});
afterAll(async () => {
  vi.unstubAllEnvs();
  await database.close();
});

function as(actor: Actor) {
  const provider = providers.github;
  if (!provider) throw new Error('GitHub is gone.');
  const context = {
    connectionId,
    origin: 'https://api.github.com',
    credential: { kind: 'token', token: new Secret('sandbox-token') } as const,
    now: world.now,
    fetch: async (input: string | URL | Request, init?: RequestInit) => {
      const request = new Request(input, init);
      return inTheWay(request) ?? simulator.handle(request);
    },
  };
  return testContext(database.db, { actor, now: world.now, openConnection: async () => ({ provider, context }) });
}

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
    inTheWay = (request) => (/contents\/.*extension-publish/.test(request.url) ? answer() : null);
    expect(await steps()).toMatchObject({ [`${REPOSITORY} → staging`]: 'refused', [MARKETPLACE]: 'refused' });
    const plan = await planSetting(as(admin), { ...about, places: await keys(MARKETPLACE) });
    expect(plan.steps).toMatchObject([{ step: 'create' }]);
  });
});

test('of more environments than are listed none is called absent, and one named after ours is that one’s too', async () => {
  inTheWay = (request) => {
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

function file(text: string): Response {
  const content = Buffer.from(text).toString('base64');
  return Response.json({ type: 'file', encoding: 'base64', size: text.length, content, sha: 'a'.repeat(40) });
}

async function keys(label: string): Promise<string[]> {
  const { places } = await readConfiguration(as(admin), { environment: 'staging' });
  return places.filter((place) => place.label === label).map(({ key }) => key);
}
