import { eq } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { ServiceContext } from '@/lib/auth/context';
import { components, connections, deployments, targets } from '@/lib/db/schema';
import { makeConnection } from '@/lib/db/testing/factories';
import { guardedFetch } from '@/lib/http/guarded-fetch';
import { createHttpMemory } from '@/lib/http/memory';
import { createSafeFetch } from '@/lib/http/safe-fetch';
import { ServiceError } from '@/lib/kernel/errors';
import { Secret } from '@/lib/kernel/secret';
import { provider } from '@/lib/providers/oci-registry/adapter';
import {
  ACCOUNT,
  HTPASSWD,
  type RealRegistry,
  startRegistry,
} from '@/lib/providers/oci-registry/testing/docker-registry';
import {
  type Built,
  deleteManifest,
  type Pusher,
  pushImage,
  pushIndex,
} from '@/lib/providers/oci-registry/testing/push';
import type { FormField } from '@/lib/providers/port';
import { type EngineWorld, engineWorld } from '../testing/engine-world';
import { rollBack } from './again';
import { composerImages } from './read-images';

const REPOSITORY = 'acme/backend';
const SHA = 'a'.repeat(40);
const field = (name: string): FormField => ({
  name,
  type: 'string',
  description: '',
  required: false,
  default: null,
  options: [],
});

let registry: RealRegistry;
let push: Pusher;
let world: EngineWorld;
let connectionId: string;
let first: Built;
let second: Built;
let armOnly: Built;
/** The registry does not answer, or another password is sent, while it is set. */
let down = false;
let wrong = false;

beforeAll(async () => {
  [registry, world] = await Promise.all([
    startRegistry({ auth: HTPASSWD }, { htpasswd: ACCOUNT.htpasswd }),
    engineWorld(),
  ]);
  const authorization = `Basic ${Buffer.from(`${ACCOUNT.username}:${ACCOUNT.password}`).toString('base64')}`;
  push = { origin: registry.origin, authorization };
  const labels = { 'org.opencontainers.image.revision': SHA };
  const both = { platforms: ['linux/amd64', 'linux/arm64/v8'], attested: true };
  first = await pushIndex(push, { repository: REPOSITORY, labels, content: 'first', ...both }, '1.0.0');
  second = await pushImage(push, { repository: REPOSITORY, labels, content: 'second' }, '1.1.0');
  await pushImage(push, { repository: REPOSITORY, labels, content: 'second' }, 'latest');
  armOnly = await pushImage(push, { repository: REPOSITORY, platform: 'linux/arm64/v8', content: 'arm' }, 'arm');
  const { db } = world.database;
  const stands = { providerId: 'oci-registry', credentialKind: 'basic', origin: registry.origin } as const;
  ({ id: connectionId } = await makeConnection(db, stands));
  const image = { repository: REPOSITORY, imageInput: 'image', digestInput: 'digest', platform: 'linux/amd64' };
  await db.update(components).set({ imageConnectionId: connectionId, image });
  const { workflows } = world.vendor.provider.methods;
  if (!workflows) throw new Error('the scripted provider has workflows');
  const { form } = workflows;
  workflows.form = async (...asked) => {
    const read = await form(...asked);
    return { ...read, fields: [...read.fields, field('image'), field('digest')] };
  };
}, 300_000);

afterAll(async () => {
  await Promise.all([registry?.stop(), world?.close()]);
});

/** The same person, whose registry is the real one. */
function withRegistry(ctx: ServiceContext): ServiceContext {
  const reach = createSafeFetch({ allowLoopback: true });
  const memory = createHttpMemory();
  return {
    ...ctx,
    openConnection: async (id, ...rest) => {
      if (id !== connectionId) return ctx.openConnection(id, ...rest);
      const fetch = guardedFetch({
        connectionId,
        origin: registry.origin,
        memory,
        fetch: (input, init) => (down ? Promise.reject(new TypeError('down')) : reach(input, init)),
      });
      const credential = {
        kind: 'basic' as const,
        username: ACCOUNT.username,
        password: new Secret(wrong ? 'was-revoked-meanwhile-1' : ACCOUNT.password),
        tokenOrigin: null,
      };
      return { provider, context: { connectionId, origin: registry.origin, credential, fetch, now: Date.now } };
    },
  };
}

const operator = () => withRegistry(world.as('operator'));
const nameOf = (built: Built) => `${new URL(registry.origin).host}/${REPOSITORY}@${built.digest}`;
const pinned = (built: Built) => ({ image: nameOf(built), digest: built.digest });
const shelf = (more: object = {}) =>
  composerImages(operator(), { targetId: 'tgt_staging', query: '', page: 0, ...more });

