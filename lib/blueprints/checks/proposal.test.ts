import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Database } from '@/lib/db/client';
import { openTestDatabase, personActor, testContext } from '@/lib/db/testing/context';
import { makeComponent, makeConnection, makeEnvironment, makeTarget } from '@/lib/db/testing/factories';
import { Secret } from '@/lib/kernel/secret';
import { memoryWorld } from '@/lib/providers/conformance/harness';
import { createGithubSimulator } from '@/lib/providers/github/simulator';
import { providers } from '@/lib/providers/registry.generated';
import { repositoryFiles } from '@/lib/sandbox/repository-files';
import { seedComponents } from '@/lib/seed/estate';
import { ensureTool } from '@/scripts/testing/tools.mjs';
import { readSetup, setUp } from '../server';
import { Bench, stepOf } from '../testing/bench';
import { compiledPython, MODELS, manifestProblems, rolledOut, withVsce } from '../testing/builders';
import {
  actionlint,
  type CheckedFile,
  composerForm,
  dockerfileProblems,
  isWorkflow,
  notObjects,
  parsedToml,
  readByParser,
  scriptsOf,
  shellcheck,
  yamllint,
} from '../testing/checkers';

const REPOSITORY = 'aetherstack/aetherstack';
const ENVIRONMENTS = ['staging', 'production'];
const GKE = { platform: { type: 'kubernetes', cluster: 'gke', region: 'europe-west1' } };

let database: Database;
let simulator: ReturnType<typeof createGithubSimulator>;
/** What each proposal's branch holds, and which of it the proposal changed. */
let branches: Map<string, { all: CheckedFile[]; changed: CheckedFile[] }>;
let proposed: CheckedFile[];

beforeAll(async () => {
  database = await openTestDatabase();
  simulator = createGithubSimulator(memoryWorld(), { seed: 7, files: await repositoryFiles() });
  const connection = await makeConnection(database.db);
  const places = [];
  for (const slug of ENVIRONMENTS)
    places.push(await makeEnvironment(database.db, { slug, isProduction: slug === 'production' }));
  branches = new Map();
  for (const { slug, name, kind, paths, workflow } of seedComponents) {
    const component = await makeComponent(database.db, { slug, name, kind, paths });
    const config = { repository: REPOSITORY, workflow, defaultRef: 'main' };
    for (const environment of places) await makeTarget(database.db, { component, connection, environment, config });
    await propose(slug);
    branches.set(slug, await branchOf(slug));
  }
  // The same proposal once more, for a cluster.
  await propose('backend', GKE);
  branches.set('backend on a cluster', await branchOf('backend'));
  proposed = [...branches.values()].flatMap(({ changed }) => changed);
}, 60_000);
afterAll(() => database.close());

function admin() {
  return testContext(database.db, {
    actor: personActor([{ role: 'admin', environmentPattern: '*' }]),
    openConnection: async (connectionId) => ({
      provider: providers.github as never,
      context: {
        connectionId,
        origin: 'https://api.github.com',
        credential: { kind: 'token', token: new Secret('sandbox-token') },
        fetch: (input, init) => simulator.handle(new Request(input, init)),
        now: () => Date.now(),
      },
    }),
  });
}

/** As the console does, with every file ticked. */
async function propose(slug: string, change: object = {}): Promise<void> {
  const first = await readSetup(admin(), { slug });
  const settings = JSON.stringify({ ...JSON.parse(first.settings), ...change });
  const view = await readSetup(admin(), { slug, settings });
  const { connectionId = '', repository = '' } = view.place ?? {};
  const paths = view.inspection?.files.filter(({ state }) => state !== 'same').map((file) => file.path) ?? [];
  const shown = view.inspection?.shown ?? '';
  const { url } = await setUp(admin(), { slug, connectionId, repository, settings: view.settings, shown, paths });
  expect(url).toContain('/pull/');
}

async function get<T>(route: string): Promise<T> {
  const headers = { authorization: 'token sandbox-token' };
  const url = `https://api.github.com/repos/${REPOSITORY}/git/${route}`;
  const answer = await simulator.handle(new Request(url, { headers }));
  expect(answer.status).toBe(200);
  return answer.json();
}

/** Read back from GitHub, which is what people are asked to merge. */
async function branchOf(slug: string) {
  const tree = async (branch: string) => {
    const { object } = await get<{ object: { sha: string } }>(`ref/heads/${branch}`);
    const { tree: all } = await get<{ tree: { path: string; type: string; sha: string }[] }>(
      `trees/${object.sha}?recursive=1`,
    );
    return all.filter(({ type }) => type === 'blob');
  };
  const before = new Map((await tree('main')).map((each) => [each.path, each.sha]));
  const all: (CheckedFile & { isNew: boolean })[] = [];
  for (const each of await tree(`aetherstack/setup-${slug}`)) {
    const { content } = await get<{ content: string }>(`blobs/${each.sha}`);
    const text = Buffer.from(content, 'base64').toString();
    all.push({ path: each.path, text, isNew: before.get(each.path) !== each.sha });
  }
  return { all, changed: all.filter(({ isNew }) => isNew) };
}

