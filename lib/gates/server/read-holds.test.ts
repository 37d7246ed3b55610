import { eq } from 'drizzle-orm';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { sightings, targets } from '@/lib/db/schema';
import { makeDeployment } from '@/lib/db/testing/factories';
import { liftPin, overrideFreeze, readMatrix, readWaiting } from '@/lib/deployments/server';
import { type GateWorld, gateWorld, passFreezes } from '@/lib/deployments/testing/gate-world';
import { createFreeze, lock, readHolds, readPolicy } from '.';

let world: GateWorld;
beforeEach(async () => {
  world = await gateWorld();
});
afterEach(() => world.close());

test('a hold says what does not go live because of it, who may lift it, and what lifting does', async () => {
  const { number, deploymentId } = await world.click();
  await world.lock({ environment: 'staging' });
  const { pins } = await readHolds(world.as('viewer'), {});
  expect(pins).toMatchObject([
    {
      kind: 'lock',
      scope: { environment: { slug: 'staging' }, component: null, target: null },
      reason: 'Audit week',
      by: { name: 'admin' },
      heldBack: [
        { targetId: 'tgt_staging', component: 'Backend', queued: [{ id: deploymentId, number, message: 'A change' }] },
      ],
      refusal: expect.stringMatching(/^To lift a hold on staging you need the role/),
    },
  ]);
  expect(pins[0]?.resume[1]).toBe(
    `#${number} starts at once, unless something else keeps it: a gate, or what is on its way there.`,
  );
  expect((await readHolds(world.as('admin'), {})).pins[0]?.refusal).toBeNull();
});

test('lifting one of several holds says what the others still hold, and starts nothing of it', async () => {
  const { number, deploymentId } = await world.click();
  const { number: free } = await world.click({ target: 'production' });
  const ben = await world.person('ben', 'admin');
  const mine = await world.lock({});
  const scope = { environmentId: null, componentId: null, targetId: 'tgt_staging' };
  const { pinId: bens } = await lock(ben, { ...scope, reason: 'The index moves', expiresAt: null });
  const freezeId = await world.freeze('staging');
  const view = () => readHolds(world.as('viewer'), {});
  const resumeOf = async (id: string) => (await view()).pins.find((pin) => pin.id === id)?.resume.slice(1, -1);
  const freeze = 'the freeze “Quarter end”';
  const still = `#${number} is still held by`;
  expect(await resumeOf(mine)).toEqual([
    `#${free} starts at once, unless something else keeps it: a gate, or what is on its way there.`,
    `${still} the lock of ben and ${freeze}.`,
  ]);
  expect(await resumeOf(bens)).toEqual([`${still} the lock of admin and ${freeze}.`]);
  const frozen = (await view()).freezes.find(({ id }) => id === freezeId)?.heldBack;
  expect(frozen).toMatchObject([{ queued: [{ number, alsoHeldBy: ['the lock of admin', 'the lock of ben'] }] }]);
  await overrideFreeze(world.as('admin'), { deploymentId, reason: 'Customers wait' });
  expect(await resumeOf(bens)).toEqual([`${still} the lock of admin.`]);
  await liftPin(world.as('admin'), { pinId: mine });
  expect(await resumeOf(bens)).toEqual([
    `#${number} starts at once, unless something else keeps it: a gate, or what is on its way there.`,
  ]);
});

test('a freeze says in words when it holds, and the calendar has its windows', async () => {
  await createFreeze(world.as('operator'), {
    name: 'Weekend',
    reason: 'Nobody is there',
    timeZone: 'Europe/Berlin',
    startsAt: '2026-01-02T16:00',
    durationMinutes: 60,
    recurrence: 'FREQ=WEEKLY',
  });
  const span = { from: '2026-10-20T00:00:00Z', to: '2026-11-01T00:00:00Z' };
  const view = await readHolds(world.as('operator'), span);
  expect(view.freezes).toMatchObject([
    { says: 'Every Friday 16:00–17:00, Europe/Berlin', version: 1, refusal: null, scope: { environment: null } },
  ]);
  expect(view.windows.map((each) => each.from)).toEqual(['2026-10-23T14:00:00.000Z', '2026-10-30T15:00:00.000Z']);
  expect(view.scopes.environments.map((each) => each.slug)).toEqual(['production', 'staging']);
  const far = await readHolds(world.as('viewer'), { from: '2026-01-01T00:00:00Z', to: '2036-01-01T00:00:00Z' });
  expect(far.windows.length).toBeLessThanOrEqual(58);
  expect(far.freezes[0]?.refusal).toMatch(/role/);
});

