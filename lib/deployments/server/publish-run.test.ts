import { Readable } from 'node:stream';
import { eq, isNotNull, isNull, sql } from 'drizzle-orm';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import type { OpenConnection, ServiceContext } from '@/lib/auth/context';
import { connections, deployments, environments, extensionPublications, targets, users } from '@/lib/db/schema';
import { accept } from '@/lib/extensions/server';
import { memoryBlobs } from '@/lib/extensions/testing/memory-blobs';
import { sampleVsix } from '@/lib/extensions/testing/sample-vsix';
import { guardedFetch } from '@/lib/http/guarded-fetch';
import { createHttpMemory } from '@/lib/http/memory';
import { Secret } from '@/lib/kernel/secret';
import { breaking, type MemoryWorld, memoryWorld } from '@/lib/providers/conformance/harness';
import type { AnyProvider, FormField } from '@/lib/providers/port';
import { provider as marketplace } from '@/lib/providers/vs-marketplace/adapter';
import { WORKFLOW_ONLY } from '@/lib/providers/vs-marketplace/manifest';
import { createMarketplaceSimulator } from '@/lib/providers/vs-marketplace/simulator';
import { readVsix } from '@/lib/sandbox/vsix';
import { type EngineWorld, engineWorld } from '../testing/engine-world';
import { advance } from './advance';
import { cancelDeployment } from './cancel';
import { publishPackage } from './publish-package';
import { readDeployment } from './read-deployment';
import { resolveUnknown } from './resolve';

let world: EngineWorld;
let there: MemoryWorld;
let market: OpenConnection['context'];
let fields: string[];
let clicks = 0;
/** What happens at the CI before its next start, on the way there. */
let onTheWay: ((c: OpenConnection['context']) => Promise<void>) | null = null;
/** So many of the next requests to the gallery are cut off. */
let cuts = 0;
/** What happens while its connection is opened the next time. */
let whileOpening: (() => Promise<void>) | null = null;
const blobs = memoryBlobs();
const SHA = 'c'.repeat(40);

const basic = (username: string, password: string) =>
  ({ kind: 'basic', username, password: new Secret(password), tokenOrigin: null }) as const;

/** The team's CI: a workflow that takes these inputs. */
function ci(): AnyProvider {
  const { provider } = world.vendor;
  const { workflows } = provider.methods;
  const declared = (name: string): FormField => ({
    ...{ name, type: 'string', description: '', required: false, default: '', options: [] },
  });
  const form: NonNullable<typeof workflows>['form'] = async (c, config, ref) => {
    const read = await workflows?.form(c, config, ref);
    if (!read) throw new Error('The scripted provider has a form.');
    return { ...read, fields: fields.map(declared) };
  };
  const deploy = provider.methods.deploy ?? expect.fail('no deploy');
  const trigger: typeof deploy.trigger = async (c, config, request) => {
    const [meanwhile] = [onTheWay];
    onTheWay = null;
    await meanwhile?.(c);
    return deploy.trigger(c, config, request);
  };
  const methods = { ...provider.methods, deploy: { ...deploy, trigger }, workflows: { list: async () => [], form } };
  return { ...provider, methods };
}

function through(ctx: ServiceContext): ServiceContext {
  const open = async (id: string): Promise<OpenConnection> => {
    if (id !== 'con_ci') return { provider: marketplace, context: market };
    const [meanwhile] = [whileOpening];
    whileOpening = null;
    await meanwhile?.();
    return { provider: ci(), context: market };
  };
  return { ...ctx, blobs, openConnection: open };
}

async function packaged(version: string, sha: string | undefined = SHA) {
  const bytes = sampleVsix({ version });
  const source = { kind: 'upload', ...(sha ? { sha } : {}) } as const;
  const { packageId } = await accept(through(world.as('admin')), Readable.from([bytes]), source);
  return { packageId, bytes: new Uint8Array(bytes) };
}

const click = (packageId: string) =>
  publishPackage(through(world.as('operator')), {
    ...{ packageId, targetId: 'tgt_staging', reason: '', ticked: [], freezeOverrideReason: null },
    idempotencyKey: `by-run-${++clicks}-abcdef`,
  });

async function look(id: string) {
  await advance(through(world.engine), id);
  return world.row(id);
}

/** What the workflow does with its own identity: hands the package to the Marketplace. */
async function workflowPublishes(version: string, bytes: Uint8Array<ArrayBuffer>) {
  const name = { publisher: 'acme', name: 'demo', version, targetPlatform: 'universal' };
  const credential = basic('acme', 'sandbox-token');
  const wanted = { ...name, sha256: '', prerelease: false, requestedBy: null, bytes };
  await marketplace.methods.publish.send({ ...market, credential }, {}, wanted);
  there.advance(600_000);
}

