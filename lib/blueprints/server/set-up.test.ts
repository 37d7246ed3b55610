import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Database } from '@/lib/db/client';
import { openTestDatabase, personActor, testContext } from '@/lib/db/testing/context';
import { makeComponent, makeConnection, makeEnvironment, makeTarget } from '@/lib/db/testing/factories';
import { Secret } from '@/lib/kernel/secret';
import { memoryWorld } from '@/lib/providers/conformance/harness';
import { createGithubSimulator } from '@/lib/providers/github/simulator';
import { providers } from '@/lib/providers/registry.generated';
import { repositoryFiles } from '@/lib/sandbox/repository-files';
import { safeToWrite } from '../model/safe-to-write';
import type { SetUpInput, SetupView } from '../model/setup';
import { readSetup, setUp } from '.';

const files = await repositoryFiles();
const REPOSITORY = 'aetherstack/aetherstack';

let database: Database;
let simulator: ReturnType<typeof createGithubSimulator>;
let component: Awaited<ReturnType<typeof makeComponent>>;
let count = 0;
beforeAll(async () => {
  database = await openTestDatabase();
});
afterAll(() => database.close());

beforeEach(async () => {
  const world = memoryWorld();
  simulator = createGithubSimulator(world, { seed: 7, files });
  const connection = await makeConnection(database.db);
  component = await makeComponent(database.db, {
    slug: `api${++count === 1 ? '' : count}`,
    kind: 'backend',
    paths: ['backend'],
  });
  const environment = await makeEnvironment(database.db, { slug: `staging${count}` });
  await makeTarget(database.db, {
    component,
    connection,
    environment,
    config: { repository: REPOSITORY, workflow: 'backend-deploy.yml', defaultRef: 'main' },
  });
});

function as(role: 'admin' | 'operator', token = 'sandbox-token') {
  return testContext(database.db, {
    actor: personActor([{ role, environmentPattern: '*' }]),
    openConnection: async (connectionId) => ({
      provider: providers.github as never,
      context: {
        connectionId,
        origin: 'https://api.github.com',
        credential: { kind: 'token', token: new Secret(token) },
        fetch: (input, init) => simulator.handle(new Request(input, init)),
        now: () => Date.now(),
      },
    }),
  });
}

/** A gallery of the same component, whose target names the repository for the checks of its commits. */
async function addGallery(): Promise<void> {
  const connection = await makeConnection(database.db, { providerId: 'open-vsx' });
  const environment = await makeEnvironment(database.db, { slug: `shop${count}` });
  const config = { repository: REPOSITORY, extension: 'acme.demo', channel: 'both' };
  await makeTarget(database.db, { component, connection, environment, config });
}

const look = (more: { settings?: string } = {}) => readSetup(as('admin'), { slug: component.slug, ...more });

function everything(view: SetupView, change: Partial<SetUpInput> = {}): SetUpInput {
  const { connectionId = '', repository = '' } = view.place ?? {};
  const paths = view.inspection?.files.filter(({ state }) => state !== 'same').map(({ path }) => path) ?? [];
  return {
    slug: component.slug,
    connectionId,
    repository,
    settings: view.settings,
    shown: view.inspection?.shown ?? '',
    paths,
    ...change,
  };
}

const states = (view: SetupView) =>
  Object.fromEntries(view.inspection?.files.map(({ path, state }) => [path, state]) ?? []);
const linesOf = async () =>
  (await database.db.query.audit.findMany({ where: (table, { eq }) => eq(table.resourceId, component.id) })).map(
    ({ action, sentence, data }) => ({ action, sentence, data }),
  );

