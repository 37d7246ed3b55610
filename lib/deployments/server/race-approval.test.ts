import { sql } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { ServiceContext } from '@/lib/auth/context';
import { grants } from '@/lib/db/schema';
import { readApprovals } from '@/lib/gates/server/approvals';
import { newId } from '@/lib/kernel/ids';
import { setGrants } from '@/lib/members/server';
import { recordCommits, rounds, stagger, takeCommits, waitingForLocks } from '../testing/commit-order';
import { type GateWorld, gateWorld } from '../testing/gate-world';
import { approve } from './approve';
import { advance, cancelDeployment } from './index';

let world: GateWorld;
let ben: ServiceContext;
let cleo: ServiceContext;

beforeAll(async () => {
  world = await gateWorld();
  await recordCommits(world);
  ben = await world.person('ben');
  cleo = await world.person('cleo');
  await world.person('root', 'admin');
});
afterAll(() => world.close());

/** A fresh request that waits for `required` people; whatever was there before is over. */
async function asked(required: number): Promise<string> {
  const { pool } = world.database;
  await pool.query('delete from attempts; delete from approvals');
  await pool.query(
    `update deployments set status = 'cancelled', next_check_at = null, deadline_at = null, attention = null`,
  );
  await world.database.db
    .insert(grants)
    .values({ id: newId('grt'), userId: 'user_ben', role: 'approver', environmentPattern: '*' })
    .onConflictDoNothing();
  await world.policy('staging', { approvals: required });
  return (await world.click()).deploymentId;
}

/** Whatever has passed the people has enough valid words for exactly what it is now. */
async function violations(id: string): Promise<string[]> {
  const row = await world.row(id);
  const required = row.policy?.approvals ?? 0;
  const { given } = await readApprovals(world.database.db, row, 'staging');
  const passed = !['awaiting_approval', 'cancelled', 'timed_out', 'rejected'].includes(row.status);
  return passed && given < required ? [`${row.status} with ${given} of ${required}`] : [];
}

const settled = <T>(work: Promise<T>) =>
  work.then(
    () => 'done',
    (error: { code?: string }) => error.code ?? 'unexpected',
  );
const FIGURE = { figure: 100, forMs: 1_500, atLeast: 12 };