async function refusal(work: Promise<unknown>): Promise<ServiceError> {
  const error: unknown = await work.then(
    () => expect.fail('this should have been refused'),
    (reason: unknown) => reason,
  );
  return error instanceof ServiceError ? error : expect.fail(String(error));
}

describe('the images of the composer', () => {
  test('are what is in the registry: one row a digest, with its tags, platforms, size, age and commit', async () => {
    const { rows, total, trouble, source } = await shelf();
    expect({ trouble, total, repository: source?.repository }).toEqual({
      trouble: null,
      total: 4,
      repository: REPOSITORY,
    });
    expect(rows.map((row) => [row.tags, row.digest])).toEqual([
      [['latest', '1.1.0'], second.digest],
      [['1.0.0'], first.digest],
      [['arm'], armOnly.digest],
    ]);
    expect(rows[1]).toMatchObject({
      ...{ reference: nameOf(first), platforms: ['linux/amd64', 'linux/arm64/v8'], attestations: 2 },
      ...{ revision: { sha: SHA }, createdAt: '2026-11-20T08:00:00.000Z', refusal: null },
    });
    expect(rows[1]?.sizeBytes).toBeGreaterThan(100);
    expect(rows[2]?.refusal).toContain('There is no linux/amd64 in it');
  });

  test('say what is wrong when the registry cannot be asked', async () => {
    down = true;
    const { rows, trouble } = await shelf({ query: '1.0' }).finally(() => {
      down = false;
    });
    // The names were read a moment ago; what they lead to now is asked each time.
    expect(rows).toEqual([]);
    expect(trouble?.code).toBe('network');
  });

  test('and a credential that is refused while it is used is known to everybody, once', async () => {
    const { db } = world.database;
    const kept = () => db.select().from(connections).where(eq(connections.id, connectionId));
    const entered = (ms: number) => db.update(connections).set({ credentialAt: new Date(Date.now() - ms) });
    await entered(0);
    wrong = true;
    const refused = () => shelf({ query: '1.0' });
    const { trouble } = await refused();
    const early = await kept();
    await entered(3_600_000);
    for (const _ of [1, 2]) await refused();
    wrong = false;
    expect([trouble?.code, early[0]?.state], 'one of this minute is not blamed').toEqual(['credential_refused', 'ok']);
    expect(await kept()).toMatchObject([{ state: 'failing', report: { ok: false, problems: [expect.any(String)] } }]);
    // A token that was made before may be what still works; an hour later it is the credential.
    await shelf({ query: '1.0' });
    expect((await kept())[0]?.state).toBe('failing');
    await db.update(connections).set({ checkedAt: new Date(Date.now() - 3_700_000) });
    for (const _ of [1, 2]) await shelf({ query: '1.0' });
    expect(await kept()).toMatchObject([{ state: early[0]?.report ? 'ok' : 'unchecked', report: early[0]?.report }]);
    const lines = `select action from audit where resource_id = $1 order by action`;
    const { rows } = await world.database.pool.query(lines, [connectionId]);
    expect(rows.map(({ action }) => action)).toEqual(['connection.refused', 'connection.works']);
  });

  test('are not shown to somebody who may not see the target', async () => {
    const stranger = { ...operator(), actor: { ...world.as('operator').actor, grants: [] } } as ServiceContext;
    const error = await refusal(composerImages(stranger, { targetId: 'tgt_staging', query: '', page: 0 }));
    expect(error.kind).toBe('notFound');
  });
});