describe('setting a component up', () => {
  it('begins with what is known, and shows what is missing and what was never ours', async () => {
    await addGallery();
    const view = await look();
    const [source] = await database.db.query.connections.findMany({
      where: (table, { eq }) => eq(table.id, view.place?.connectionId ?? ''),
    });
    expect(source?.providerId, 'nothing is proposed through a gallery').toBe('fake');
    expect(view).toMatchObject({ settingsFrom: 'start', problem: null, place: { repository: REPOSITORY } });
    expect(JSON.parse(view.settings)).toMatchObject({
      kind: 'backend',
      directory: 'backend',
      registry: { type: 'ghcr', image: `aetherstack/${component.slug}` },
    });
    expect(states(view)).toMatchObject({ 'backend/Dockerfile': 'differs', 'backend/compose.yaml': 'missing' });
    expect(view.inspection?.files.find(({ path }) => path === 'backend/Dockerfile')?.diff).toContain(
      '-ENV PIP_NO_CACHE_DIR=1',
    );
    expect(view.inspection).toMatchObject({ base: 'main', open: null, word: 'pull request' });
  });

  it('goes to production only when somebody says so: it is never the first environment', async () => {
    const production = await makeEnvironment(database.db, { slug: `live${count}`, isProduction: true, position: 0 });
    const { environments } = JSON.parse((await look()).settings);
    expect(environments.length).toBeGreaterThan(1);
    expect(environments.indexOf(production.slug)).toBeGreaterThan(environments.indexOf(`staging${count}`));
  });

  it('opens one pull request with the chosen files, and nothing else changes', async () => {
    const view = await look();
    const safe = view.inspection?.files.filter(safeToWrite).map(({ path }) => path) ?? [];
    const { url, updated } = await setUp(as('admin'), everything(view, { paths: safe }));
    expect([url, updated]).toEqual([expect.stringContaining('/pull/'), false]);
    const after = await look();
    expect(after).toMatchObject({ settingsFrom: 'repository', inspection: { open: { url } } });
    expect(states(after)).toMatchObject({
      'backend/Dockerfile': 'differs',
      'backend/compose.yaml': 'same',
      [`.github/aetherstack/${component.slug}.json`]: 'same',
    });
    const [line] = await linesOf();
    expect(line).toMatchObject({
      action: 'component.set-up',
      data: { repository: REPOSITORY, proposal: url, shown: view.inspection?.shown },
    });
  });

  it('updates the open one when the settings are others, and then has nothing to do', async () => {
    await setUp(as('admin'), everything(await look()));
    const kept = JSON.parse((await look()).settings);
    const settings = JSON.stringify({
      ...kept,
      platform: { type: 'kubernetes', cluster: 'gke', region: 'europe-west1' },
    });
    const view = await look({ settings });
    expect(states(view)).toMatchObject({
      'backend/kubernetes/deployment.yaml': 'missing',
      'backend/Dockerfile': 'same',
    });
    expect(Object.values(states(view)).filter((state) => state === 'older').length).toBe(2);
    expect(await setUp(as('admin'), everything(view))).toEqual({ url: view.inspection?.open?.url, updated: true });
    const done = await look();
    expect(new Set(Object.values(states(done)))).toEqual(new Set(['same']));
    await expect(setUp(as('admin'), everything(done, { paths: ['backend/Dockerfile'] }))).rejects.toMatchObject({
      code: 'nothing_to_write',
    });
  });

  it('describes all that its branch changes, whatever this time adds to it', async () => {
    await setUp(as('admin'), everything(await look(), { paths: ['backend/Dockerfile'] }));
    await simulator.push({
      branch: `aetherstack/setup-${component.slug}`,
      files: { 'theirs.yml': 'y\n', 'odd`\n| name': '' },
    });
    await setUp(as('admin'), everything(await look(), { paths: ['backend/compose.yaml'] }));
    const headers = { authorization: 'token sandbox-token' };
    const pulls = await simulator.handle(new Request(`https://api.github.com/repos/${REPOSITORY}/pulls`, { headers }));
    const { body } = (await pulls.json())[0];
    expect(body).toContain('| `backend/Dockerfile` | replaced: it was not made by a blueprint |');
    expect(body).toContain('| `backend/compose.yaml` | new |');
    expect(body).toContain('Also changed here, and not made by AetherStack:\n\n- `theirs.yml`\n- 1 more\n');
    expect(body).not.toContain('odd');
  });

  it('replaces what stands where its record belongs only when somebody ticks it', async () => {
    await setUp(as('admin'), everything(await look()));
    const path = `.github/aetherstack/${component.slug}.json`;
    await simulator.push({
      branch: `aetherstack/setup-${component.slug}`,
      files: { [path]: '{"mine": 1}\n', 'backend/compose.yaml': 'x: 1\n' },
    });
    const view = await look();
    expect(states(view)).toMatchObject({ [path]: 'differs', 'backend/compose.yaml': 'differs' });
    await setUp(as('admin'), everything(view, { paths: ['backend/compose.yaml'] }));
    expect(states(await look())).toMatchObject({ [path]: 'differs', 'backend/compose.yaml': 'same' });
  });

  it('shows what people edited, and refuses when somebody changed it after it was shown', async () => {
    await setUp(as('admin'), everything(await look()));
    const branch = `aetherstack/setup-${component.slug}`;
    const before = await look();
    const text = 'FROM scratch\n';
    await simulator.push({ branch, files: { 'backend/Dockerfile': text } });
    await expect(setUp(as('admin'), everything(before, { paths: ['backend/Dockerfile'] }))).rejects.toMatchObject({
      code: 'setup_changed',
    });
    expect(states(await look())).toMatchObject({ 'backend/Dockerfile': 'differs' });
    expect(await linesOf()).toHaveLength(1);
  });

  it.each([
    ['a path that was not shown', { paths: ['README.md'] }, 'setup_changed'],
    ['another digest', { shown: 'f'.repeat(64) }, 'setup_changed'],
    ['a repository that no target names', { repository: 'aetherstack/handbook' }, 'place_unknown'],
    [
      'settings for another component',
      { settings: '{"kind":"docs","name":"x","siteName":"X","repository":"aetherstack/aetherstack"}' },
      'blueprint_settings',
    ],
    ['what is no JSON', { settings: '{' }, 'blueprint_settings'],
  ])('writes nothing for %s', async (_, change, code) => {
    const view = await look();
    await expect(setUp(as('admin'), everything(view, change))).rejects.toMatchObject({ code });
    expect((await look()).inspection?.open).toBeNull();
  });

  it('is for administrators, and says what the provider refuses', async () => {
    const view = await look();
    await expect(readSetup(as('operator'), { slug: component.slug })).rejects.toMatchObject({ kind: 'forbidden' });
    await expect(setUp(as('operator'), everything(view))).rejects.toMatchObject({ kind: 'forbidden' });
    await expect(setUp(as('admin', 'readonly-token'), everything(view))).rejects.toMatchObject({
      code: 'missing_permission',
    });
    expect(await readSetup(as('admin', 'ghp_expired0000000000000000'), { slug: component.slug })).toMatchObject({
      inspection: null,
      problem: { code: 'credential_refused' },
    });
  });

  it('says what is wrong with settings, and that a component without a target has no repository', async () => {
    const wrong = await look({
      settings: JSON.stringify({
        kind: 'backend',
        name: component.slug,
        repository: REPOSITORY,
        registry: { type: 'none' },
        platform: { type: 'heroku' },
      }),
    });
    expect(wrong.problem).toEqual({
      code: 'blueprint_settings',
      sentence: expect.stringContaining('choose the registry that keeps it'),
    });
    const bare = await makeComponent(database.db, { kind: 'docs' });
    expect(await readSetup(as('admin'), { slug: bare.slug })).toMatchObject({
      problem: { code: 'no_repository_known' },
    });
    await expect(readSetup(as('admin'), { slug: 'nope' })).rejects.toMatchObject({ kind: 'notFound' });
  });
});

