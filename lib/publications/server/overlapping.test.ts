import { eq, sql } from 'drizzle-orm';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import type { OpenConnection, ServiceContext } from '@/lib/auth/context';
import { environments, extensionPublications, unpublishAsks } from '@/lib/db/schema';
import { advance } from '@/lib/deployments/server/advance';
import { unyank, yank } from '@/lib/gallery/server';
import { capability, ProviderError } from '@/lib/providers/port';
import { readVsix } from '@/lib/sandbox/vsix';
import { PLACES, type PlacesWorld, placesWorld } from '../testing/places-world';
import { lookAgain, publishTo, unpublish } from '.';

/** Two things that happen to one version at the same time. */
let world: PlacesWorld;
let clicks = 0;

beforeAll(async () => {
  world = await placesWorld(readVsix);
});
beforeEach(() => world.there.set({ acceptThen502: 0, down: false, pace: 0.01 }));
afterAll(() => world.close());

type Publishing = NonNullable<OpenConnection['provider']['methods']['publish']>;

/** As `ctx`, with other methods of every gallery. */
function withGallery(ctx: ServiceContext, change: (gallery: Publishing) => Partial<Publishing>): ServiceContext {
  return {
    ...ctx,
    openConnection: async (...args) => {
      const { provider, context } = await ctx.openConnection(...args);
      const publish = capability(provider, 'publish');
      const methods = { ...provider.methods, publish: { ...publish, ...change(publish) } };
      return { context, provider: { ...provider, methods } };
    },
  };
}

/** What a client gets, and what somebody does before that is written down. */
const meanwhile = (work: () => Promise<unknown>) =>
  withGallery(world.person, (gallery) => ({
    asClient: async (...asked) => {
      const seen = await gallery.asClient(...asked);
      await work();
      return seen;
    },
  }));

async function asked(version: string, targetId: string) {
  const packageId = await world.packaged({ version });
  const idempotencyKey = `both-${++clicks}-abcdef`;
  const { places } = await publishTo(world.person, { packageId, targetIds: [targetId], idempotencyKey });
  return { packageId, id: places[0]?.deploymentId ?? expect.fail('refused') };
}

async function published(version: string, targetId: string): Promise<string> {
  const { id, packageId } = await asked(version, targetId);
  await world.until(id, 'succeeded');
  return packageId;
}

const reason = 'It phones home.';
const taken = (version: string) => yank(world.person, { namespace: 'acme', name: 'demo', version, reason });

test('what is taken away while a look goes on stays so: the look began before', async () => {
  const { db } = world.engine.database;
  const packageId = await published('1.0.0', PLACES.own);
  await taken('1.0.0');
  await unyank(world.person, { namespace: 'acme', name: 'demo', version: '1.0.0' });
  const mine = eq(extensionPublications.packageId, packageId);
  await db.update(extensionPublications).set({ nextLookAt: sql`now()` }).where(mine);
  expect(await lookAgain(meanwhile(() => taken('1.0.0')))).toBe(1);
  expect(await world.stateAt(PLACES.own, packageId)).toBe('unlisted');
});

test('what is taken away while its proof is fetched is not called live', async () => {
  const { id, packageId } = await asked('1.1.0', PLACES.own);
  await advance(
    meanwhile(() => taken('1.1.0')),
    id,
  );
  expect(await world.engine.row(id)).toMatchObject({ status: 'failed', failureCode: 'publication_unlisted' });
  expect(await world.stateAt(PLACES.own, packageId)).toBe('unlisted');
});

const targetId = PLACES.marketplace;
const takeAll = (packageId: string, who = world.person) =>
  unpublish(who, { targetId, packageId, reason, typedName: 'acme.demo' });
const approvals = (count: number) =>
  world.engine.database.db
    .update(environments)
    .set({ policy: { approvals: count } })
    .where(eq(environments.id, 'env_staging'));

test('nothing is published beside a request that takes everything away, nor the other way round', async () => {
  const { db } = world.engine.database;
  const packageId = await published('2.0.0', targetId);
  const next = await asked('2.0.1', targetId);
  const before = world.changes();
  const out = { id: 'ask_out', targetId, extension: 'acme.demo', reason, askedById: 'user_eve', askedByName: 'eve' };
  const until = { needed: 0, begunAt: sql`now()`, endsAt: sql`now() + interval '2 minutes'` };
  await db.insert(unpublishAsks).values({ ...out, ...until });
  await advance(world.person, next.id);
  expect(await world.engine.row(next.id)).toMatchObject({
    status: 'submitting',
    waitingFor: expect.stringContaining('being taken away'),
  });
  await expect(takeAll(packageId), 'two presses').rejects.toMatchObject({ kind: 'conflict', code: 'being_sent' });
  await db.delete(unpublishAsks);

  await expect(takeAll(packageId)).rejects.toMatchObject({ kind: 'conflict', code: 'being_published' });
  await approvals(1);
  expect(await takeAll(packageId), 'asking sends nothing').toMatchObject({ outcome: 'asked' });
  const cy = world.as('approver', 'cy');
  await expect(takeAll(packageId, cy)).rejects.toMatchObject({ code: 'being_published' });
  expect(world.changes()).toBe(before);
  await approvals(0);
  await world.until(next.id, 'succeeded');
  expect(await takeAll(packageId)).toMatchObject({ outcome: 'done' });
  expect(await db.$count(unpublishAsks, sql`ends_at > clock_timestamp()`)).toBe(0);
});

test('a request that fails where nobody has to agree leaves nothing open behind it', async () => {
  const packageId = await published('2.1.0', targetId);
  world.there.set({ down: true });
  await expect(takeAll(packageId)).rejects.toMatchObject({ code: 'recall_unclear' });
  world.there.set({ down: false });
  expect(await world.engine.database.db.$count(unpublishAsks, sql`ends_at > clock_timestamp()`)).toBe(0);
  expect(await takeAll(packageId)).toMatchObject({ outcome: 'done' });
});

test('what its publisher’s token does not see and clients get all the same is not called taken away', async () => {
  const packageId = await published('2.2.0', targetId);
  const unknown = () =>
    Promise.reject(new ProviderError('notFound', 'not_found', 'The Marketplace knows no extension.'));
  const absent = async () => ({ state: 'absent', rawState: 'none', sentence: null, url: null }) as const;
  const blind = withGallery(world.person, () => ({ unpublish: unknown, look: absent }));
  await expect(takeAll(packageId, blind)).rejects.toMatchObject({ code: 'recall_unclear' });
  expect(await world.stateAt(targetId, packageId)).toBe('verified');
  expect(await takeAll(packageId)).toMatchObject({ outcome: 'done' });
});
