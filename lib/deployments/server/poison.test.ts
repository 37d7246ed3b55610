import { eq, inArray, sql } from 'drizzle-orm';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { verifyConnection } from '@/lib/connections/server';
import { attempts, audit, deployments, environments, inbox, pins, targets } from '@/lib/db/schema';
import { makeDeployment } from '@/lib/db/testing/factories';
import { ProviderError } from '@/lib/providers/port';
import { processDeliveries, sweepInbox } from '@/lib/webhooks/process';
import { type EngineWorld, engineWorld } from '../testing/engine-world';
import { sweep } from './advance';
import { advanceOrSetAside } from './set-aside';

const POISON = 50;
const GOOD = 10;

let world: EngineWorld;
beforeEach(async () => {
  world = await engineWorld();
  vi.spyOn(process.stderr, 'write').mockReturnValue(true);
});
afterEach(async () => {
  vi.restoreAllMocks();
  await world.close();
});

/** A running deployment on a target of its own; `poison` is a setting on which the adapter breaks. */
async function running(index: number, poison: boolean): Promise<string> {
  const { db } = world.database;
  const place = { componentId: 'cmp_backend', environmentId: 'env_staging', connectionId: 'con_1' };
  const config = poison ? { poison: true } : {};
  const values = { ...place, id: `tgt_${poison}_${index}`, label: `${poison} ${index}`, config };
  const [target] = await db.insert(targets).values(values).returning();
  if (!target) throw new Error('No target.');
  const remoteId = String(5_000 + index);
  world.vendor.runs.push({
    id: remoteId,
    attempt: 1,
    marker: `m-${poison}-${index}`,
    sha: 'a'.repeat(40),
    phase: 'done',
  });
  return (await makeDeployment(db, target, 'building', { remoteId, sha: 'a'.repeat(40), nextCheckAt: new Date(0) })).id;
}

function breakOnPoison(how: () => void): void {
  const { status } = world.vendor.provider.methods;
  const observe = status?.observe;
  if (!status || !observe) throw new Error('No status.');
  status.observe = (c, config, ref) => {
    if (config.poison) how();
    return observe(c, config, ref);
  };
}

/** What the workers of one round do: everything that is due, each for itself. */
async function round(): Promise<void> {
  world.woken.length = 0;
  await sweep(world.engine);
  for (const id of [...world.woken]) await advanceOrSetAside(world.engine, id);
}

const dueNow = () =>
  world.database.db
    .update(deployments)
    .set({ nextCheckAt: sql`case when next_check_at is null then null else now() end` });

test(`${POISON} poisoned deployments are set aside after three tries and never keep the others from ending`, async () => {
  const poisoned: string[] = [];
  for (let index = 0; index < POISON; index++) poisoned.push(await running(index, true));
  const good: string[] = [];
  for (let index = 0; index < GOOD; index++) good.push(await running(100 + index, false));
  let broke = 0;
  breakOnPoison(() => {
    broke++;
    throw new TypeError('Cannot read properties of undefined');
  });
  await round();
  const statuses = async (ids: string[]) =>
    (await world.database.db.select().from(deployments).where(inArray(deployments.id, ids))).map((row) => row.status);
  expect(new Set(await statuses(good)), 'the others end in the first round').toEqual(new Set(['succeeded']));
  for (let again = 0; again < 2; again++) {
    await dueNow();
    await round();
  }
  expect(broke).toBe(3 * POISON);
  const lines = await world.audits('deployment.set_aside');
  expect(new Set(lines.map((line) => line.resourceId))).toEqual(new Set(poisoned));
  expect(lines).toHaveLength(POISON);
  const [row] = await world.database.db
    .select()
    .from(deployments)
    .where(eq(deployments.id, poisoned[0] ?? ''));
  expect(row).toMatchObject({ status: 'building', troubleSentence: expect.stringContaining('This console stumbled') });
  expect((row?.nextCheckAt?.getTime() ?? 0) - Date.now()).toBeGreaterThan(200_000);
  expect(await world.timeline(poisoned[0] ?? '')).toContain('set_aside');
  await round();
  expect(broke, 'what was set aside is left alone').toBe(3 * POISON);
});

