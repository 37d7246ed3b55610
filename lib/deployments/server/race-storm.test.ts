import { sql } from 'drizzle-orm';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { ServiceContext } from '@/lib/auth/context';
import { deployments, freezes, pins } from '@/lib/db/schema';
import { endFreeze } from '@/lib/gates/server';
import { readApprovals } from '@/lib/gates/server/approvals';
import { type GateWorld, gateWorld } from '../testing/gate-world';
import {
  advance,
  cancelDeployment,
  cancelLateRun,
  liftPin,
  overrideFreeze,
  reject,
  resolveUnknown,
  rollBack,
  seekLateRuns,
  tickChecklist,
} from './index';

let world: GateWorld;
beforeAll(async () => {
  world = await gateWorld();
});
afterAll(() => world.close());

const SECONDS = 12;
const CHECKLIST = ['Backup taken'];
/** Two minutes later for one request that nobody knows the outcome of. */
const AGE = `update attempts set sent_at = sent_at - interval '2 minutes', answered_at = answered_at - interval '2 minutes',
  lease_until = lease_until - interval '2 minutes' where id =
  (select id from attempts where state = 'unknown' order by random() limit 1 for update skip locked)`;
const TARGETS = ['staging', 'production'] as const;
/** xorshift32: the same storm for the same seed, as far as the scheduler lets it. */
function dice(seed: number): (sides: number) => number {
  let state = seed || 1;
  return (sides) => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) % sides;
  };
}

/** Whoever came back to the queue after a request that did not leave is asked by the policy of today, and not sent yet. */
async function sentOnce(): Promise<Set<string>> {
  const { rows } = await world.database.pool.query<{ id: string }>(
    `select deployment_id as id from events where to_status in ('submitting', 'queued', 'awaiting_approval')
     group by 1 having max(id) = max(id) filter (where to_status = 'submitting')`,
  );
  return new Set(rows.map(({ id }) => id));
}

/** However few get through the storm on a starved machine, this one asked people before it was sent. */
async function approvedFirst(approver: ServiceContext): Promise<string> {
  for (const slug of TARGETS) await world.policy(slug, { approvals: 1 });
  const { deploymentId } = await world.click({ sha: '8'.repeat(40) });
  await world.approveAs(approver, deploymentId);
  expect((await world.look(deploymentId)).status).toBe('building');
  return deploymentId;
}

/** After the storm: what holds anything back is lifted, one more is asked for, and whatever stands open is seen to its end. */
async function calm(acts: Record<string, () => Promise<unknown>>): Promise<string> {
  const { db, pool } = world.database;
  const { vendor } = world;
  for (const name of ['thaw', 'lift']) await acts[name]?.();
  for (const slug of TARGETS) await world.policy(slug, { approvals: 0, checklist: [] });
  vendor.answers.length = 0;
  vendor.listable = true;
  const { deploymentId } = await world.click({ sha: '9'.repeat(40) });
  for (let round = 0; round < 500; round++) {
    const open = await db.select().from(deployments).where(sql`finished_at is null`).orderBy(sql`number`);
    if (open.length === 0) break;
    for (const run of vendor.runs) if (run.phase === 'queued') run.phase = 'done';
    await pool.query(AGE);
    for (const row of open) {
      const choice = { deploymentId: row.id, decision: 'give_up', reason: 'Calm' } as const;
      if (row.attention === 'unknown_outcome') await resolveUnknown(world.as('operator'), choice);
      else await advance(world.engine, row.id);
    }
  }
  return deploymentId;
}

