import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Database } from '@/lib/db/client';
import { events, freezes, settings as settingsTable } from '@/lib/db/schema';
import { openTestDatabase } from '@/lib/db/testing/context';
import { makeDeployment, makeEnvironment, makeEvent, makeTarget } from '@/lib/db/testing/factories';
import { settled } from '@/lib/db/testing/settled';
import { newId } from '@/lib/kernel/ids';
import type { Message } from '../model/message';
import { notificationRig } from '../testing/rig';
import { announceFreezes, fanOut as enter } from '.';

let database: Database;
let rig: ReturnType<typeof notificationRig>;
beforeEach(async () => {
  database = await openTestDatabase();
  rig = notificationRig(database);
  // The cursor stands at "now".
  await fanOut();
});
afterEach(() => database.close());

/** What has happened so far, whatever other databases of this server are at. */
async function fanOut(db = database.db): Promise<number> {
  await settled(database);
  return enter(db);
}

describe('from the feed to the ledger', () => {
  test('each event is entered once for each that asked for it, in commit order, however often and by however many', async () => {
    const all = await rig.make();
    await rig.make({ name: 'Failures', events: ['deployment.failed'] });
    const staging = await makeEnvironment(database.db, { slug: 'staging-eu' });
    await rig.make({ name: 'Staging', environmentPattern: 'staging-*' });
    const one = await rig.happen();
    const two = await rig.happen('failed');
    const target = await makeTarget(database.db, { environment: staging });
    const three = await makeEvent(database.db, await makeDeployment(database.db, target), {
      kind: 'claim',
      fromStatus: 'queued',
      toStatus: 'submitting',
    });
    await Promise.all(Array.from({ length: 5 }, () => fanOut()));
    await fanOut();
    const rows = await rig.ledger();
    expect(rows.filter((row) => row.subscriptionId === all.id).map((row) => [row.eventId, row.event])).toEqual([
      [one.id, 'deployment.succeeded'],
      [two.id, 'deployment.failed'],
      [three.id, 'deployment.started'],
    ]);
    expect(rows).toHaveLength(5);
  });

  test('that a deployment started is told once, also when it came back to the queue and is claimed again', async () => {
    await rig.make();
    const deployment = await makeDeployment(database.db, await makeTarget(database.db));
    const claim = { kind: 'claim', fromStatus: 'queued', toStatus: 'submitting' } as const;
    await makeEvent(database.db, deployment, claim);
    await makeEvent(database.db, deployment, { kind: 'requeue', fromStatus: 'submitting', toStatus: 'queued' });
    await makeEvent(database.db, deployment, claim);
    await fanOut();
    expect((await rig.ledger()).map((row) => row.event)).toEqual(['deployment.started']);
  });

  test('that it is worse is told once, and that a person has to press where a policy does not go back', async () => {
    await rig.make();
    const deployment = await makeDeployment(database.db, await makeTarget(database.db), 'succeeded');
    const happen = (kind: string, data: Record<string, string>) => makeEvent(database.db, deployment, { kind, data });
    await happen('verdict', { sentence: 'Worse than before so far. Latency.', outcome: 'worse' });
    await happen('verdict', { sentence: 'Worse than before. Latency.' });
    await happen('roll_back_by_policy', { sentence: 'It is not rolled back by itself.', outcome: 'refused' });
    await fanOut();
    expect((await rig.ledger()).map((row) => [row.event, (row.body as Message).data.sentence])).toEqual([
      ['deployment.worse', 'Worse than before so far. Latency.'],
      ['deployment.not_rolled_back', 'It is not rolled back by itself.'],
    ]);
  });

  test('an event that commits late is not skipped', async () => {
    await rig.make();
    const late = Promise.withResolvers<void>();
    const written = Promise.withResolvers<void>();
    const slow = database.db.transaction(async (tx) => {
      await tx.insert(events).values({ topic: 'member', kind: 'member.invite', actorName: 'Ada' });
      written.resolve();
      await late.promise;
    });
    await written.promise;
    await rig.happen();
    await enter(database.db);
    late.resolve();
    await slow;
    await fanOut();
    expect((await rig.ledger()).map((row) => row.event).sort()).toEqual(['deployment.succeeded', 'member.changed']);
  });

  test('a process that dies before the end of it has entered nothing, and the next one enters everything', async () => {
    await rig.make();
    await rig.happen();
    const broken = {
      transaction: (work: (tx: unknown) => Promise<unknown>) =>
        database.db.transaction(async (tx) => {
          await work(tx);
          throw new Error('killed');
        }),
    } as unknown as Database['db'];
    await expect(fanOut(broken)).rejects.toThrow('killed');
    expect(await rig.ledger()).toEqual([]);
    expect(await fanOut()).toBeGreaterThan(0);
    expect(await rig.ledger()).toHaveLength(1);
  });

  test('a cursor from another database begins at now instead of never', async () => {
    await rig.make();
    await database.db.update(settingsTable).set({ value: { xid: '99999999999', id: 1 } });
    await rig.happen();
    await fanOut();
    const second = await rig.happen();
    await fanOut();
    expect((await rig.ledger()).map((row) => row.eventId)).toEqual([second.id]);
  });

  test('a freeze that begins by the clock is told once, to those who asked for its environment', async () => {
    const freeze = async (name: string, environmentId: string | null) =>
      database.db.insert(freezes).values({
        id: newId('frz'),
        name,
        reason: 'Holidays',
        environmentId,
        timeZone: 'UTC',
        startsAt: '2026-01-01T00:00',
        durationMinutes: 60 * 24 * 365 * 50,
        createdBy: 'usr_x',
        createdByName: 'Grace',
      });
    await freeze('Long since', null);
    expect(await announceFreezes(database.db)).toBe(0);
    const production = await makeEnvironment(database.db, { slug: 'production' });
    await rig.make({ environmentPattern: 'production', events: ['freeze.begins'] });
    await rig.make({ name: 'Elsewhere', environmentPattern: 'staging' });
    await freeze('Year’s end', production.id);
    const told = await Promise.all(Array.from({ length: 4 }, () => announceFreezes(database.db)));
    expect(told.reduce((sum, each) => sum + each, 0)).toBe(1);
    expect(await announceFreezes(database.db)).toBe(0);
    await fanOut();
    expect((await rig.ledger()).map((row) => row.event)).toEqual(['freeze.begins']);
  });
});