describe('settings and what they leave behind', () => {
  it('are answered with every setting in them, and with a sentence for each field that is wrong', async () => {
    const view = await look();
    expect(view.wrong).toEqual({});
    const all = JSON.parse(view.settings);
    expect(all).toMatchObject({ port: 8_000, replicas: { min: 2, max: 6 } });
    const wrong = await look({ settings: JSON.stringify({ ...all, port: 80, branch: '' }) });
    expect(wrong).toMatchObject({
      inspection: null,
      problem: { code: 'blueprint_settings' },
      wrong: { port: 'A port below 1024 needs root.', branch: 'The name of a branch.' },
    });
    expect((await look({ settings: '{' })).wrong).toEqual({ '': 'Write them as one JSON object.' });
  });

  it('lists files that they do not call for any more, while they are there', async () => {
    const first = await look();
    const all = JSON.parse(first.settings);
    const heroku = JSON.stringify({ ...all, platform: { type: 'heroku' } });
    expect(first.inspection?.leftOver).toEqual([]);
    await setUp(as('admin'), everything(await look({ settings: heroku })));
    expect((await look()).inspection?.leftOver).toEqual([]);
    const back = await look({ settings: first.settings });
    expect(back.inspection?.leftOver).toEqual(['backend/Procfile']);
    expect(states(back)).not.toHaveProperty('backend/Procfile');
    await simulator.push({ branch: `aetherstack/setup-${component.slug}`, files: { 'backend/Procfile': null } });
    expect((await look({ settings: first.settings })).inspection?.leftOver).toEqual([]);
  });
});