test('what waits for a provider in trouble is looked at after all that runs or gets on, however long it is due', async () => {
  const away = await Promise.all([600, 601, 603, 604].map((index) => running(index, false)));
  // Claimed, and the request was refused since: it is tried again, and runs nowhere. The other's answer was lost: it may run.
  const [refused, lost] = [await running(605, false), await running(606, false)];
  const fine = await running(602, false);
  const { db } = world.database;
  const trouble = { troubleCount: 4 };
  await db
    .update(deployments)
    .set({ ...trouble, status: 'queued' })
    .where(inArray(deployments.id, away));
  await db
    .update(deployments)
    .set({ kind: 'rollback' })
    .where(eq(deployments.id, away[2] ?? ''));
  // A re-run of a roll-back, which has a pin of its own.
  const [again] = await db
    .update(deployments)
    .set({ kind: 'retry' })
    .where(eq(deployments.id, away[3] ?? ''))
    .returning();
  await db.insert(pins).values({
    ...{ id: 'pin_again', targetId: again?.targetId ?? '', deploymentId: again?.id ?? '', kind: 'rollback' },
    ...{ reason: 'Errors went up', createdBy: 'system', createdByName: 'ada' },
  });
  await db.update(deployments).set(trouble).where(eq(deployments.id, fine));
  await db
    .update(deployments)
    .set({ ...trouble, status: 'submitting' })
    .where(inArray(deployments.id, [refused, lost]));
  for (const [deploymentId, state] of [[refused, 'refused'] as const, [lost, 'unknown'] as const]) {
    await db.delete(attempts).where(eq(attempts.deploymentId, deploymentId));
    const lease = { leaseUntil: new Date(), sentAt: new Date() };
    await db.insert(attempts).values({ id: `att_${state}`, deploymentId, number: 1, marker: state, state, ...lease });
  }
  await db.update(deployments).set({ nextCheckAt: sql`now()` }).where(eq(deployments.id, fine));
  const turns = new Map<string, string | undefined>();
  const wakeDeployment = async (_: unknown, id: string, turn?: string) => void turns.set(id, turn);
  await sweep({ ...world.engine, queue: { ...world.engine.queue, wakeDeployment } });
  expect([fine, ...away].map((id) => turns.get(id))).toEqual(['usual', 'last', 'last', 'usual', 'usual']);
  expect([turns.get(refused), turns.get(lost)]).toEqual(['last', 'usual']);
});

test('an answer that the database refuses to store is the item’s own fault; it is set aside like any other', async () => {
  const id = await running(1, false);
  const { status } = world.vendor.provider.methods;
  const observe = status?.observe;
  if (!status || !observe) throw new Error('No status.');
  status.observe = async (c, config, ref) => ({ ...(await observe(c, config, ref)), rawPhase: 'a\u0000b' });
  for (let tries = 0; tries < 3; tries++) await advanceOrSetAside(world.engine, id);
  expect(await world.audits('deployment.set_aside')).toHaveLength(1);
});

test(`${POISON} poisoned deliveries are set aside after three tries, told in the audit log, and the next one is processed`, async () => {
  const { db } = world.database;
  const delivery = (index: number, remoteId: string) => ({
    id: `hook_${index}`,
    connectionId: 'con_1',
    providerId: 'scripted',
    deliveryId: `delivery-${index}`,
    event: 'workflow_run',
    remoteId,
    bytes: 2,
    body: Buffer.from('{}'),
    state: 'received' as const,
    receivedAt: new Date(Date.now() - 60_000),
  });
  const good = await running(500, false);
  const poisoned = Array.from({ length: POISON }, (_, index) => delivery(index, '5500'));
  await db.insert(inbox).values([...poisoned, delivery(99, '5500')]);
  const swept: string[] = [];
  const queue = {
    ...world.engine.queue,
    wakeInbox: async (_: unknown, ids: readonly string[]) => void swept.push(...ids),
  };
  const breaking = { ...queue, wakeDeployment: () => Promise.reject(new TypeError('poison')) };
  for (let tries = 0; tries < 4; tries++) {
    swept.length = 0;
    await sweepInbox({ ...world.engine, queue });
    for (const id of swept) {
      const ctx = { ...world.engine, queue: id === 'hook_99' ? queue : breaking };
      await processDeliveries(ctx, [id]).catch(() => undefined);
    }
  }
  expect(swept, 'nothing is tried a fourth time').toEqual([]);
  const rows = await db.select().from(inbox).where(eq(inbox.state, 'failed'));
  expect(rows).toHaveLength(POISON);
  expect(rows.every((row) => row.tries === 3 && row.note?.startsWith('Set aside after 3 tries'))).toBe(true);
  expect(await db.$count(audit, eq(audit.action, 'webhook.set_aside'))).toBe(POISON);
  expect(world.woken).toContain(good);
});

test.each([
  ['as usual', false],
  ['after the console was away', true],
])(
  'what only a person can mend is left alone for five minutes after three tries, and looked at once the connection works: %s',
  async (_, lookFirst) => {
    const { db } = world.database;
    await db.update(environments).set({ policy: { checks: 'success' } });
    const { deploymentId } = await world.click();
    await db.update(deployments).set({ lookFirst });
    const source = world.vendor.provider.methods.source ?? expect.fail('no source');
    const { commit } = source;
    const gone = new ProviderError('notFound', 'gone', 'The repository is gone.');
    source.commit = () => Promise.reject(gone);
    if (lookFirst) world.vendor.readError = gone;
    const waits: number[] = [];
    for (let tries = 0; tries < 4; tries++) {
      const { nextCheckAt } = await world.look(deploymentId);
      waits.push(Math.round(((nextCheckAt?.getTime() ?? 0) - Date.now()) / 1000));
    }
    expect(waits.map((each) => each > 200)).toEqual([false, false, true, true]);
    source.commit = commit;
    world.vendor.readError = null;
    world.woken.length = 0;
    await verifyConnection(world.as('admin'), { id: 'con_1' });
    expect(world.woken).toEqual([deploymentId]);
    const { status } = await world.look(deploymentId);
    expect(lookFirst ? ['queued', 'building'] : ['building']).toContain(status);
  },
);
