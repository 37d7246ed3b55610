import { eq, gt, like, sql } from 'drizzle-orm';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import type { ServiceContext } from '@/lib/auth/context';
import {
  audit,
  connections,
  deployments,
  environments,
  extensionPublications,
  grants,
  targets,
  unpublishAsks,
  users,
} from '@/lib/db/schema';
import { Secret } from '@/lib/kernel/secret';
import { WORKFLOW_ONLY } from '@/lib/providers/vs-marketplace/manifest';
import { readVsix } from '@/lib/sandbox/vsix';
import { PLACES, type PlacesWorld, placesWorld } from '../testing/places-world';
import { publishTo, readPlan, unpublish } from '.';
import { isBeingTakenAway, reopenAsk, requireNothingSent } from './unpublish-asks';

/** A place where publishing takes one approval: so does taking everything away. */
let world: PlacesWorld;
let clicks = 0;

beforeAll(async () => {
  world = await placesWorld(readVsix);
  const { db } = world.engine.database;
  await db.insert(users).values({ id: 'user_ben', login: 'ben', name: 'ben' });
  const role = { role: 'approver', environmentPattern: '*' } as const;
  await db.insert(grants).values({ id: 'grt_ben', userId: 'user_ben', ...role });
});
beforeEach(() => world.there.set({ acceptThen502: 0, down: false, pace: 0.01 }));
afterAll(() => world.close());

const targetId = PLACES.marketplace;
const MARKET = eq(connections.id, 'con_market');
const reason = 'It phones home.';
const ben = () => world.as('approver', 'ben');
const eve = () => world.as('operator', 'eve');
/** The same person with that role in staging alone. */
function inStaging(who: ServiceContext): ServiceContext {
  if (who.actor.kind !== 'user') return expect.fail('nobody');
  const grants = who.actor.grants.map((each) => ({ ...each, environmentPattern: 'staging' }));
  return { ...who, actor: { ...who.actor, grants } };
}
const takeAll = (packageId: string, who = world.person) =>
  unpublish(who, { targetId, packageId, reason, typedName: 'acme.demo' });

const approvals = (count: number) =>
  world.engine.database.db
    .update(environments)
    .set({ policy: { approvals: count } })
    .where(eq(environments.id, 'env_staging'));

async function published(version: string): Promise<string> {
  await approvals(0);
  const packageId = await world.packaged({ version });
  const idempotencyKey = `unpublish-${++clicks}-abcdef`;
  const { places } = await publishTo(world.person, { packageId, targetIds: [targetId], idempotencyKey });
  for (const { deploymentId } of places) await world.until(deploymentId ?? '', 'succeeded');
  await approvals(1);
  return packageId;
}

async function asked(packageId: string) {
  const { places } = await readPlan(world.person, { packageId });
  return places.find((place) => place.targetId === targetId)?.unpublishing ?? null;
}

it('is sent only once as many people agreed as publishing there takes, and an operator is none of them', async () => {
  const packageId = await published('1.0.0');
  const before = world.changes();
  expect(await takeAll(packageId)).toMatchObject({ outcome: 'asked', sentence: expect.stringContaining('One more') });
  expect(await takeAll(packageId)).toMatchObject({ outcome: 'asked' });
  await expect(takeAll(packageId, eve())).rejects.toMatchObject({ code: 'needs_approver' });
  expect(await asked(packageId)).toMatchObject({ by: 'ana', reason, agreed: [], needed: 1, extension: 'acme.demo' });
  expect(world.changes()).toBe(before);
  expect(await takeAll(packageId, ben())).toMatchObject({ outcome: 'done' });
  expect(world.changes() - before).toBe(1);
  expect(await asked(packageId)).toBeNull();
});

it('asks nobody where this connection has no token: it says how a person does it, and the page offers nothing else', async () => {
  const packageId = await published('1.0.1');
  const withoutToken = (who: ServiceContext): ServiceContext => ({
    ...who,
    openConnection: async (id) => {
      const open = await who.openConnection(id);
      const credential = {
        kind: 'basic',
        username: WORKFLOW_ONLY,
        password: new Secret('-'),
        tokenOrigin: null,
      } as const;
      return { ...open, context: { ...open.context, credential } };
    },
  });
  const recallOf = async (who: ServiceContext) =>
    (await readPlan(who, { packageId })).places.find((place) => place.targetId === targetId)?.recall.extension;
  expect([await recallOf(world.person), await recallOf(withoutToken(world.person))]).toEqual(['unpublish', 'guide']);
  const begun = () => world.engine.database.db.$count(audit, like(audit.sentence, 'Began to take %'));
  const before = [await asks(), await begun(), world.changes()];
  for (const count of [1, 0]) {
    await approvals(count);
    const told = await takeAll(packageId, withoutToken(world.person));
    expect(told).toMatchObject({ outcome: 'guided', sentence: expect.stringContaining('nothing was changed') });
    expect(told.steps.length).toBeGreaterThan(0);
  }
  expect([await asks(), await begun(), world.changes()]).toEqual(before);
  await approvals(1);
});

