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

/** The most tries that anything of it had, what is still open in the inbox, and what is still tried. */
async function setAside(world: World, poisoned: string[]): Promise<{ tries: number; open: number; left: number }> {
  const { rows } = await world.runtime.database.pool.query<{ tries: number; open: number }>(
    `select greatest((select max(trouble_count) from deployments where target_id = any($1)),
                     (select max(tries) from inbox), 0)::int as tries,
            (select count(*) from inbox where state = 'received')::int as open`,
    [poisoned],
  );
  return { tries: rows[0]?.tries ?? 0, open: rows[0]?.open ?? 0, left: await atWork(world, poisoned) };
}

export const poison = experiment({
  name: 'poison',
  promises: ['P22'],
  short: null,
  full: { good: 100, bad: 40 },
  title: ({ good, bad }) => `${bad + 10} poison items among ${good} good deployments`,
  // Both lines at the same time, so that whatever else the machine does slows both.
  run: ({ lab }, { good, bad }) =>
    inWorld(lab, { targets: good + bad, settleSeconds: 5 }, (calm) =>
      inWorld(lab, { targets: good + bad, settleSeconds: 5 }, async (world) => {
        const [poisoned, ids] = [world.estate.targetIds.slice(0, bad), world.estate.targetIds.slice(bad)];
        const [clean, mixed] = await Promise.all([
          throughTheLine(calm, calm.estate.targetIds, []),
          throughTheLine(world, ids, poisoned),
        ]);
        const { tries, open, left } = await setAside(world, poisoned);
        const [before, after] = [percentile(clean, 0.95), percentile(mixed, 0.95)];
        return {
          verdicts: [
            verdict(
              'every good one succeeded',
              mixed.length === good && clean.length === good + bad,
              `${mixed.length} of ${good}`,
            ),
            verdict(
              'poison is set aside after at most 3 tries',
              tries <= 3 && left === 0,
              `${tries} tries, ${left} still tried`,
            ),
            verdict('no delivery is stuck', open === 0, `${open} open`),
            verdict('the others’ p95 holds', after <= before * 1.5 + 2_000, `${before} ms without, ${after} ms with`),
            ...(await judge(world)).filter((one) => !one.name.startsWith('I1')),
          ],
          seen: {
            P22: `${bad + 10} poison items: at most ${tries} tries each; others’ p95 ${(before / 1000).toFixed(1)} s in a line of as many good ones and ${(after / 1000).toFixed(1)} s with them, side by side`,
          },
        };
      }),
    ),
});
