import { sql } from 'drizzle-orm';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { freezes, pins } from '@/lib/db/schema';
import { lock } from '@/lib/gates/server';
import { recordCommits, rounds, stagger, takeCommits, waitingForLocks } from '../testing/commit-order';
import { type GateWorld, gateWorld } from '../testing/gate-world';
import { claim } from './claim';
import { advance, cancelDeployment, rollBack } from './index';

let world: GateWorld;
let seed: string;

beforeAll(async () => {
  world = await gateWorld();
  await recordCommits(world);
  seed = (await world.click()).deploymentId;
});
afterAll(() => world.close());
beforeEach(async () => {
  await again();
  await takeCommits(world);
});

/** The same deployment, queued once more, with nothing in its way. */
async function again(): Promise<void> {
  const { pool, db } = world.database;
  await db.delete(freezes);
  await db.delete(pins);
  await pool.query('delete from attempts');
  await pool.query(
    `update deployments set status = 'cancelled', next_check_at = null, deadline_at = null, attention = null where id <> $1`,
    [seed],
  );
  await pool.query(
    `update deployments set status = 'queued', remote_id = null, cancel_sent_at = null, started_at = null, deadline_at = now() + interval '1 hour', waiting_for = null,
       next_check_at = now(), finished_at = null, freeze_override = null where id = $1`,
    [seed],
  );
}

async function dispatch() {
  return claim(world.engine, await world.row(seed), null);
}

/**
 * The thousands of them are `npm run chaos`; these have a vendor that can be told when to answer. Without the lock one of
 * five rounds breaks (docs/gates.md), so thirty tell.
 */
const FIGURE = { figure: 200, forMs: 3_000, atLeast: 30 };

describe('of a dispatch and what forbids it', () => {
  test.each([
    ['freeze', 'freeze', () => world.freeze('staging')],
    ['freeze of everything', 'freeze', () => world.freeze(null)],
    ['lock', 'pin', () => lock(world.as('admin'), { targetId: 'tgt_staging', reason: 'Audit week' })],
  ] as const)(
    'no dispatch commits after a %s has',
    async (_name, what, forbid) => {
      const seen = { before: 0, held: 0, after: 0 };
      const done = await rounds(FIGURE, async (n) => {
        await again();
        await takeCommits(world);
        await Promise.all([stagger(n % 7).then<unknown>(forbid), stagger((n * 3) % 11).then(dispatch)]);
        const order = (await takeCommits(world)).map((each) => each.what);
        const [sent, forbidden] = [order.indexOf('dispatch'), order.indexOf(what)];
        expect(forbidden).toBeGreaterThanOrEqual(0);
        if (sent < 0) seen.held++;
        else if (sent < forbidden) seen.before++;
        else seen.after++;
      });
      process.stdout.write(
        `${done} rounds: ${seen.before} sent before the ${what}, ${seen.held} held, ${seen.after} sent after
`,
      );
      expect(seen.after).toBe(0);
      expect(seen.before + seen.held).toBe(done);
      expect((await world.row(seed)).status).toMatch(/queued|submitting/);
    },
    60_000,
  );

  test('a claim waits for a freeze that is being committed, and sees it', async () => {
    const { db } = world.database;
    let claimed: ReturnType<typeof dispatch> | undefined;
    await db.transaction(async (tx) => {
      await tx.execute(sql`select 1 from environments where id = 'env_staging' for update`);
      claimed = dispatch();
      await expect
        .poll(async () => (await waitingForLocks(world)).some((query) => query.includes('for share')), {
          timeout: 10_000,
        })
        .toBe(true);
      await tx.insert(freezes).values({
        id: 'frz_now',
        name: 'Now',
        reason: 'An incident',
        timeZone: 'UTC',
        startsAt: '2020-01-01T00:00',
        durationMinutes: 1440,
        recurrence: 'FREQ=DAILY',
        createdBy: 'user_admin',
        createdByName: 'admin',
      });
    });
    expect(await claimed).toEqual({ kind: 'waits' });
    expect((await world.row(seed)).waitingFor).toMatch(/^Frozen by admin: Now/);
  });
});

describe('of two', () => {
  test('dispatches of one deployment one sends', async () => {
    await rounds({ figure: 100, forMs: 2_500, atLeast: 20 }, async (n) => {
      await again();
      const before = world.vendor.requests;
      await Promise.all([advance(world.engine, seed), stagger(n % 9).then(() => advance(world.engine, seed))]);
      expect(world.vendor.requests).toBe(before + 1);
      expect(await world.attemptsOf(seed)).toHaveLength(1);
    });
  }, 40_000);

  test('clicks of one content one makes the deployment', async () => {
    await rounds({ figure: 50, forMs: 2_500, atLeast: 15 }, async (n) => {
      await world.database.pool.query(
        `update deployments set status = 'cancelled', next_check_at = null, deadline_at = null, attention = null`,
      );
      const made = await Promise.all([world.click(), stagger(n % 5).then(() => world.click()), world.click()]);
      expect(new Set(made.map((each) => each.deploymentId)).size).toBe(1);
      expect(made.filter((each) => each.outcome === 'created')).toHaveLength(1);
    });
  }, 40_000);

  test('cancel and dispatch: a cancelled deployment has no run that nobody cancels', async () => {
    await rounds({ figure: 100, forMs: 2_500, atLeast: 20 }, async (n) => {
      await again();
      const before = world.vendor.runs.length;
      await Promise.all([
        stagger(n % 6).then(() => cancelDeployment(world.as('operator'), { deploymentId: seed })),
        stagger((n * 5) % 7).then(() => advance(world.engine, seed)),
      ]);
      const row = await world.look(seed);
      expect(row.status).toBe('cancelled');
      const started = world.vendor.runs.slice(before);
      expect(started.every((run) => run.phase === 'cancelled')).toBe(true);
    });
  }, 40_000);

  test('roll-back and deploy: what was asked before the pin is held by it, what comes after is refused', async () => {
    await world.database.pool.query(`delete from freezes`);
    const old = await world.deployed('done', { inputs: { level: 'debug' } });
    await world.deployed('done', { sha: 'd'.repeat(40) });
    await rounds({ figure: 60, forMs: 2_500, atLeast: 12 }, async (n) => {
      await again();
      await world.database.pool.query(
        `update deployments set status = 'succeeded' where id in (select id from deployments where sha = $1 or id = $2)`,
        ['d'.repeat(40), old],
      );
      const input = { targetId: 'tgt_staging', toDeploymentId: old, reason: 'Errors', idempotencyKey: `key-back-${n}` };
      const [back, deploy] = await Promise.allSettled([
        stagger(n % 4).then(() => rollBack(world.as('operator'), input)),
        stagger((n * 3) % 5).then(() => world.click({ sha: 'e'.repeat(40) })),
      ]);
      expect(back.status).toBe('fulfilled');
      if (deploy.status === 'rejected') expect(deploy.reason).toMatchObject({ code: 'pinned_rollback' });
      else expect((await world.look(deploy.value.deploymentId)).waitingFor).toMatch(/^Held after a roll-back/);
      if (back.status === 'fulfilled') await world.database.pool.query(`delete from attempts`);
    });
  }, 40_000);
});