it('collects nobody’s agreement for a token whose kind has ended, unless a check since then worked', async () => {
  const { db } = world.engine.database;
  const packageId = await published('1.0.2');
  const [before] = await db.select({ report: connections.report }).from(connections).where(MARKET);
  const told = async (report: object | null, day: string) => {
    await db.update(connections).set({ report }).where(MARKET);
    const who = { ...world.person, clock: { now: () => Date.parse(day) } };
    const { places } = await readPlan(who, { packageId });
    const { outcome } = await takeAll(packageId, who);
    await db.delete(unpublishAsks);
    return [places.find((place) => place.targetId === targetId)?.recall.extension, outcome];
  };
  const works = { ok: true, account: 'acme', scopes: [], problems: [], expiresAt: null };
  expect(await told(null, '2026-11-30T23:59:00Z')).toEqual(['unpublish', 'asked']);
  expect(await told(null, '2026-12-01T00:00:00Z')).toEqual(['guide', 'guided']);
  expect(await told(works, '2026-12-05T00:00:00Z')).toEqual(['unpublish', 'asked']);
  await db
    .update(connections)
    .set({ report: before?.report ?? null })
    .where(MARKET);
});

it('keeps its agreement until an answer is certain: whoever took part sends it again, and then it is used up', async () => {
  const { db } = world.engine.database;
  const packageId = await published('1.1.0');
  await takeAll(packageId);
  world.there.set({ down: true });
  await expect(takeAll(packageId, ben())).rejects.toMatchObject({ code: 'recall_unclear' });
  world.there.set({ down: false });
  await expect(takeAll(packageId), 'not before the request is over').rejects.toMatchObject({ code: 'being_sent' });
  await out(['ben'], '3 minutes');
  expect(await asked(packageId)).toMatchObject({ agreed: ['ben'], needed: 1 });
  await expect(takeAll(packageId, eve())).rejects.toMatchObject({ code: 'needs_approver' });
  expect(await takeAll(packageId)).toMatchObject({ outcome: 'done' });
  const next = await published('1.2.0');
  expect(await takeAll(next), 'a later one is asked for anew').toMatchObject({ outcome: 'asked' });
  await db.delete(unpublishAsks);
});

const out = (agreed: readonly string[], since = '0 minutes') => {
  const people = agreed.map((name) => ({ id: `user_${name}`, name, at: '2026-11-27T00:00:00Z' }));
  return world.engine.database.db
    .update(unpublishAsks)
    .set({ agreed: people, begunAt: sql`now() - ${since}::interval` });
};
const asks = () => world.engine.database.db.$count(unpublishAsks);

it('is not lost with whoever sent it: nobody sends or asks beside it, somebody sends it again after two minutes', async () => {
  const packageId = await published('1.3.0');
  await takeAll(packageId);
  await out(['ben']);
  expect(await asked(packageId)).toBeNull();
  const before = [await asks(), world.changes()];
  for (const who of [world.person, ben()])
    await expect(takeAll(packageId, who)).rejects.toMatchObject({ kind: 'conflict', code: 'being_sent' });
  expect([await asks(), world.changes()]).toEqual(before);
  await out(['ben'], '3 minutes');
  expect(await takeAll(packageId)).toMatchObject({ outcome: 'done' });
});

it('what was done ends everything that was asked about it, and so does a publication: nobody takes away what nobody agreed to', async () => {
  const { db } = world.engine.database;
  const packageId = await published('1.4.0');
  await takeAll(packageId);
  await out(['ben'], '3 minutes');
  // One that stood beside it, as an older console let people ask.
  const [row] = await db.select().from(unpublishAsks).where(gt(unpublishAsks.endsAt, sql`now()`));
  await db.insert(unpublishAsks).values({ ...(row ?? expect.fail('none')), id: 'ask_beside', begunAt: null });
  expect(await takeAll(packageId)).toMatchObject({ outcome: 'done' });
  expect(await db.$count(unpublishAsks, gt(unpublishAsks.endsAt, sql`now()`))).toBe(0);

  const next = await published('1.4.1');
  await takeAll(next);
  await out(['ben'], '3 minutes');
  expect(await asked(next)).toMatchObject({ agreed: ['ben'] });
  const mended = await published('1.4.2');
  const before = world.changes();
  expect(await takeAll(mended)).toMatchObject({ outcome: 'asked' });
  expect(world.changes()).toBe(before);
  const [line] = await db.select().from(audit).where(like(audit.sentence, '%What was asked before%')).limit(1);
  expect(line?.action).toMatch(/^extension\.publication\./);
  await db.delete(unpublishAsks);
});

