import { and, eq, sql } from 'drizzle-orm';
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
beforeEach(() => {
  world.there.set({ acceptThen502: 0, down: false, pace: 0.01 });
  return approvals(0);
});
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

/** What is out now is so no more. */
const twoMinutesLater = () =>
  world.engine.database.db.update(unpublishAsks).set({
    begunAt: sql`begun_at - interval '3 minutes'`,
    endsAt: sql`case when needed = 0 then ends_at - interval '3 minutes' else ends_at end`,
  });
const open = () => world.engine.database.db.$count(unpublishAsks, sql`ends_at > clock_timestamp()`);

test('a request whose answer got lost keeps everybody out for two minutes, and leaves nothing open where nobody has to agree', async () => {
  const packageId = await published('2.1.0', targetId);
  world.there.set({ down: true });
  const sentence = expect.stringContaining('looks there again in two minutes');
  await expect(takeAll(packageId)).rejects.toMatchObject({ code: 'recall_unclear', sentence });
  world.there.set({ down: false });
  await expect(takeAll(packageId)).rejects.toMatchObject({ code: 'being_sent' });
  const next = await asked('2.1.1', targetId);
  await advance(world.person, next.id);
  expect(await world.engine.row(next.id)).toMatchObject({ waitingFor: expect.stringContaining('being taken away') });
  await twoMinutesLater();
  expect(await open()).toBe(0);
  await world.until(next.id, 'succeeded');
  expect(await takeAll(packageId)).toMatchObject({ outcome: 'done' });
});

test('one that is refused for certain is open again at once', async () => {
  const packageId = await published('2.1.2', targetId);
  const refused = () => Promise.reject(new ProviderError('auth', 'missing_permission', 'The token may not do that.'));
  const unable = withGallery(world.person, () => ({ unpublish: refused }));
  await expect(takeAll(packageId, unable)).rejects.toMatchObject({ code: 'missing_permission' });
  expect(await takeAll(packageId)).toMatchObject({ outcome: 'done' });
});

test('one that was heeded although its answer got lost is settled by the next look: nobody is asked about it any more', async () => {
  const { db } = world.engine.database;
  const packageId = await published('2.1.3', targetId);
  await approvals(1);
  const lost = async () => {
    world.there.set({ down: true });
    throw new ProviderError('unavailable', 'no_answer', 'No answer.', { ambiguous: true });
  };
  const cut = withGallery(world.as('approver', 'cy'), (gallery) => ({
    unpublish: async (...about) => {
      await gallery.unpublish?.(...about);
      await lost();
    },
  }));
  expect(await takeAll(packageId)).toMatchObject({ outcome: 'asked' });
  await expect(takeAll(packageId, cut)).rejects.toMatchObject({ code: 'recall_unclear' });
  world.there.set({ down: false });
  const mine = and(eq(extensionPublications.packageId, packageId), eq(extensionPublications.targetId, targetId));
  const soon = sql`next_look_at < now() + interval '3 minutes'`;
  expect(await db.$count(extensionPublications, and(mine, soon)), 'looked at soon').toBe(1);
  await twoMinutesLater();
  expect(await open()).toBe(1);
  await db.update(extensionPublications).set({ nextLookAt: sql`now()` }).where(mine);
  expect(await lookAgain(world.person)).toBe(1);
  expect(await world.stateAt(targetId, packageId)).toBe('unlisted');
  expect(await open()).toBe(0);
});

test('what its publisher’s token does not see and clients get all the same is not called taken away', async () => {
  const packageId = await published('2.2.0', targetId);
  const unknown = () =>
    Promise.reject(new ProviderError('notFound', 'not_found', 'The Marketplace knows no extension.'));
  const absent = async () => ({ state: 'absent', rawState: 'none', sentence: null, url: null }) as const;
  const blind = withGallery(world.person, () => ({ unpublish: unknown, look: absent }));
  await expect(takeAll(packageId, blind)).rejects.toMatchObject({ code: 'recall_unclear' });
  expect(await world.stateAt(targetId, packageId)).toBe('verified');
  await twoMinutesLater();
  expect(await takeAll(packageId)).toMatchObject({ outcome: 'done' });
});

test('what waits is not sent after everything was taken away: whoever asked for it did not know of that', async () => {
  const packageId = await published('3.0.0', targetId);
  const waiting = await asked('3.0.1', targetId);
  expect(await takeAll(packageId)).toMatchObject({ outcome: 'done' });
  const before = world.changes();
  await world.until(waiting.id, 'failed');
  expect(world.changes()).toBe(before);
  const sentence = expect.stringMatching(/^acme\.demo, with all its versions, was taken away .+ Publish it again/);
  const ended = { failureCode: 'withdrawn_meanwhile', failureSentence: sentence };
  expect(await world.engine.row(waiting.id)).toMatchObject(ended);
  const lines = await world.engine.audits('deployment.submit_refused');
  const line = { resourceId: waiting.id, code: 'withdrawn_meanwhile', outcome: 'failed' };
  expect(lines).toContainEqual(expect.objectContaining(line));
  expect(await published('3.0.1', targetId), 'asked for anew').toBe(waiting.packageId);
});

test('a version that waits is not sent once it is gone there, and another one is', async () => {
  const { db } = world.engine.database;
  const packageId = await published('3.1.0', targetId);
  const [same, other] = [await asked('3.1.0', targetId), await world.packaged({ version: '3.1.1' })];
  // Its publisher took it away there.
  const { provider, context } = await world.person.openConnection('con_market');
  await capability(provider, 'publish').unpublish?.(context, {}, { publisher: 'acme', name: 'demo' });
  await db.update(extensionPublications).set({ nextLookAt: sql`now()` });
  await lookAgain(world.person, 50);
  expect(await world.stateAt(targetId, packageId)).toBe('unlisted');
  await world.until(same.id, 'failed');
  expect(await world.engine.row(same.id)).toMatchObject({ failureCode: 'withdrawn_meanwhile' });
  const { places } = await publishTo(world.person, {
    ...{ packageId: other, targetIds: [targetId], idempotencyKey: `both-${++clicks}-abcdef` },
  });
  await world.until(places[0]?.deploymentId ?? '', 'succeeded');
});
