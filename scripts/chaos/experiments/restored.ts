import { experiment, inWorld, judge, verdict } from '../experiment';
import { age } from '../lab/age';
import { clickAll, count, settled, until } from '../lab/clicks';
import type { TrueRun } from '../lab/vendors';
import type { World } from '../lab/world';

export const owners = (runs: TrueRun[]) => new Set(runs.map((run) => run.marker?.replace(/-\d+$/, '')));

/** A copy of the database at a moment in which everything dies: some are queued, some being sent, some running. */
async function backUp(world: World, copy: (from: string, to: string) => Promise<string>): Promise<string> {
  const workers = [await world.startWorker(), await world.startWorker()];
  await until(
    async () => (await count(world, "status not in ('queued', 'submitting')")) > world.estate.targetIds.length / 3,
    60_000,
    50,
  );
  await Promise.all(workers.map((worker) => worker.kill()));
  return copy(world.database, `${world.database}_backup`);
}

export const restored = experiment({
  name: 'restored',
  promises: ['P25'],
  // More than two workers hold at once, so that some are unsent in the backup.
  short: { deployments: 24, settleSeconds: 5, hours: 30 },
  full: { deployments: 200, settleSeconds: 6, hours: 30 },
  title: ({ deployments, hours }) =>
    `a backup from the middle of ${deployments} deployments, restored ${hours} h later, after all of them ran`,
  run: ({ lab, say }, { deployments, settleSeconds, hours }) =>
    inWorld(lab, { targets: deployments, settleSeconds, pace: 0.05 }, async (world) => {
      await clickAll(world);
      const url = await backUp(world, (from, to) => lab.backUp(from, to));
      const unsent = await count(world, "status = 'queued'");
      await world.startWorker();
      await settled(world, deployments, 5 * 60_000, say);
      const before = await world.truth();
      // Older than any deadline of what waits: nothing may end before it was looked for.
      await age(url, hours);
      const { reconciled, dropped, says } = await workOn(world, url);
      const after = await world.truth();
      const resent = after.length - before.length;
      return {
        verdicts: [
          verdict('the backup is of the middle', unsent > 0 && unsent < deployments, `${unsent} were queued in it`),
          verdict('nothing is sent again', resent === 0 && owners(after).size === after.length, `${resent} sent again`),
          verdict('every deployment of the backup was reconciled or is asked about', reconciled, says),
          verdict('nothing ended because of its age', dropped === 0, `${dropped} ended at their deadline`),
          ...(await judge(world)),
        ],
        seen: {
          P25: `${deployments} deployments, ${unsent} of them unsent in a backup that is ${hours} h old: ${resent} sent again, ${dropped} dropped; restored: ${says}`,
        },
      };
    }),
});

/** Only a busy machine needs so much. */
const LIMIT_MS = 10 * 60_000;

/** A worker on the restored copy, until it has nothing to do any more by itself. */
export async function workOn(
  world: World,
  url: string,
): Promise<{ reconciled: boolean; dropped: number; says: string }> {
  const old = await world.runtimeOn(url);
  const worker = await world.startWorker({ databaseUrl: url });
  try {
    const busy = 'select 1 from deployments where next_check_at is not null and attention is null';
    const ended = await until(async () => (await old.database.pool.query(busy)).rowCount === 0, LIMIT_MS, 500);
    const { rows } = await old.database.pool.query<{ status: string; n: number }>(
      'select status, count(*)::int as n from deployments group by status',
    );
    const late = await old.database.pool.query("select 1 from deployments where failure_code = 'deadline'");
    return {
      reconciled: ended !== null,
      dropped: late.rowCount ?? 0,
      says: rows.map((row) => `${row.n} ${row.status}`).join(', '),
    };
  } finally {
    await worker.kill();
    await old.close().catch(() => {});
  }
}