it('counts who may still agree, by the policy of now, when it is sent once more', async () => {
  const { db } = world.engine.database;
  const packageId = await published('1.5.0');
  await takeAll(packageId);
  await out(['ben'], '3 minutes');
  await approvals(2);
  const before = world.changes();
  expect(await takeAll(packageId), 'two of them by now').toMatchObject({ outcome: 'asked' });
  expect(await asked(packageId)).toMatchObject({ agreed: ['ben'], needed: 2 });
  await approvals(1);
  await db.update(unpublishAsks).set({ needed: 1 });
  await db.delete(grants).where(eq(grants.userId, 'user_ben'));
  expect(await takeAll(packageId), 'ben may no longer approve').toMatchObject({ outcome: 'asked' });
  expect(world.changes()).toBe(before);
  expect(await asked(packageId)).toMatchObject({ agreed: [], needed: 1 });
  expect(await takeAll(packageId, world.as('approver', 'cy'))).toMatchObject({ outcome: 'done' });
});

it('an attempt that stood still opens nothing that another has sent since', async () => {
  const { db } = world.engine.database;
  await out(['ben']);
  const [row] = await db.select().from(unpublishAsks).limit(1);
  const { id } = row ?? expect.fail('none');
  const begunAt = new Date(Date.now() - 300_000);
  await reopenAsk(db, { id, begunAt });
  const now = async () => (await db.select().from(unpublishAsks).where(eq(unpublishAsks.id, id)))[0]?.begunAt;
  expect(await now()).not.toBeNull();
  await db.update(unpublishAsks).set({ begunAt }).where(eq(unpublishAsks.id, id));
  await reopenAsk(db, { id, begunAt });
  expect(await now()).toBeNull();
});

/** A second target of the same extension at the same gallery, in production. */
async function besideInProduction() {
  const { db } = world.engine.database;
  const [production] = await db.select().from(environments).where(eq(environments.isProduction, true)).limit(1);
  const environmentId = production?.id ?? expect.fail('no production');
  const place = { componentId: 'cmp_backend', environmentId, connectionId: 'con_market', label: 'beside' };
  await db
    .insert(targets)
    .values({ id: 'tgt_beside', ...place, config: { extension: 'ACME.demo', channel: 'both' } })
    .onConflictDoNothing();
  const policy = (count: number) =>
    db
      .update(environments)
      .set({ policy: { approvals: count } })
      .where(eq(environments.id, environmentId));
  return { policy, slug: production?.slug ?? '', targetId: 'tgt_beside' };
}

it('takes the most approvals of all targets of the extension at that gallery, and the permission at each, whichever is pressed', async () => {
  const { db } = world.engine.database;
  await db.delete(unpublishAsks);
  const beside = await besideInProduction();
  await beside.policy(0);
  const packageId = await published('1.6.0');
  const idempotencyKey = `unpublish-${++clicks}-abcdef`;
  const there = { packageId, targetIds: [beside.targetId], idempotencyKey };
  const { places } = await publishTo(world.person, there);
  await world.until(places[0]?.deploymentId ?? '', 'succeeded');
  await beside.policy(1);
  await approvals(0);
  const before = world.changes();
  await expect(takeAll(packageId, inStaging(eve()))).rejects.toMatchObject({ kind: 'forbidden' });
  expect(await takeAll(packageId)).toMatchObject({ outcome: 'asked' });
  const plan = (await readPlan(world.person, { packageId })).places;
  expect(plan.find((place) => place.targetId === beside.targetId)?.unpublishing, 'shown at both').not.toBeNull();
  await expect(takeAll(packageId, inStaging(ben()))).rejects.toMatchObject({ kind: 'forbidden' });
  expect(world.changes()).toBe(before);

  const sending = places[0]?.deploymentId ?? '';
  await db.update(deployments).set({ status: 'submitting' }).where(eq(deployments.id, sending));
  await expect(takeAll(packageId, ben())).rejects.toMatchObject({ code: 'being_published' });
  // By a workflow: its run has an id all along, so the gallery has it only where a row says so.
  const byWorkflow = sql`jsonb_set(${deployments.dispatch}, '{publish,by}', '{"connectionId": "con_ci"}')`;
  await db.update(deployments).set({ status: 'deploying', dispatch: byWorkflow }).where(eq(deployments.id, sending));
  const about = { targetId, extension: 'acme.demo' };
  await db.transaction((tx) => requireNothingSent(tx, about));
  const rows = db.update(extensionPublications);
  await rows.set({ deploymentId: 'dep_before' }).where(eq(extensionPublications.deploymentId, sending));
  await expect(takeAll(packageId, ben())).rejects.toMatchObject({ code: 'being_published' });
  await db.update(deployments).set({ status: 'succeeded' }).where(eq(deployments.id, sending));
  await out(['ben']);
  expect(await isBeingTakenAway(db, { targetId: beside.targetId, extension: 'acme.demo' })).toBe(true);
  await out(['ben'], '3 minutes');
  await db.insert(grants).values({ id: 'grt_ben2', userId: 'user_ben', role: 'approver', environmentPattern: '*' });
  expect(await takeAll(packageId)).toMatchObject({ outcome: 'done' });
  for (const id of [targetId, beside.targetId]) expect(await world.stateAt(id, packageId)).toBe('unlisted');
});
