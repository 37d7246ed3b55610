import { createHash } from 'node:crypto';
import { eq } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Database } from '@/lib/db/client';
import { deployments, extensionPackages } from '@/lib/db/schema';
import { openTestDatabase, testContext } from '@/lib/db/testing/context';
import { makeComponent, makeConnection, makeDeployment, makeTarget } from '@/lib/db/testing/factories';
import { guardedFetch } from '@/lib/http/guarded-fetch';
import { createHttpMemory } from '@/lib/http/memory';
import { Secret } from '@/lib/kernel/secret';
import { storeZip } from '@/lib/kernel/store-zip';
import { memoryWorld } from '@/lib/providers/conformance/harness';
import { provider } from '@/lib/providers/github/adapter';
import { createGithubSimulator } from '@/lib/providers/github/simulator';
import { repositoryFiles } from '@/lib/sandbox/repository-files';
import { sampleVsix } from '../testing/sample-vsix';
import { collect } from './collect';
import { packagesIn } from './packages-in';

const ORIGIN = 'https://api.github.com';
const CONFIG = { repository: 'aetherstack/aetherstack', workflow: 'extension-publish.yml', defaultRef: 'main' };
const world = memoryWorld();
let database: Database;
let run: Omit<Awaited<ReturnType<typeof makeDeployment>>, never>;
/** What the store's answer is turned into, for what goes wrong on the way. */
let onTheWay: (bytes: Buffer) => Buffer = (bytes) => bytes;
const simulator = createGithubSimulator(world, { seed: 7, files: await repositoryFiles() });

const github = {
  connectionId: 'con_github',
  origin: ORIGIN,
  credential: { kind: 'token', token: new Secret('sandbox-token') } as const,
  now: world.now,
  fetch: guardedFetch({
    ...{ connectionId: 'con_github', origin: ORIGIN, memory: createHttpMemory(), now: world.now },
    ...{ downloadHosts: provider.manifest.downloadHosts, writesPerMinute: Number.POSITIVE_INFINITY },
    fetch: async (input, init) => {
      const answer = await simulator.handle(new Request(input, init));
      if (answer.headers.get('content-type') !== 'application/zip') return answer;
      return new Response(new Uint8Array(onTheWay(Buffer.from(await answer.arrayBuffer()))), answer);
    },
  }),
};
const context = () => testContext(database.db, { openConnection: async () => ({ provider, context: github }) });

async function deploymentOf(kind: 'extension' | 'docs', over: Parameters<typeof makeDeployment>[3]) {
  const component = await makeComponent(database.db, { kind });
  const target = await makeTarget(database.db, {
    component,
    connection: await makeConnection(database.db),
    config: CONFIG,
  });
  return makeDeployment(database.db, target, 'succeeded', over);
}

beforeAll(async () => {
  database = await openTestDatabase();
  const revision = await provider.methods.source.resolve(github, CONFIG, 'main');
  const inputs = { publish_to: 'everywhere', channel: 'stable', version: '1.4.0' };
  const ref = await provider.methods.deploy.trigger(github, CONFIG, { marker: 'aether-take-1', revision, inputs });
  world.advance(10 * 60_000);
  run = await deploymentOf('extension', { remoteId: ref?.id ?? '', sha: revision.sha });
});
afterAll(() => database.close());

describe('what a run has built is taken in from where the provider keeps it', () => {
  test('what arrives otherwise than the provider says is refused, and nothing of it is kept', async () => {
    onTheWay = (bytes) => storeZip({ 'extension.vsix': sampleVsix(), 'more.txt': String(bytes.byteLength) });
    await expect(collect(context(), { deploymentId: run.id })).rejects.toMatchObject({ code: 'other_digest' });
    onTheWay = (bytes) => bytes;
    expect(await database.db.$count(extensionPackages)).toBe(0);
  });

  test('the same package as the run has made, with its run and commit; once more it is there already', async () => {
    const done = await collect(context(), { deploymentId: run.id });
    expect(done).toMatchObject({ deploymentId: run.id, sha: run.sha });
    expect(done.packages).toMatchObject([{ outcome: 'new', scan: 'passed', name: 'aetherstack', version: '1.4.0' }]);
    const [row] = await database.db.select().from(extensionPackages);
    expect(row).toMatchObject({ source: { kind: 'run', deploymentId: run.id, sha: run.sha } });
    const again = await collect(context(), { deploymentId: run.id });
    expect(again.packages.map(({ outcome }) => outcome)).toEqual(['already']);
  });

  test('a deployment that cannot have a package is refused with what to do', async () => {
    const docs = await deploymentOf('docs', { remoteId: '1' });
    await expect(collect(context(), { deploymentId: docs.id })).rejects.toMatchObject({ code: 'not_an_extension' });
    const served = await deploymentOf('extension', { remoteId: null });
    await expect(collect(context(), { deploymentId: served.id })).rejects.toMatchObject({ code: 'builds_nothing' });
    await expect(collect(context(), { deploymentId: 'dep_none' })).rejects.toMatchObject({ code: 'not_found' });
    await database.db.update(deployments).set({ status: 'failed' }).where(eq(deployments.id, docs.id));
    const elsewhere = testContext(database.db);
    await expect(collect(elsewhere, { deploymentId: run.id })).rejects.toMatchObject({ code: 'unsupported' });
  });

  test('when its time is over, that is said', async () => {
    world.advance(91 * 86_400_000);
    await expect(collect(context(), { deploymentId: run.id })).rejects.toMatchObject({ code: 'expired' });
  });
});

describe('an archive that a run has kept', () => {
  const all = async (bytes: Buffer, name = 'vsix') => {
    const found: Buffer[] = [];
    for await (const each of packagesIn(bytes, name)) found.push(each);
    return found.map((each) => createHash('sha256').update(each).digest('hex'));
  };
  const hash = (bytes: Buffer) => createHash('sha256').update(bytes).digest('hex');

  test('holds one package for each platform, or is itself the package; whatever else is in it is left alone', async () => {
    const [linux, mac] = ['linux-x64', 'darwin-arm64'].map((platform) => sampleVsix({ platform })) as [Buffer, Buffer];
    const archive = storeZip({ 'a/linux.vsix': linux, 'log.txt': 'text', 'a/mac.VSIX': mac });
    expect(await all(archive)).toEqual([hash(linux), hash(mac)]);
    expect(await all(linux, 'demo-linux-x64.vsix')).toEqual([hash(linux)]);
    expect(await all(storeZip({ 'log.txt': 'text' }))).toEqual([]);
  });

  test('that could be read in two ways is refused whole', async () => {
    const archive = storeZip({ '../demo.vsix': sampleVsix() });
    await expect(all(archive)).rejects.toMatchObject({ kind: 'invalid', sentence: expect.stringContaining('“vsix”') });
    await expect(all(Buffer.concat([storeZip({ 'a.vsix': sampleVsix() }), Buffer.from('x')]))).rejects.toMatchObject({
      code: 'data_after',
    });
  });
});