beforeAll(async () => {
  world = await engineWorld();
  const { db } = world.database;
  await db.insert(users).values({ id: 'user_admin', login: 'admin', name: 'admin' });
  await db.update(connections).set({ providerId: 'vs-marketplace' });
  const named = { workflow: 'publish.yml', workflowConnection: 'con_ci', workflowBranch: 'main' };
  const config = { extension: 'acme.demo', channel: 'stable', repository: 'acme/app', ...named };
  await db.update(targets).set({ config }).where(eq(targets.id, 'tgt_staging'));
  there = memoryWorld();
  const simulator = createMarketplaceSimulator(there, { seed: 7, readPackage: readVsix });
  const origin = marketplace.manifest.defaultOrigin;
  const now = () => there.now();
  const fetch = guardedFetch({
    ...{ connectionId: 'con_1', origin, memory: createHttpMemory(), now, downloadHosts: ['*'], timeoutMs: 2_000 },
    writesPerMinute: Number.POSITIVE_INFINITY,
    fetch: breaking((input, init) => {
      if (cuts > 0) {
        cuts -= 1;
        throw Object.assign(new Error('reset'), { code: 'ECONNRESET' });
      }
      return simulator.handle(new Request(input, init));
    }),
  });
  market = { connectionId: 'con_1', origin, credential: basic(WORKFLOW_ONLY, '-'), fetch, now };
});
beforeEach(() => {
  fields = ['sha256', 'version', 'channel'];
  world.vendor.requests = 0;
  world.vendor.runs = [];
});
afterEach(async () => {
  vi.restoreAllMocks();
  // Whatever is on its way frees its target for the next test.
  const { db } = world.database;
  const over = { status: 'cancelled', finishedAt: new Date(), nextCheckAt: null, deadlineAt: null } as const;
  const ended = { ...over, attention: null, attentionSince: null };
  await db.update(deployments).set(ended).where(isNull(deployments.finishedAt));
  // The CI counts its runs from the beginning in each test.
  const remoteId = sql`'of-' || ${deployments.id}`;
  await db.update(deployments).set({ remoteId }).where(isNotNull(deployments.remoteId));
});
afterAll(() => world.close());

/** Others prove absence while this process stands still, and start it themselves. */
async function othersStart(deploymentId: string) {
  await world.passTime(120);
  for (let round = 0; round < 3; round++) await look(deploymentId);
  expect(await world.row(deploymentId)).toMatchObject({ status: 'building', remoteId: '1000' });
}

describe('publishing by the repository’s workflow', () => {
  it('starts it once for this very package, follows the run, and is live only by the gallery’s own proof', async () => {
    const { packageId, bytes } = await packaged('1.0.0');
    const { deploymentId } = await click(packageId);
    const sent = await look(deploymentId);
    expect(sent.dispatch.publish?.by?.inputs).toEqual({ sha256: packageId, version: '1.0.0', channel: 'stable' });
    expect(sent).toMatchObject({ status: 'building', remoteId: '1000', sha: SHA });
    const [run] = world.vendor.runs;
    if (run) run.phase = 'done';
    expect((await look(deploymentId)).status).not.toBe('succeeded');
    await workflowPublishes('1.0.0', bytes);
    for (let round = 0; round < 5; round++) await look(deploymentId);
    expect(await world.row(deploymentId)).toMatchObject({ status: 'succeeded', remoteId: '1000' });
    const [told] = await world.database.db.select().from(extensionPublications);
    expect(told).toMatchObject({ state: 'verified', proof: { sha256: packageId } });
    expect(world.vendor.requests).toBe(1);
  });

  it('finds the run whose answer got lost by its marker, and starts no second one', async () => {
    const { packageId } = await packaged('1.1.0');
    const { deploymentId } = await click(packageId);
    world.vendor.answers = ['accepted-then-lost'];
    world.vendor.listable = false;
    expect((await look(deploymentId)).status).toBe('submitting');
    world.vendor.listable = true;
    expect(await look(deploymentId)).toMatchObject({ status: 'building', remoteId: '1000' });
    expect(world.vendor.requests).toBe(1);
    const [run] = world.vendor.runs;
    if (run) run.phase = 'failed';
    const ended = await look(deploymentId);
    expect(ended).toMatchObject({ status: 'failed', failureSentence: expect.stringContaining('Run tests failed') });
  });

  it('does not start a workflow that was changed since, or that cannot be told which package', async () => {
    const { packageId } = await packaged('1.2.0');
    fields = ['version'];
    await expect(click(packageId)).rejects.toMatchObject({ code: 'workflow_takes_no_digest' });
    fields = ['sha256', 'version'];
    const { deploymentId } = await click(packageId);
    world.vendor.file = 'e'.repeat(64);
    expect(await look(deploymentId)).toMatchObject({ status: 'failed', failureCode: 'workflow_changed' });
    expect(world.vendor.requests).toBe(0);
  });

  it('has to know the commit that the package was made of, or hands the package itself to a workflow that fetches it', async () => {
    const { packageId } = await packaged('1.3.0', '');
    const why = expect.stringContaining('let the workflow fetch it here');
    await expect(click(packageId)).rejects.toMatchObject({ code: 'package_without_commit', sentence: why });
    fields = ['sha256', 'version', 'from_console'];
    const sent = await look((await click(packageId)).deploymentId);
    expect(sent.dispatch.publish?.by?.inputs).toEqual({ sha256: packageId, version: '1.3.0', from_console: true });
    expect(sent.status).toBe('building');
    const [run] = world.vendor.runs;
    if (run) run.phase = 'failed';
    await look(sent.id);
    const { packageId: withCommit } = await packaged('1.4.0');
    const made = await look((await click(withCommit)).deploymentId);
    expect(made.dispatch.publish?.by?.inputs, 'what a commit makes is made of it').not.toHaveProperty('from_console');
  });
});

