import { setTimeout as wait } from 'node:timers/promises';
import { grants, users } from '@/lib/db/schema';
import { experiment, inWorld, judge, verdict } from '../experiment';
import { click } from '../lab/clicks';
import type { Worker } from '../lab/worker-process';
import type { World } from '../lab/world';

const PEOPLE = ['ana', 'bo', 'cy', 'di'];

interface Asked {
  deploymentId: string;
  digest: string;
}

interface Race {
  name: string;
  /** Everything at once; what each call answered does not matter, only what is true afterwards. */
  run(world: World, at: Worker[], asked: Asked, n: number): Promise<unknown>;
}

const approve = (at: Worker | undefined, { deploymentId, digest }: Asked, who: string) =>
  at?.call('approve', { deploymentId, digest, reason: '' }, who).catch(() => null);

/** All within moments of each other, each in its turn first: a call that is always the slowest never wins. */
const race = (world: World, ...calls: (() => unknown)[]) =>
  Promise.all(calls.map((call) => wait(world.random() * MOMENTS_MS).then(call)));
const MOMENTS_MS = 120;
/** For what would still stop a deployment between its quorum and its request: by then as often as not it has left. */
const later = (world: World, call: () => unknown) => () => wait(world.random() * 6 * MOMENTS_MS).then(call);

async function policyVersion(world: World): Promise<number> {
  const { rows } = await world.runtime.database.pool.query<{ v: number }>(
    "select policy_version as v from environments where id = 'env_chaos'",
  );
  return rows[0]?.v ?? 0;
}

async function setPolicy(world: World, at: Worker | undefined, approvalHours: number): Promise<void> {
  const policy = { ...POLICY, approvalHours };
  await at?.call('setPolicy', { environmentId: 'env_chaos', policyVersion: await policyVersion(world), policy });
}

const POLICY = {
  approvals: 2,
  approvalHours: 72,
  checks: 'ignore',
  afterEnvironmentId: null,
  soakMinutes: 0,
  checklist: [],
};
const approver = [{ role: 'approver', environmentPattern: '*' }];

const RACES: Race[] = [
  {
    name: 'one person twice, and the requester',
    run: (world, [a, b, c], asked) =>
      race(
        world,
        () => approve(a, asked, 'bo'),
        () => approve(b, asked, 'bo'),
        () => approve(c, asked, 'ana'),
      ),
  },
  {
    name: 'two approvals and a change of the policy',
    run: (world, [a, b, c], asked, n) =>
      race(
        world,
        () => approve(a, asked, 'bo'),
        later(world, () => setPolicy(world, b, 24 + (n % 600))),
        () => approve(c, asked, 'cy'),
      ),
  },
  {
    name: 'two approvals and a cancel',
    run: (world, [a, b, c], asked) =>
      race(
        world,
        () => approve(a, asked, 'bo'),
        later(world, () => c?.call('cancel', { deploymentId: asked.deploymentId })),
        () => approve(b, asked, 'cy'),
      ),
  },
  {
    name: 'an approver loses the role meanwhile',
    run: async (world, [a, b, c], asked) => {
      await approve(a, asked, 'bo');
      await race(
        world,
        () => c?.call('setGrants', { userId: 'user_bo', grants: [] }),
        () => approve(b, asked, 'cy'),
      );
      await wait(100);
      await c?.call('setGrants', { userId: 'user_bo', grants: approver });
    },
  },
  {
    name: 'the time to approve ends',
    run: async (world, [a, b], asked) => {
      const soon =
        "update deployments set deadline_at = now() + interval '200 milliseconds' where id = $1 and status = 'awaiting_approval'";
      await world.runtime.database.pool.query(soon, [asked.deploymentId]);
      await race(
        world,
        () => approve(a, asked, 'bo'),
        () => approve(b, asked, 'cy'),
      );
    },
  },
  {
    name: 'two rejections and approvals at once',
    run: (world, [a, b, c], asked) =>
      race(
        world,
        () => approve(a, asked, 'bo'),
        () => approve(b, asked, 'cy'),
        () => c?.call('reject', { ...asked, reason: 'Not this one' }, 'di'),
        () => approve(c, asked, 'di'),
      ),
  },
];

/** Only a person alone is never enough; all others are won by either side. */
const [ALONE] = RACES;