test('a freeze says what it keeps back while it holds, and not what was let through it', async () => {
  const { number, deploymentId } = await world.click();
  const { deploymentId: later } = await world.click({ target: 'production' });
  const freezeId = await world.freeze('staging');
  const kept = async () =>
    (await readHolds(world.as('viewer'), {})).freezes.find(({ id }) => id === freezeId)?.heldBack;
  expect(await kept()).toMatchObject([
    { targetId: 'tgt_staging', component: 'Backend', queued: [{ id: deploymentId, number, message: 'A change' }] },
  ]);
  await overrideFreeze(world.as('admin'), { deploymentId, reason: 'Customers wait' });
  expect(await kept()).toEqual([]);
  await world.freeze(null, 300);
  const all = (await readHolds(world.as('viewer'), {})).freezes.find(({ scope }) => scope.environment === null);
  expect(all?.heldBack.flatMap(({ queued }) => queued.map(({ id }) => id)).sort()).toEqual(
    [deploymentId, later].sort(),
  );
  await passFreezes(world);
  expect(await kept()).toEqual([]);
});

test('whether a freeze holds is said by the database’s clock, not by the server’s own', async () => {
  await world.freeze('staging', 90);
  const ahead = { ...world.as('viewer'), clock: { now: () => Date.now() + 7 * 86_400_000 } };
  expect((await readHolds(ahead, {})).freezes).toMatchObject([{ next: { active: true } }]);
  const cell = Object.values((await readMatrix(ahead)).rows[0]?.cells ?? {})
    .flat()
    .find(({ targetId }) => targetId === 'tgt_staging');
  expect(cell).toMatchObject({ pins: [{ kind: 'freeze' }], deploy: { allowed: false } });
});

test('what a host keeps back is listed as the last look found it, with what stands there, and nobody is asked', async () => {
  const { db } = world.database;
  const { deploymentId, number } = await world.click({ target: 'production' });
  const [target] = await db.select().from(targets).where(eq(targets.id, 'tgt_production'));
  const waits = { waitingFor: 'somebody to unlock publishing', remoteId: '78', message: 'Stands there' };
  const stands = await makeDeployment(db, target ?? expect.fail('no target'), 'deploying', waits);
  const seen = { source: 'provider', remoteUrl: 'https://host.test/deploys/1', lookedAt: new Date() } as const;
  const held = { heldSince: new Date(), heldSentence: 'New builds do not go live by themselves at Host: locked.' };
  await db.insert(sightings).values({ targetId: 'tgt_production', ...seen, ...held });
  await db.insert(sightings).values({ targetId: 'tgt_staging', ...seen });
  const viewer = { ...world.as('viewer'), openConnection: () => expect.fail('a provider is asked') };
  const view = await readHolds(viewer, {});
  expect(view.hosts).toMatchObject([
    {
      targetId: 'tgt_production',
      scope: { environment: { slug: 'production' }, component: { slug: 'backend' } },
      sentence: held.heldSentence,
      url: seen.remoteUrl,
      heldBack: [{ queued: [{ id: deploymentId, number }, { id: stands.id }] }],
    },
  ]);
  expect((await readWaiting(viewer)).holds).toBe(1);
  if (viewer.actor.kind === 'user') viewer.actor.grants = [{ role: 'viewer', environmentPattern: 'staging' }];
  expect([(await readHolds(viewer, {})).hosts, (await readWaiting(viewer)).holds]).toEqual([[], 0]);
});

test('nobody sees holds or policies of environments that they may not read', async () => {
  await world.lock({ target: 'production' });
  await world.freeze('production');
  const viewer = world.as('viewer');
  if (viewer.actor.kind === 'user') viewer.actor.grants = [{ role: 'viewer', environmentPattern: 'staging' }];
  const view = await readHolds(viewer, {});
  expect([view.pins, view.freezes, view.windows]).toEqual([[], [], []]);
  expect(view.scopes.targets.map((each) => each.id)).toEqual(['tgt_staging']);
  await expect(readPolicy(viewer, { environmentId: 'env_production' })).rejects.toMatchObject({
    code: 'environment_not_found',
  });
  const policy = await readPolicy(viewer, { environmentId: 'env_staging' });
  expect(policy).toMatchObject({ policyVersion: 1, policy: { approvals: 0 } });
  expect(policy.refusal).toMatch(/^To change what a deployment needs on staging you need the role admin/);
});

test('a lock or freeze of everything takes the role everywhere; a policy is changed by administrators, one at a time', async () => {
  const operator = world.as('operator');
  if (operator.actor.kind === 'user') operator.actor.grants = [{ role: 'operator', environmentPattern: 'staging' }];
  await expect(world.freeze(null, 60, operator)).rejects.toMatchObject({ code: 'forbidden' });
  await expect(world.freeze('production', 60, operator)).rejects.toMatchObject({ code: 'forbidden' });
  await world.freeze('staging', 90, operator);
  const version = await world.policy('staging', { approvals: 1 });
  expect(version).toBe(2);
  expect(await world.audits('policy.set')).toMatchObject([
    { environment: 'staging', data: { before: { approvals: 0 }, after: { approvals: 1 }, policyVersion: 2 } },
  ]);
});