describe('a process that stands still while a workflow is to publish', () => {
  it('starts nothing once its lease is over', async () => {
    const { deploymentId } = await click((await packaged('2.0.0')).packageId);
    whileOpening = async () => {
      await othersStart(deploymentId);
      const real = performance.now.bind(performance);
      vi.spyOn(performance, 'now').mockImplementation(() => real() + 400_000);
      onTheWay = async (c) => {
        await c.fetch(`${c.origin}/_apis/connectionData`);
      };
    };
    await look(deploymentId);
    expect(world.vendor.requests).toBe(1);
    expect(world.vendor.runs).toHaveLength(1);
  });

  it('has the run that it started in excess called off where it runs', async () => {
    const { deploymentId } = await click((await packaged('2.1.0')).packageId);
    onTheWay = () => othersStart(deploymentId);
    await look(deploymentId);
    expect(world.vendor.runs).toMatchObject([{ phase: 'queued' }, { phase: 'cancelled' }]);
    expect(await world.row(deploymentId)).toMatchObject({ status: 'building', remoteId: '1000' });
  });

  it('has a run called off that is listed after its absence seemed proven', async () => {
    const { deploymentId } = await click((await packaged('2.2.0')).packageId);
    world.vendor.answers = ['accepted-then-lost'];
    world.vendor.listable = false;
    await look(deploymentId);
    await world.passTime(120);
    expect(await look(deploymentId)).toMatchObject({ status: 'building', remoteId: '1001' });
    world.vendor.listable = true;
    await look(deploymentId);
    expect(world.vendor.runs).toMatchObject([{ phase: 'cancelled' }, { phase: 'queued' }]);
  });
});

describe('a person and the run of a workflow that publishes', () => {
  const isProduction = (production: boolean) =>
    world.database.db.update(environments).set({ isProduction: production }).where(eq(environments.id, 'env_staging'));

  it('takes over the run where its answer got lost on production', async () => {
    await isProduction(true);
    try {
      const { deploymentId } = await click((await packaged('3.0.0')).packageId);
      world.vendor.answers = ['accepted-then-lost'];
      world.vendor.listable = false;
      await look(deploymentId);
      await world.passTime(120);
      expect(await look(deploymentId)).toMatchObject({ attention: 'unknown_outcome' });
      const admin = through(world.as('admin'));
      expect(await readDeployment(admin, { deploymentId })).toMatchObject({ buildsNothing: false });
      const reason = 'It is the newest there.';
      await resolveUnknown(admin, { deploymentId, decision: 'adopt', remoteId: '1000', reason });
      expect(await world.row(deploymentId)).toMatchObject({ status: 'building', remoteId: '1000' });
    } finally {
      world.vendor.listable = true;
      await isProduction(false);
    }
  });

  it('has nothing to settle where only the question to the gallery was cut off', async () => {
    await isProduction(true);
    try {
      const { deploymentId } = await click((await packaged('3.2.0')).packageId);
      cuts = 1;
      expect(await look(deploymentId)).toMatchObject({ status: 'submitting', attention: null });
      expect(await world.attemptsOf(deploymentId)).toMatchObject([{ state: 'refused', error: 'network' }]);
      await world.passTime(120);
      expect(await look(deploymentId)).toMatchObject({ status: 'building', attention: null, remoteId: '1000' });
    } finally {
      cuts = 0;
      await isProduction(false);
    }
  });

  it('cancels it where it runs, before it publishes anything', async () => {
    const { deploymentId } = await click((await packaged('3.1.0')).packageId);
    await look(deploymentId);
    const admin = through(world.as('admin'));
    const { actions } = await readDeployment(admin, { deploymentId });
    expect(actions.cancel).toEqual({ allowed: true, refusal: null });
    await cancelDeployment(admin, { deploymentId });
    expect(await look(deploymentId)).toMatchObject({ status: 'cancelled' });
    expect(world.vendor.runs).toMatchObject([{ phase: 'cancelled' }]);
  });
});