async function ask(world: World, targetId: string, n: number): Promise<Asked> {
  await click(world, targetId, `${targetId}-round-${n}`);
  const { rows } = await world.runtime.database.pool.query<{ id: string; digest: string }>(
    'select id, approval_digest as digest from deployments where idempotency_key = $1',
    [`${targetId}-round-${n}`],
  );
  return { deploymentId: rows[0]?.id ?? '', digest: rows[0]?.digest ?? '' };
}

/** Rounds take turns on so many sets of targets: what was sent in one runs on during the next ones. */
const PLACES = 4;
const targetOf = (world: World, place: number, which: number) =>
  world.estate.targetIds[place * RACES.length + which] ?? '';

/** How many of each race were sent. */
async function sentOf(world: World): Promise<number[]> {
  const { rows } = await world.runtime.database.pool.query<{ target: string; n: number }>(
    `select target_id as target, count(distinct d.id)::int as n from deployments d join attempts a on a.deployment_id = d.id group by 1`,
  );
  const sentAt = new Map(rows.map(({ target, n }) => [target, n]));
  return RACES.map((_, which) =>
    Array.from({ length: PLACES }, (_, place) => sentAt.get(targetOf(world, place, which)) ?? 0).reduce(
      (a, b) => a + b,
    ),
  );
}

/** Nothing stays in that place: what still waits for people is cancelled, what was approved runs to its end. */
async function clear(world: World, at: Worker | undefined, place: number): Promise<void> {
  const targetIds = RACES.map((_, which) => targetOf(world, place, which));
  const { pool } = world.runtime.database;
  for (let tries = 0; tries < 600; tries++) {
    const { rows } = await pool.query<{ id: string; status: string }>(
      'select id, status from deployments where next_check_at is not null and target_id = any($1)',
      [targetIds],
    );
    if (rows.length === 0) return;
    for (const row of rows.filter((each) => each.status === 'awaiting_approval'))
      await at?.call('cancel', { deploymentId: row.id });
    await wait(100);
  }
}

export const approvals = experiment({
  name: 'approvals',
  promises: ['P15'],
  short: null,
  full: { rounds: 1_000 },
  title: ({ rounds }) => `${rounds} rounds × ${RACES.length} races for the approval of one deployment`,
  run: ({ lab, say }, { rounds }) =>
    inWorld(lab, { targets: PLACES * RACES.length }, async (world) => {
      const { db } = world.runtime.database;
      await db.insert(users).values(PEOPLE.map((name) => ({ id: `user_${name}`, login: name, name })));
      await db.insert(grants).values(
        PEOPLE.map((name) => ({
          id: `grt_${name}`,
          userId: `user_${name}`,
          role: name === 'ana' ? ('admin' as const) : ('approver' as const),
          environmentPattern: '*',
        })),
      );
      const at = await Promise.all([world.startWorker(), world.startWorker(), world.startWorker({ works: false })]);
      await setPolicy(world, at[2], 72);
      for (let n = 0; n < rounds; n++) {
        await clear(world, at[2], n % PLACES);
        for (const [which, race] of RACES.entries()) {
          const asked = await ask(world, targetOf(world, n % PLACES, which), n);
          await race.run(world, at, asked, n * RACES.length + which);
        }
        if (n % 20 === 19) say(`${n + 1} of ${rounds} rounds`);
      }
      for (let place = 0; place < PLACES; place++) await clear(world, at[2], place);
      const sent = await sentOf(world);
      const { rows } = await world.runtime.database.pool.query<{ status: string; n: number }>(
        'select status, count(*)::int as n from deployments group by status order by 1',
      );
      const verdicts = await judge(world);
      const quorum = verdicts.find((one) => one.name.startsWith('I5'));
      const says = rows.map((row) => `${row.n} ${row.status}`).join(', ');
      return {
        verdicts: [
          ...RACES.map((each, which) =>
            each === ALONE
              ? verdict(`${each.name}: never sent`, sent[which] === 0, sent[which] ?? 0)
              : verdict(
                  `${each.name}: won by either side`,
                  (sent[which] ?? 0) >= rounds / 50 && (sent[which] ?? 0) <= rounds * 0.98,
                  `${sent[which]} of ${rounds} sent`,
                ),
          ),
          ...verdicts,
        ],
        seen: {
          P15: `${rounds} rounds × ${RACES.length} races: ${quorum?.passed ? 0 : quorum?.detail} sent without quorum (${sent.reduce((sum, each) => sum + each, 0)} sent: ${sent.join(', ')}; ${says})`,
        },
      };
    }),
});