const changedIn = (name: string) => branches.get(name)?.changed ?? [];

/** The branch, checked out. */
async function onBench<T>(name: string, work: (bench: Bench) => Promise<T>): Promise<T> {
  const bench = new Bench();
  try {
    for (const { path: file, text } of branches.get(name)?.all ?? []) {
      const target = path.join(bench.repository, file);
      mkdirSync(path.dirname(target), { recursive: true });
      writeFileSync(target, text);
    }
    return await work(bench);
  } finally {
    bench.remove();
  }
}

it('every file of the proposals is one that a checker below looks at', () => {
  const looked = /\.ya?ml$|\.toml$|\.json$|\.mjs$|(^|\/)Dockerfile$/;
  const others = new Set(proposed.map((file) => path.basename(file.path)).filter((name) => !looked.test(name)));
  expect([...others]).toEqual(['.dockerignore', 'requirements.txt']);
  const lines = proposed
    .find((file) => file.path === 'docs/requirements.txt')
    ?.text.trim()
    .split('\n') ?? [''];
  for (const line of lines) expect(line).toMatch(/^#|^[a-z-]+==[\d.]+$/);
  expect(proposed.filter(isWorkflow).map((file) => path.basename(file.path))).toEqual(
    expect.arrayContaining(seedComponents.map(({ workflow }) => workflow)),
  );
});

it("its workflows pass GitHub's own parser, actionlint and the composer", async () => {
  for (const file of proposed.filter(isWorkflow)) {
    const { problems, jobs } = await readByParser(file);
    expect([file.path, problems, await actionlint(file)]).toEqual([file.path, [], []]);
    expect(jobs.length).toBeGreaterThan(0);
    const known = file.text.includes('actions/deploy-pages@') ? [expect.stringContaining('GitHub Pages names')] : [];
    expect(composerForm(file, ENVIRONMENTS)).toMatchObject({ warnings: known, findable: true });
  }
});

it('its scripts pass shellcheck, its YAML yamllint, its TOML and JSON their parsers, its Dockerfile the linter', {
  timeout: 300_000,
}, async () => {
  const scripts = scriptsOf(proposed.filter(isWorkflow));
  expect(scripts.length).toBeGreaterThan(8);
  expect(await shellcheck(scripts)).toEqual([]);
  expect(await yamllint(proposed)).toEqual([]);
  expect(notObjects(proposed)).toEqual([]);
  await parsedToml(proposed);
  for (const { path: file, text } of proposed)
    if (file.endsWith('.json')) expect(JSON.parse(text)).toBeTypeOf('object');
  expect(dockerfileProblems(proposed)).toEqual([]);
});

it('the cluster takes its manifests, and Python compiles the service on its branch', { timeout: 300_000 }, async () => {
  await onBench('backend on a cluster', async (bench) => {
    const image = `ghcr.io/aetherstack/backend@sha256:${'5'.repeat(64)}`;
    const manifests = await rolledOut(bench, changedIn('backend on a cluster'), image);
    expect(manifests.map(({ kind }) => kind).sort()).toEqual(Object.keys(MODELS));
    expect(manifests.flatMap(manifestProblems)).toEqual([]);
    expect(await compiledPython(bench)).toBeGreaterThan(4);
  });
});

it('vsce packages the extension, mkdocs builds the site, and Node reads the scripts, each on its branch', {
  timeout: 300_000,
}, async () => {
  await onBench('extension', async (bench) => {
    withVsce(bench);
    const env = { VERSION: '1.2.3', CHANNEL: 'stable', TAG: '' };
    const packaged = await bench.run(stepOf(changedIn('extension'), 'Package'), env, 'extension');
    expect([packaged.status, packaged.output]).toEqual([0, expect.stringContaining('Packaged: extension.vsix')]);
  });
  await ensureTool('mkdocs');
  await onBench('docs', async (bench) => {
    const built = await bench.run(stepOf(changedIn('docs'), 'Build'));
    expect([built.status, built.output]).toEqual([0, expect.stringContaining('Documentation built')]);
  });
  const scripts = changedIn('dashboard').filter((file) => file.path.endsWith('.mjs'));
  await onBench('dashboard', async (bench) => {
    for (const { path: file } of scripts)
      expect(await bench.run(`"${process.execPath}" --check "${file}"`)).toMatchObject({ status: 0 });
  });
  expect(scripts.length).toBeGreaterThan(0);
});