describe('a deployment with an image', () => {
  test('carries it by digest, and its approval is for exactly that', async () => {
    const { deploymentId } = await world.click({ who: operator(), inputs: { level: 'info', ...pinned(first) } });
    const [row] = await world.database.db.select().from(deployments).where(eq(deployments.id, deploymentId));
    expect(row?.inputs).toMatchObject(pinned(first));
    const other = await world.click({
      who: operator(),
      target: 'production',
      inputs: { level: 'info', ...pinned(second) },
    });
    const [second_] = await world.database.db.select().from(deployments).where(eq(deployments.id, other.deploymentId));
    expect(second_?.approvalDigest).not.toBe(row?.approvalDigest);
  });

  test.each([
    ['a tag', () => ({ image: `registry.example/${REPOSITORY}:latest` }), 'image_not_pinned'],
    ['two images', () => ({ ...pinned(first), digest: second.digest }), 'image_mismatch'],
    ['an image of another repository', () => ({ image: `ghcr.io/other/thing@${first.digest}` }), 'image_elsewhere'],
    ['an image that is not there', () => ({ digest: `sha256:${'0'.repeat(64)}` }), 'image_gone'],
    ['an image for another platform', () => pinned(armOnly), 'platform_missing'],
  ])('is refused with %s, and nothing is written', async (_, inputs, code) => {
    const before = await world.database.db.$count(deployments);
    const error = await refusal(world.click({ who: operator(), inputs: { level: 'info', ...inputs() } }));
    expect(error.code).toBe(code);
    expect(Object.keys(error.fields ?? {})[0]).toMatch(/^inputs\.(image|digest)$/);
    expect(await world.database.db.$count(deployments)).toBe(before);
  });

  test('whose name the settings fix is still checked where its digest is typed in', async () => {
    const { db } = world.database;
    const fix = (inputs: object) =>
      db
        .update(targets)
        .set({ config: { repository: 'acme/app', inputs } })
        .where(eq(targets.id, 'tgt_production'));
    const typed = (inputs: Record<string, string>) =>
      refusal(world.click({ who: operator(), target: 'production', inputs: { level: 'info', ...inputs } }));
    await fix({ image: nameOf(first) });
    expect((await typed({ digest: `sha256:${'0'.repeat(64)}` })).code).toBe('image_gone');
    await fix({});
  });

  test('goes on when the registry is down: the digest says what is deployed', async () => {
    down = true;
    const made = await world.click({ who: operator(), inputs: { level: 'debug', ...pinned(second) } }).finally(() => {
      down = false;
    });
    expect(made.outcome).toBe('created');
    expect(await world.timeline(made.deploymentId), 'its page says so').toContain('not_looked_at');
  });
});

describe('what runs in one environment', () => {
  // What the tests above asked for would go first.
  beforeAll(async () => {
    const ended = { status: 'cancelled', nextCheckAt: null, deadlineAt: null, finishedAt: new Date() } as const;
    await world.database.db.update(deployments).set(ended);
  });

  test('is offered to the others by its digest, also when its tag has moved; gone is said', async () => {
    const old = await pushImage(push, { repository: REPOSITORY, content: 'soon moved' }, 'rolling');
    await world.deployed('done', { who: operator(), inputs: { level: 'info', ...pinned(old) } });
    await pushImage(push, { repository: REPOSITORY, content: 'newer' }, 'rolling');
    const seen = await composerImages(operator(), { targetId: 'tgt_production', query: '', page: 0 });
    expect(seen.running).toMatchObject([
      {
        environment: { slug: 'staging' },
        digest: old.digest,
        refusal: null,
        image: { reference: nameOf(old), tags: [] },
      },
    ]);
    expect(seen.running[0]?.image?.liveIn).toHaveLength(1);
    expect((await shelf()).running).toEqual([]);
    await deleteManifest(push, REPOSITORY, old.digest);
    const later = await composerImages(operator(), { targetId: 'tgt_production', query: '', page: 0 });
    expect(later.running[0]).toMatchObject({ digest: old.digest, image: null });
    expect(later.running[0]?.refusal).toContain('any more');
  });

  test('is not gone back to when its image is gone, and is when the registry cannot say', async () => {
    const gone = await pushImage(push, { repository: REPOSITORY, content: 'to go back to' }, 'back');
    const target = await world.deployed('done', { who: operator(), inputs: { level: 'info', ...pinned(gone) } });
    await world.deployed('done', { who: operator(), inputs: { level: 'debug', ...pinned(first) } });
    await deleteManifest(push, REPOSITORY, gone.digest);
    const back = (key: string) =>
      rollBack(operator(), {
        targetId: 'tgt_staging',
        toDeploymentId: target,
        reason: 'It was better',
        idempotencyKey: key,
      });
    expect((await refusal(back('key-back-1'))).code).toBe('image_gone');
    down = true;
    const made = await back('key-back-2').finally(() => {
      down = false;
    });
    expect(made.outcome).toBe('created');
  });
});

test('a component without an image repository offers none, and its inputs are its own business', async () => {
  const { db } = world.database;
  const [before] = await db.select().from(components).limit(1);
  await db.update(components).set({ imageConnectionId: null, image: null });
  try {
    expect(await shelf()).toMatchObject({ source: null, rows: [], trouble: null });
    const inputs = { level: 'info', image: 'anything:latest' };
    const made = await world.click({ who: operator(), target: 'production', inputs });
    expect(made.outcome).toBe('created');
  } finally {
    await db
      .update(components)
      .set({ imageConnectionId: before?.imageConnectionId ?? null, image: before?.image ?? null });
  }
});