describe('approvals cannot be raced', () => {
  test('against a change of the policy: what was approved before it does not pass after it', async () => {
    await rounds(FIGURE, async (n) => {
      const id = await asked(1);
      const digest = (await world.row(id)).approvalDigest ?? '';
      const [said] = await Promise.all([
        settled(stagger(n % 5).then(() => approve(ben, { deploymentId: id, digest }))),
        stagger((n * 3) % 7).then(() =>
          world.policy('staging', { approvals: 1, soakMinutes: 0, approvalHours: 1 + (n % 9) }),
        ),
      ]);
      expect(['done', 'approval_changed']).toContain(said);
      expect((await world.row(id)).status).toBe('awaiting_approval');
      await world.look(id);
      expect(await violations(id)).toEqual([]);
      expect(await world.attemptsOf(id)).toEqual([]);
    });
  }, 60_000);

  test('by one person twice, by session and by token', async () => {
    const token = world.tokenOf('ben', ['approve']);
    await rounds(FIGURE, async (n) => {
      const id = await asked(2);
      await Promise.all([
        settled(stagger(n % 4).then(() => world.approveAs(ben, id))),
        settled(stagger((n * 3) % 5).then(() => world.approveAs(token, id))),
        settled(world.approveAs(ben, id)),
      ]);
      expect(await world.standing(id)).toHaveLength(1);
      expect((await world.row(id)).status).toBe('awaiting_approval');
    });
  }, 60_000);

  test('by two people: both count, and it is queued once', async () => {
    await rounds(FIGURE, async (n) => {
      const id = await asked(2);
      const said = await Promise.all([
        settled(stagger(n % 4).then(() => world.approveAs(ben, id))),
        settled(stagger((n * 3) % 5).then(() => world.approveAs(cleo, id))),
      ]);
      expect(said).toEqual(['done', 'done']);
      expect((await world.row(id)).status).toBe('queued');
      expect((await world.timeline(id)).filter((kind) => kind === 'approve')).toHaveLength(1);
    });
  }, 60_000);

  test('against a cancel: what was called off is never sent', async () => {
    await rounds(FIGURE, async (n) => {
      const id = await asked(1);
      const before = world.vendor.requests;
      const [said, cancelled] = await Promise.all([
        settled(stagger(n % 5).then(() => world.approveAs(ben, id))),
        settled(stagger((n * 3) % 7).then(() => cancelDeployment(world.as('operator'), { deploymentId: id }))),
      ]);
      expect(cancelled).toBe('done');
      expect(['done', 'not_waiting']).toContain(said);
      expect((await world.look(id)).status).toBe('cancelled');
      expect(world.vendor.requests).toBe(before);
    });
  }, 60_000);

  test('against the loss of the role: nothing is sent on the word of somebody who had lost it', async () => {
    const root = world.as('admin', 'root');
    await rounds(FIGURE, async (n) => {
      const id = await asked(1);
      await takeCommits(world);
      const viewer = [{ role: 'viewer' as const, environmentPattern: '*' }];
      await Promise.all([
        settled(
          stagger(n % 5)
            .then(() => world.approveAs(ben, id))
            .then(() => advance(world.engine, id)),
        ),
        stagger((n * 3) % 23).then(() => setGrants(root, { userId: 'user_ben', grants: viewer })),
      ]);
      await world.look(id);
      const order = (await takeCommits(world)).map((each) => each.what);
      const [sent, lost] = [order.indexOf('dispatch'), order.indexOf('role')];
      expect(lost).toBeGreaterThanOrEqual(0);
      if (sent >= 0) expect(sent).toBeLessThan(lost);
      else expect((await world.row(id)).status).toBe('awaiting_approval');
    });
  }, 60_000);

  test('a dispatch waits for a role that is being taken away, and then does not send', async () => {
    const id = await asked(1);
    await world.approveAs(ben, id);
    const before = world.vendor.requests;
    let looked: Promise<unknown> | undefined;
    await world.database.db.transaction(async (tx) => {
      await tx.execute(sql`select 1 from users where id = 'user_ben' for update`);
      await tx.execute(sql`delete from grants where user_id = 'user_ben'`);
      looked = advance(world.engine, id);
      await expect
        .poll(async () => (await waitingForLocks(world)).some((query) => query.includes('"users"')), {
          timeout: 10_000,
        })
        .toBe(true);
    });
    await looked;
    expect((await world.row(id)).status).toBe('awaiting_approval');
    expect(world.vendor.requests).toBe(before);
  }, 30_000);

  test('at the edge of their time: it is either approved in time or over, never both', async () => {
    const seen = new Set<string>();
    await rounds({ ...FIGURE, atLeast: 20 }, async (n) => {
      const id = await asked(1);
      await world.database.db.execute(
        sql`update deployments set deadline_at = clock_timestamp() + make_interval(secs => ${(n % 10) / 100}) where id = ${id}`,
      );
      const [said] = await Promise.all([
        settled(stagger(n % 5).then(() => world.approveAs(ben, id))),
        stagger((n * 3) % 9).then(() => advance(world.engine, id)),
      ]);
      const { status } = await world.look(id);
      seen.add(said);
      if (said === 'done') expect(status).toBe('building');
      else {
        expect(['approval_expired', 'not_waiting']).toContain(said);
        expect(status).toBe('timed_out');
        expect(await world.standing(id)).toEqual([]);
      }
      expect(await violations(id)).toEqual([]);
    });
    expect(seen.size, 'both ends of the edge were met').toBeGreaterThan(1);
  }, 60_000);

  test('nor dispatched twice', async () => {
    await rounds(FIGURE, async (n) => {
      const id = await asked(1);
      await world.approveAs(ben, id);
      const before = world.vendor.requests;
      await Promise.all([
        stagger(n % 5).then(() => advance(world.engine, id)),
        stagger((n * 3) % 7).then(() => advance(world.engine, id)),
      ]);
      expect(world.vendor.requests).toBe(before + 1);
      expect(await world.attemptsOf(id)).toHaveLength(1);
    });
  }, 60_000);
});
