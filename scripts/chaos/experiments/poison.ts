import { experiment, inWorld, judge, verdict } from '../experiment';
import { clickAll, percentile, until } from '../lab/clicks';
import type { World } from '../lab/world';

/** Rows as a bug, a bad migration or a wrong hand in the database would leave them. */
const POISONS = [
  "update deployments set dispatch = 'null'::jsonb, look_first = true where id = any($1)",
  "update deployments set config = '[]'::jsonb where id = any($1)",
  "update deployments set connection_id = 'con_gone' where id = any($1)",
];

async function poisonThem(world: World, targetIds: string[]): Promise<void> {
  const { pool } = world.runtime.database;
  const { rows } = await pool.query<{ id: string }>('select id from deployments where target_id = any($1)', [
    targetIds,
  ]);
  for (const [at, sql] of POISONS.entries())
    await pool.query(sql, [rows.filter((_, n) => n % POISONS.length === at).map((row) => row.id)]);
  for (let n = 0; n < 5; n++) {
    await world.runtime.boss.send('deployment', { nothing: String(n) }, { singletonKey: `poison-${n}` });
    await pool.query(
      `insert into inbox (id, connection_id, provider_id, delivery_id, event, bytes, body, state, received_at)
       values ($1, null, 'gone', $1, 'x', 1, '\\x00', 'received', now() - interval '1 minute')`,
      [`hook_poison_${n}`],
    );
  }
}

/** From the first worker's start to each one's end. Milliseconds. */
async function waits(world: World, targetIds: string[], begun: number): Promise<number[]> {
  const { rows } = await world.runtime.database.pool.query<{ finished_at: Date | null }>(
    "select finished_at from deployments where target_id = any($1) and status = 'succeeded'",
    [targetIds],
  );
  return rows.map((row) => (row.finished_at?.getTime() ?? 0) - begun);
}

/** One group of deployments through one worker; with or without poison among them. */
async function throughTheLine(world: World, good: string[], bad: string[]): Promise<number[]> {
  await clickAll(world, [...bad, ...good]);
  if (bad.length > 0) await poisonThem(world, bad);
  const begun = Date.now();
  const worker = await world.startWorker();
  await until(async () => (await waits(world, good, begun)).length === good.length, 120_000, 250);
  const seen = await waits(world, good, begun);
  if (bad.length > 0) await until(async () => (await atWork(world, bad)) === 0, 60_000, 250);
  await worker.kill();
  return seen;
}

/** Poison that is still tried: not ended, not shown to a person, and looked at again within a minute. */
async function atWork(world: World, bad: string[]): Promise<number> {
  const { rows } = await world.runtime.database.pool.query<{ n: number }>(
    `select count(*)::int as n from deployments where target_id = any($1)
     and next_check_at is not null and attention is null and next_check_at < now() + interval '1 minute'`,
    [bad],
  );
  return rows[0]?.n ?? 0;
}

export const poison = experiment({
  name: 'poison',
  promises: ['P22'],
  short: { good: 20, bad: 9 },
  full: { good: 100, bad: 40 },
  title: ({ good, bad }) => `${bad + 10} poison items among ${good} good deployments`,
  run: ({ lab }, { good, bad }) =>
    inWorld(lab, { targets: good * 2 + bad, settleSeconds: 5 }, async (world) => {
      const ids = world.estate.targetIds;
      const clean = await throughTheLine(world, ids.slice(0, good), []);
      const poisoned = ids.slice(good, good + bad);
      const mixed = await throughTheLine(world, ids.slice(good + bad), poisoned);
      const { rows } = await world.runtime.database.pool.query<{ tries: number; open: number }>(
        `select coalesce(max(trouble_count), 0)::int as tries from deployments where target_id = any($1)`,
        [poisoned],
      );
      const inbox = await world.runtime.database.pool.query<{ tries: number; open: number }>(
        "select max(tries)::int as tries, count(*) filter (where state = 'received')::int as open from inbox",
      );
      const tries = Math.max(rows[0]?.tries ?? 0, inbox.rows[0]?.tries ?? 0);
      const left = await atWork(world, poisoned);
      const [before, after] = [percentile(clean, 0.95), percentile(mixed, 0.95)];
      return {
        verdicts: [
          verdict(
            'every good one succeeded',
            mixed.length === good && clean.length === good,
            `${mixed.length} of ${good}`,
          ),
          verdict(
            'poison is set aside after at most 3 tries',
            tries <= 3 && left === 0,
            `${tries} tries, ${left} still tried`,
          ),
          verdict('no delivery is stuck', inbox.rows[0]?.open === 0, `${inbox.rows[0]?.open} open`),
          // The poison's own share of the work is part of the wait; what must not happen is that good ones queue behind it.
          verdict('the others’ p95 holds', after <= before * 2 + 2_000, `${before} ms without, ${after} ms with`),
          ...(await judge(world)).filter((one) => !one.name.startsWith('I1')),
        ],
        seen: {
          P22: `${bad + 10} poison items: at most ${tries} tries each; others’ p95 ${(before / 1000).toFixed(1)} s without and ${(after / 1000).toFixed(1)} s with them`,
        },
      };
    }),
});
