import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';
import { eq } from 'drizzle-orm';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { ServiceContext } from '@/lib/auth/context';
import { connections, deployments, extensionPackages, extensionPublications, targets } from '@/lib/db/schema';
import { CARRIED_AT_ONCE } from '@/lib/extensions/model/limits';
import { sampleVsix } from '@/lib/extensions/testing/sample-vsix';
import { guardedFetch } from '@/lib/http/guarded-fetch';
import { createHttpMemory } from '@/lib/http/memory';
import { Secret } from '@/lib/kernel/secret';
import { breaking, type MemoryWorld, memoryWorld } from '@/lib/providers/conformance/harness';
import { provider } from '@/lib/providers/open-vsx/adapter';
import { createOpenVsxSimulator, type OpenVsxSimulator } from '@/lib/providers/open-vsx/simulator';
import { takeSeat } from '@/lib/realtime/seats';
import { readVsix } from '@/lib/sandbox/vsix';
import { type EngineWorld, engineWorld } from '../testing/engine-world';
import { advance } from './advance';
import { redeploy, rollBack } from './again';
import { publishPackage } from './publish-package';
import { resolveUnknown } from './resolve';

let world: EngineWorld;
let there: MemoryWorld;
let registry: OpenVsxSimulator;
let posts = 0;
let keys = 0;
const blobs = new Map<string, Buffer>();

const ORIGIN = provider.manifest.defaultOrigin;

function through(ctx: ServiceContext): ServiceContext {
  const inner = breaking((input, init) => registry.handle(new Request(input, init)));
  const fetch = guardedFetch({
    ...{
      connectionId: 'con_1',
      origin: ORIGIN,
      memory: createHttpMemory(),
      now: () => there.now(),
      downloadHosts: ['*'],
    },
    ...{ timeoutMs: 2_000, writesPerMinute: Number.POSITIVE_INFINITY },
    fetch: async (input, init) => {
      const request = new Request(input, init);
      if (request.url.endsWith('/api/-/publish')) posts += 1;
      return inner(request);
    },
  });
  const credential = {
    kind: 'basic',
    username: 'acme',
    password: new Secret('sandbox-token'),
    tokenOrigin: null,
  } as const;
  const context = { connectionId: 'con_1', origin: ORIGIN, credential, fetch, now: () => there.now() };
  return {
    ...ctx,
    blobs: {
      put: async () => undefined,
      open: async (id) => {
        const bytes = blobs.get(id);
        return bytes ? { size: bytes.length, stream: Readable.from([bytes]) } : null;
      },
      size: async () => null,
      remove: async () => undefined,
    },
    openConnection: async () => ({ provider, context }),
  };
}

async function packageOf(version: string, readme = 'Hello', scan: 'passed' | 'unknown' = 'passed'): Promise<string> {
  const bytes = sampleVsix({ version, readme });
  const id = createHash('sha256').update(bytes).digest('hex');
  blobs.set(id, bytes);
  const row = { publisher: 'acme', name: 'demo', version, engine: '^1.90.0', size: bytes.length, scan };
  await world.database.db
    .insert(extensionPackages)
    .values({ id, ...row, source: { kind: 'upload', by: 'Ana' } })
    .onConflictDoNothing();
  return id;
}

const click = (packageId: string, key = `publish-${++keys}-abcdef`) =>
  publishPackage(through(world.as('operator')), {
    ...{ packageId, targetId: 'tgt_staging', reason: '', ticked: [], freezeOverrideReason: null, idempotencyKey: key },
  });

async function look(id: string) {
  await advance(through(world.engine), id);
  return world.row(id);
}

async function stateOf(packageId: string) {
  const [row] = await world.database.db
    .select()
    .from(extensionPublications)
    .where(eq(extensionPublications.packageId, packageId));
  return row;
}

async function until(id: string, status: string) {
  for (let round = 0; round < 40; round++) {
    const row = await look(id);
    if (row.status === status) return row;
    there.advance(2_000);
    await world.passTime(3);
  }
  return expect.fail(`It never came to ${status}: ${(await world.row(id)).status}`);
}

