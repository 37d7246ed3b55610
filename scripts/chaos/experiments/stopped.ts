import { execFileSync } from 'node:child_process';
import { experiment, inWorld, judge, verdict } from '../experiment';
import { click, count, settled, until } from '../lab/clicks';
import type { Worker } from '../lab/worker-process';
import type { World } from '../lab/world';

const stands = (worker: Worker) =>
  execFileSync('ps', ['-o', 'stat=', '-p', String(worker.child.pid)], { encoding: 'utf8' })
    .trim()
    .startsWith('T');

/** A process each that stands still between its last look at the clock and its request. */
async function stopEach(world: World, targetIds: string[], round: number): Promise<Worker[]> {
  const stopped: Worker[] = [];
  for (const targetId of targetIds) {
    const worker = await world.startWorker({ failpoints: 'before-bytes-sent=pause@1' });
    await click(world, targetId, `${targetId}-round-${round}`);
    if ((await until(async () => stands(worker), 20_000)) !== null) stopped.push(worker);
  }
  return stopped;
}

/** Markers of which more than one run is going on. */
async function twoGoing(world: World): Promise<number> {
  const going = (await world.truth()).filter((run) => run.status !== 'completed');
  const owners = going.map((run) => run.marker?.replace(/-\d+$/, ''));
  return owners.length - new Set(owners).size;
}

/** All wake at once; how long two runs of one deployment went on at most. Milliseconds. */
async function wake(world: World, stopped: Worker[]): Promise<{ two: number; second: number }> {
  const before = (await world.truth()).length;
  for (const worker of stopped) worker.child.kill('SIGCONT');
  let lastTwo = 0;
  const begun = Date.now();
  await until(
    async () => {
      if ((await twoGoing(world)) > 0) lastTwo = Date.now() - begun;
      const second = (await world.truth()).length - before;
      // Everybody has sent, and for two seconds nothing has been double any more.
      return second >= stopped.length && Date.now() - begun > lastTwo + 2_000;
    },
    30_000,
    200,
  );
  return { two: lastTwo, second: (await world.truth()).length - before };
}

export const stopped = experiment({
  name: 'stopped',
  promises: ['P4'],
  short: { rounds: 1, batch: 2, settleSeconds: 5 },
  full: { rounds: 5, batch: 8, settleSeconds: 5 },
  title: ({ rounds, batch }) => `${rounds * batch} workers stopped before they send, woken long after their lease`,
  run: ({ lab, say }, { rounds, batch, settleSeconds }) =>
    inWorld(lab, { targets: batch * rounds, settleSeconds, pace: 1, gate: true }, async (world) => {
      let longest = 0;
      let seconds = 0;
      let stoppedInAll = 0;
      for (let round = 0; round < rounds; round++) {
        const ids = world.estate.targetIds.slice(round * batch, (round + 1) * batch);
        const workers = await stopEach(world, ids, round);
        const healthy = await world.startWorker();
        await until(async () => (await count(world, 'remote_id is not null')) >= (round + 1) * batch, 90_000, 200);
        const woken = await wake(world, workers);
        longest = Math.max(longest, woken.two);
        seconds += woken.second;
        stoppedInAll += workers.length;
        say(
          `round ${round + 1}: ${workers.length} stopped, ${woken.second} second runs, two going for ${woken.two} ms`,
        );
        await Promise.all(workers.map((worker) => worker.kill()));
        await settled(world, (round + 1) * batch, 3 * 60_000, say);
        await healthy.kill();
      }
      const { rows } = await world.runtime.database.pool.query<{ n: number }>(
        "select count(*)::int as n from audit where action = 'deployment.second_run'",
      );
      const calledOff = rows[0]?.n ?? 0;
      return {
        verdicts: [
          verdict('every worker was stopped where it should', stoppedInAll === rounds * batch, stoppedInAll),
          verdict(
            'every second run was found and is in the audit log',
            calledOff === seconds,
            `${calledOff} of ${seconds}`,
          ),
          verdict('two runs never went on for more than 15 s', longest <= 15_000, `${longest} ms`),
          ...(await judge(world, { counts: (run) => run.conclusion !== 'cancelled' })),
        ],
        seen: {
          P4: `${stoppedInAll} stopped past their lease, ${seconds} sent a second run, each cancelled; two went on for at most ${(longest / 1000).toFixed(1)} s`,
        },
      };
    }),
});