test('everything at once: no deadlock, nothing lost, nothing sent without its approvals, and all of it ends once it is calm', async () => {
  const seed = Number(process.env.STORM_SEED ?? Date.now() % 1_000_000);
  const approvers = [await world.person('ben'), await world.person('cleo')] as const;
  const asked = await approvedFirst(approvers[0]);
  const roll = dice(seed);
  const surprises: string[] = [];
  const done = new Map<string, number>();
  const until = performance.now() + SECONDS * 1000;
  const one = async (where: string) =>
    (await world.database.db.select().from(deployments).where(sql.raw(where)).orderBy(sql`random()`).limit(1))[0];
  const pick = (status: string) => one(`status in (${status})`);
  const acts: Record<string, () => Promise<unknown>> = {
    click: () =>
      world.click({
        target: TARGETS[roll(2)] ?? 'staging',
        sha: String(roll(5)).repeat(40),
        inputs: { level: roll(2) ? 'info' : 'debug' },
        checklist: roll(4) ? CHECKLIST : [],
      }),
    look: async () => {
      const row = await pick(`'queued','submitting','building','verifying','cancelling','awaiting_approval'`);
      if (row) await advance(world.engine, row.id);
      for (const run of world.vendor.runs)
        if (run.phase === 'queued' && roll(2)) run.phase = roll(4) ? 'done' : 'failed';
    },
    approve: async () => {
      const row = await pick(`'awaiting_approval'`);
      if (row) await world.approveAs(approvers[roll(2)] ?? world.as('approver'), row.id);
    },
    reject: async () => {
      const row = await pick(`'awaiting_approval'`);
      const digest = row?.approvalDigest ?? '';
      if (row)
        await reject(approvers[roll(2)] ?? world.as('approver'), { deploymentId: row.id, digest, reason: 'Not now' });
    },
    tick: async () => {
      const row = await pick(`'queued','awaiting_approval'`);
      if (row) await tickChecklist(world.as('operator'), { deploymentId: row.id, items: CHECKLIST });
    },
    cancel: async () => {
      const row = await pick(`'queued','awaiting_approval','building'`);
      if (row) await cancelDeployment(world.as('operator'), { deploymentId: row.id });
    },
    lose: async () => {
      // One at a time: a pile of them would lose every request of the storm.
      world.vendor.answers = [roll(2) ? 'lost' : 'accepted-then-lost'];
      world.vendor.listable = roll(3) > 0;
    },
    age: () => world.database.pool.query(AGE),
    resolve: async () => {
      const row = await one("attention = 'unknown_outcome'");
      const decision = (['send_again', 'give_up', 'adopt'] as const)[roll(3)] ?? 'give_up';
      const run = world.vendor.runs.at(-1)?.id;
      if (row)
        await resolveUnknown(world.as('operator'), {
          deploymentId: row.id,
          decision,
          ...(decision === 'adopt' && run ? { remoteId: run } : {}),
          reason: 'I looked.',
        });
    },
    late: async () => {
      await seekLateRuns(world.engine);
      const row = await one("id in (select deployment_id from events where kind = 'late_run')");
      if (row) await cancelLateRun(world.as('operator'), { deploymentId: row.id });
    },
    freeze: () => world.freeze(([...TARGETS, null] as const)[roll(3)] ?? null),
    thaw: async () => {
      // All of them, each in an order of its own: freezes that pile up would let nobody ask for anything.
      const rows = await world.database.db.select().from(freezes).where(sql`ended_at is null`).orderBy(sql`random()`);
      for (const row of rows) await endFreeze(world.as('admin'), { freezeId: row.id, reason: 'Over' });
    },
    override: async () => {
      const row = await pick(`'queued','awaiting_approval'`);
      if (row) await overrideFreeze(world.as('admin'), { deploymentId: row.id, reason: 'An incident' });
    },
    lock: () => world.lock([{}, { environment: 'staging' as const }, { target: 'production' as const }][roll(3)] ?? {}),
    lift: async () => {
      const rows = await world.database.db.select().from(pins).where(sql`lifted_at is null`);
      for (const row of rows) await liftPin(world.as('admin'), { pinId: row.id });
    },
    policy: () =>
      world.policy(TARGETS[roll(2)] ?? 'staging', { approvals: roll(3), checklist: roll(4) ? [] : CHECKLIST }),
    back: async () => {
      const row = await pick(`'succeeded'`);
      if (row)
        await rollBack(world.as('operator'), {
          targetId: row.targetId,
          toDeploymentId: row.id,
          reason: 'Errors',
          idempotencyKey: `key-storm-${roll(1e9)}`,
        });
    },
  };
  /** What moves things comes more often than what holds them up, or little would ever be sent. */
  const often = ['look', 'look', 'look', 'look', 'click', 'click', 'thaw', 'lift', 'approve', 'age', 'resolve'];
  const names = [...Object.keys(acts), ...often, ...often, ...often];
  const worker = async () => {
    // On a starved machine it goes on until each of them has happened, within bounds.
    const missing = () => Object.keys(acts).some((name) => !done.has(name));
    while (performance.now() < until || (missing() && performance.now() < until + 3 * SECONDS * 1000)) {
      const name = names[roll(names.length)] ?? 'look';
      try {
        await acts[name]?.();
        done.set(name, (done.get(name) ?? 0) + 1);
      } catch (error) {
        // Refusals and lost races are answers; anything of the database's own is not.
        const cause =
          (error as { cause?: { code?: string } }).cause?.code ?? (error as { code?: string }).code ?? String(error);
        if (!/^[a-z_]+$/.test(cause)) surprises.push(`${name}: ${cause}`);
      }
    }
  };
  await Promise.all(Array.from({ length: 6 }, worker));
  const counts = JSON.stringify(Object.fromEntries(done));
  process.stdout.write(`storm, seed ${seed}: ${counts}, ${world.vendor.runs.length} runs\n`);
  expect(surprises, `seed ${seed}`).toEqual([]);
  for (const name of Object.keys(acts))
    expect(done.get(name) ?? 0, `${name} happened, seed ${seed}`).toBeGreaterThan(0);
  const last = await calm(acts);
  const rows = await world.database.db.select().from(deployments);
  const overdue = rows.filter((row) => row.nextCheckAt === null && row.finishedAt === null);
  expect(
    overdue.map((row) => row.id),
    'nobody looks at these any more',
  ).toEqual([]);
  const open = rows.filter((row) => row.finishedAt === null).map((row) => `#${row.number} ${row.status}`);
  expect(open, `nothing is left once it is calm, seed ${seed}`).toEqual([]);
  expect(rows.find((row) => row.id === last)?.status, `seed ${seed}`).toBe('succeeded');
  const sent = await sentOnce();
  expect(sent).toContain(asked);
  for (const row of rows) {
    const { given } = await readApprovals(world.database.db, row, 'any');
    const required = row.policy?.approvals ?? 0;
    if (sent.has(row.id)) expect(given, `#${row.number}, seed ${seed}`).toBeGreaterThanOrEqual(required);
  }
}, 180_000);
