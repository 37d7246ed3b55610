import { randomBytes } from 'node:crypto';
import { eq } from 'drizzle-orm';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createKeyRing } from '@/lib/connections/server';
import type { Database } from '@/lib/db/client';
import { audit, events, subscriptions } from '@/lib/db/schema';
import { openTestDatabase, personActor, testContext } from '@/lib/db/testing/context';
import { settled } from '@/lib/db/testing/settled';
import { ProviderError } from '@/lib/providers/port';
import { KEY, notificationRig, ok, PATH_CANARY, settings } from '../testing/rig';
import {
  deliverDue,
  fanOut,
  listSubscriptions,
  pruneNotifications,
  readLedger,
  removeSubscription,
  rewrapSubscriptions,
  switchSubscription,
  testSubscription,
  updateSubscription,
} from '.';

let database: Database;
let rig: ReturnType<typeof notificationRig>;
beforeEach(async () => {
  database = await openTestDatabase();
  rig = notificationRig(database);
  // The cursor stands at "now".
  await fanOut(database.db);
});
afterEach(() => database.close());

describe('secrets', () => {
  test('address and signing secret are in no row in clear, view, ledger, audit line, error or log', async () => {
    const written: string[] = [];
    const keep = (chunk: unknown) => written.push(String(chunk)) > 0;
    const [out, err] = [process.stdout.write, process.stderr.write];
    Object.assign(process.stdout, { write: keep });
    Object.assign(process.stderr, { write: keep });
    let secret = '';
    try {
      const made = await rig.make();
      secret = made.secret ?? '';
      await rig.happen();
      await settled(database);
      await fanOut(database.db);
      const faults = [
        () => Promise.reject(new ProviderError('unavailable', 'network', 'hooks.example cannot be reached.')),
        () => Promise.reject(new TypeError(`connect ECONNREFUSED https://hooks.example/${PATH_CANARY}`)),
        () => new Response(`you sent ${PATH_CANARY}`, { status: 400 }),
      ];
      for (const fault of faults) {
        await rig.due();
        await deliverDue(rig.outside(fault).ctx, settings);
        written.push(JSON.stringify(await rig.ledger()));
      }
      written.push(
        JSON.stringify(await listSubscriptions(rig.here())),
        JSON.stringify(await readLedger(rig.here(), { id: made.id, limit: 5 })),
      );
    } finally {
      Object.assign(process.stdout, { write: out });
      Object.assign(process.stderr, { write: err });
    }
    const tables = await Promise.all([subscriptions, audit, events].map((table) => database.db.select().from(table)));
    const everything = written.join('\n') + JSON.stringify(tables);
    expect(everything).toContain('hooks.example');
    expect(everything).not.toContain(PATH_CANARY);
    expect(everything).not.toContain(secret.slice(6, 30));
  });

  test('another origin gets a new secret; the same one keeps it; a copied row does not open', async () => {
    const { id } = await rig.make();
    const change = { id, name: 'Ops', events: ['*' as const], environmentPattern: '*' };
    const same = await updateSubscription(
      rig.here(),
      { ...change, version: 1, url: 'https://hooks.example/other' },
      settings,
    );
    expect(same).toEqual({ version: 2, secret: null });
    const moved = await updateSubscription(
      rig.here(),
      { ...change, version: 2, url: 'https://elsewhere.example/x' },
      settings,
    );
    expect(moved.secret).toMatch(/^whsec_/);
    await expect(updateSubscription(rig.here(), { ...change, version: 2 }, settings)).rejects.toMatchObject({
      code: 'changed_meanwhile',
    });
    const other = await rig.make({ name: 'Other', url: 'https://elsewhere.example/y' });
    const [from] = await database.db.select().from(subscriptions).where(eq(subscriptions.id, id));
    await database.db
      .update(subscriptions)
      .set({ sealedUrl: from?.sealedUrl ?? '' })
      .where(eq(subscriptions.id, other.id));
    await testSubscription(rig.here(), { id: other.id });
    const { ctx, sent } = rig.outside(ok);
    await deliverDue(ctx, settings);
    expect(sent).toEqual([]);
  });

  test.each([
    'http://hooks.example/x',
    'https://127.0.0.1/x',
    'https://user:pw@hooks.example/x',
    'https://intranet/x',
    'nonsense',
  ])('%s is refused with the field named', async (url) => {
    await expect(rig.make({ url })).rejects.toMatchObject({
      code: 'address_refused',
      fields: { url: expect.any(String) },
    });
  });

  test('one that is off is sent no test, and nothing says that it was; once it is on again it is sent', async () => {
    const { id } = await rig.make();
    await switchSubscription(rig.here(), { id, enabled: false });
    await expect(testSubscription(rig.here(), { id })).rejects.toMatchObject({
      kind: 'precondition',
      code: 'subscription_off',
      sentence: '“Ops” is off, so no test is sent. Turn it on first.',
    });
    expect(await rig.ledger()).toEqual([]);
    expect((await database.db.select().from(audit)).map((row) => row.action)).not.toContain('subscription.test');
    await switchSubscription(rig.here(), { id, enabled: true });
    const { notificationId } = await testSubscription(rig.here(), { id });
    expect(await rig.ledger()).toMatchObject([{ id: notificationId }]);
  });

  test('a new key takes over, and an unreadable secret is counted', async () => {
    await rig.make();
    await rig.make({ name: 'Slack', kind: 'slack' });
    const ring = createKeyRing(randomBytes(32), KEY);
    await expect(rewrapSubscriptions(database.db, ring)).resolves.toEqual({ moved: 3, unreadable: 0 });
    await expect(rewrapSubscriptions(database.db, ring)).resolves.toEqual({ moved: 0, unreadable: 0 });
    const lost = createKeyRing(randomBytes(32));
    await expect(rewrapSubscriptions(database.db, lost)).resolves.toEqual({ moved: 0, unreadable: 3 });
  });
});

describe('who may', () => {
  test.each(['viewer', 'operator', 'approver'] as const)('a %s may not even look', async (role) => {
    const ctx = testContext(database.db, { actor: personActor([{ role, environmentPattern: '*' }]) });
    const { id } = await rig.make({ name: `For ${role}` });
    for (const work of [
      () => listSubscriptions(ctx),
      () => readLedger(ctx, { id, limit: 1 }),
      () => testSubscription(ctx, { id }),
      () => switchSubscription(ctx, { id, enabled: false }),
      () => removeSubscription(ctx, { id, version: 1 }),
    ]) {
      await expect(work()).rejects.toMatchObject({ code: 'forbidden' });
    }
  });

  test('a removed one takes its ledger along, and the audit log keeps that it was there', async () => {
    const { id } = await rig.make();
    await testSubscription(rig.here(), { id });
    await removeSubscription(rig.here(), { id, version: 1 });
    expect(await rig.ledger()).toEqual([]);
    expect((await database.db.select().from(audit)).map((row) => row.action)).toEqual([
      'subscription.create',
      'subscription.test',
      'subscription.remove',
    ]);
    expect(await pruneNotifications(database.db)).toBe(0);
  });
});