/** All places for what is sent are taken, for that many rounds. */
async function crowded(id: string, rounds: number) {
  const places = Array.from({ length: CARRIED_AT_ONCE }, () => takeSeat('packages:carried', CARRIED_AT_ONCE));
  try {
    for (let round = 0; round < rounds; round++) {
      await look(id);
      await world.passTime(11);
    }
  } finally {
    for (const leave of places) leave?.();
  }
  const tried = await world.attemptsOf(id);
  expect(tried.map(({ state, error }) => `${state} ${error}`)).toEqual(Array(rounds).fill('refused packages_crowded'));
}

beforeAll(async () => {
  world = await engineWorld();
  const { db } = world.database;
  await db.update(connections).set({ providerId: 'open-vsx', origin: ORIGIN });
  await db.update(targets).set({ config: { extension: 'acme.demo', channel: 'stable' } });
});

beforeEach(() => {
  there = memoryWorld();
  registry = createOpenVsxSimulator(there, { seed: 7, readPackage: readVsix });
  posts = 0;
});

afterAll(() => world.close());

describe('publishing a package through the engine', () => {
  it('is live only when a client gets the same bytes, with one request for two clicks', async () => {
    const id = await packageOf('1.0.0');
    const [first, second] = [await click(id), await click(id)];
    expect(second).toMatchObject({ deploymentId: first.deploymentId, outcome: 'joined' });
    await look(first.deploymentId);
    expect((await stateOf(id))?.state).toBe('accepted');
    const row = await until(first.deploymentId, 'succeeded');
    expect(posts).toBe(1);
    expect(row.evidence).toMatchObject({ package: { sha256: id } });
    expect(await stateOf(id)).toMatchObject({ state: 'verified', deadlineAt: null, proof: { sha256: id } });
    expect(await world.audits('extension.publication.verified')).toHaveLength(1);
    expect(await world.current()).toBe(first.deploymentId);
  });

  it('sends nothing where the place has the same package already', async () => {
    const id = await packageOf('1.1.0');
    await until((await click(id)).deploymentId, 'succeeded');
    const again = await click(id);
    await until(again.deploymentId, 'succeeded');
    expect(again.outcome).toBe('created');
    expect(posts).toBe(1);
  });

  it('refuses other content under a version that is there, before anything is sent', async () => {
    await until((await click(await packageOf('1.2.0'))).deploymentId, 'succeeded');
    const other = await packageOf('1.2.0', 'Something else');
    await expect(click(other)).rejects.toMatchObject({ code: 'other_content' });
    expect(posts).toBe(1);
  });

  it('finds what was taken although its answer was lost, and sends it no second time', async () => {
    there.set({ acceptThen502: 1, pace: 0.01 });
    const { deploymentId } = await click(await packageOf('1.3.0'));
    expect((await look(deploymentId)).status).toBe('submitting');
    there.advance(5_000);
    await until(deploymentId, 'succeeded');
    expect(registry.gallery.truth()).toHaveLength(1);
    expect(posts).toBe(1);
  });

  it('takes “already there” for its own where it had sent it and the place hides what it checks', async () => {
    there.set({ acceptThen502: 1, pace: 10 });
    const { deploymentId } = await click(await packageOf('1.4.0'));
    await look(deploymentId);
    await world.passTime(120);
    there.set({ acceptThen502: 0 });
    await look(deploymentId);
    expect(registry.gallery.truth()).toHaveLength(1);
    there.advance(400_000);
    await until(deploymentId, 'succeeded');
  });

  it('is taken over by a person without any run id, once the place shows it with this content', async () => {
    there.set({ acceptThen502: 1, pace: 10 });
    const { deploymentId } = await click(await packageOf('1.4.1'));
    await look(deploymentId);
    const asked = { attention: 'unknown_outcome', attentionSince: new Date() } as const;
    await world.database.db.update(deployments).set(asked).where(eq(deployments.id, deploymentId));
    const who = through(world.as('admin'));
    const input = { deploymentId, decision: 'adopt', reason: 'It is on its page.' } as const;
    await expect(resolveUnknown(who, input)).rejects.toMatchObject({ code: 'not_there' });
    there.advance(4_000_000);
    await resolveUnknown(who, input);
    await until(deploymentId, 'succeeded');
    expect(posts).toBe(1);
  });

  it('waits for a place without using up its attempts: a lost answer after it is settled without anybody', async () => {
    const { deploymentId } = await click(await packageOf('1.4.2'));
    await crowded(deploymentId, 3);
    there.set({ acceptThen502: 1, pace: 10 });
    await look(deploymentId);
    await world.passTime(120);
    there.set({ acceptThen502: 0 });
    expect(await look(deploymentId)).toMatchObject({ attention: null });
    there.advance(400_000);
    await until(deploymentId, 'succeeded');
    expect(registry.gallery.truth()).toHaveLength(1);
  });

  it('does not take for its own what somebody else handed over while it waited for a place', async () => {
    const { deploymentId } = await click(await packageOf('1.4.3'));
    await crowded(deploymentId, 1);
    there.set({ pace: 10 });
    const bytes = new Uint8Array(sampleVsix({ version: '1.4.3', readme: 'Of somebody else' }));
    const { context } = await through(world.engine).openConnection('con_1');
    const named = { publisher: 'acme', name: 'demo', version: '1.4.3', targetPlatform: 'universal' };
    await provider.methods.publish.send(
      context,
      {},
      { ...named, sha256: '', prerelease: false, requestedBy: null, bytes },
    );
    expect(await look(deploymentId)).toMatchObject({ status: 'failed', failureCode: 'already_there' });
  });

  it('fails with the place’s reason when it is rejected, and keeps the target free for the next', async () => {
    there.set({ gallery: 'rejects' });
    const { deploymentId } = await click(await packageOf('1.5.0'));
    const row = await look(deploymentId);
    expect(row).toMatchObject({ status: 'failed' });
    expect(row.failureSentence).toContain('a secret was found');
  });

  it('is never called verified while it is quarantined: it waits, and ends with a sentence', async () => {
    there.set({ gallery: 'quarantines' });
    const id = await packageOf('1.6.0');
    const { deploymentId } = await click(id);
    await look(deploymentId);
    there.advance(60_000);
    const waiting = await look(deploymentId);
    expect(waiting.status).toBe('deploying');
    await world.database.db.update(extensionPublications).set({ deadlineAt: new Date(0) });
    const ended = await look(deploymentId);
    expect(ended.status).toBe('failed');
    expect(ended.failureSentence).toContain('nothing is sent twice');
    expect((await stateOf(id))?.state).not.toBe('verified');
  });

  it('is published once more by a press on it, and never rolled back to: versions only go up', async () => {
    const id = await packageOf('1.7.0');
    const { deploymentId } = await click(id);
    await until(deploymentId, 'succeeded');
    const who = through(world.as('admin'));
    const input = {
      targetId: 'tgt_staging',
      toDeploymentId: deploymentId,
      reason: 'Back',
      idempotencyKey: 'back-000001',
    };
    await expect(rollBack(who, input)).rejects.toMatchObject({ code: 'only_upwards' });
    const again = await redeploy(who, { deploymentId, idempotencyKey: 'again-000001' });
    await until(again.deploymentId, 'succeeded');
    expect(posts).toBe(1);
  });

  it('publishes nothing that has not passed, is of another extension, or of another channel', async () => {
    await expect(click(await packageOf('2.0.0', 'x', 'unknown'))).rejects.toMatchObject({ code: 'not_passed' });
    const id = await packageOf('2.1.0');
    await world.database.db.update(targets).set({ config: { extension: 'acme.other', channel: 'stable' } });
    await expect(click(id)).rejects.toMatchObject({ code: 'other_extension' });
    await world.database.db.update(targets).set({ config: { extension: 'acme.demo', channel: 'pre-release' } });
    await expect(click(id)).rejects.toMatchObject({ code: 'other_channel' });
    expect(posts).toBe(0);
  });
});
