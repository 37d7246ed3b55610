import { execFileSync } from 'node:child_process';
import { cancelLateRun } from '@/lib/deployments/server';
import type { Verdict } from '../checker/history';
import { experiment, inWorld, judge, verdict } from '../experiment';
import { click, count, settled, until } from '../lab/clicks';
import type { Worker } from '../lab/worker-process';
import type { World } from '../lab/world';

const stands = (worker: Worker) =>
  execFileSync('ps', ['-o', 'stat=', '-p', String(worker.child.pid)], { encoding: 'utf8' })
    .trim()
    .startsWith('T');

const PAUSE = 'before-bytes-sent=pause@1';
/** Woken, it sends and is gone: nobody is left who would call its run off. */
const PAUSE_THEN_DIE = `${PAUSE},after-bytes-sent=kill@1`;

/** A process each that stands still between its last look at the clock and its request. */
async function stopEach(world: World, targetIds: string[], round: number, failpoints = PAUSE): Promise<Worker[]> {
  const stopped: Worker[] = [];
  for (const targetId of targetIds) {
    const worker = await world.startWorker({ failpoints });
    await click(world, targetId, `${targetId}-round-${round}`);
    if ((await until(async () => stands(worker), 20_000)) !== null) stopped.push(worker);
  }
  return stopped;
}

/** Whose marker more than one run carries that goes on, and that nobody has called off: how soon it stops then is the provider's. */
async function twoGoing(world: World): Promise<string[]> {
  const going = (await world.truth()).filter((run) => run.status !== 'completed' && !run.cancelledAt);
  const owners = going.map((run) => run.marker?.replace(/-\d+$/, '') ?? '');
  return owners.filter((owner, at) => owners.indexOf(owner) !== at);
}

interface Woken {
  /** How long two runs of one deployment went on at most before one was called off, from the last look at which it had one. Milliseconds. */
  two: number;
  /** Deployments of which two were seen going on. */
  doubles: number;
  second: number;
}

/** All wake at once. */
async function wake(world: World, stopped: Worker[]): Promise<Woken> {
  const before = (await world.truth()).length;
  const known = await calledOff(world);
  for (const worker of stopped) worker.child.kill('SIGCONT');
  const since = new Map<string, number>();
  let [looked, lastTwo, two] = [Date.now(), 0, 0];
  await until(
    async () => {
      const now = Date.now();
      for (const owner of await twoGoing(world)) {
        const from = since.get(owner) ?? looked;
        since.set(owner, from);
        lastTwo = Date.now();
        two = Math.max(two, lastTwo - from);
      }
      looked = now;
      const second = (await world.truth()).length - before;
      // Everybody has sent, and for two seconds nothing has been double any more.
      return second >= stopped.length && Date.now() > lastTwo + 2_000;
    },
    30_000,
    200,
  );
  const second = (await world.truth()).length - before;
  // Where the first run had ended meanwhile, nothing is double; its sender has the same time to call its own off.
  await until(async () => (await calledOff(world)) >= known + second, 15_000, 200);
  return { two, doubles: since.size, second };
}

interface Orphans {
  /** Senders that died with their request; one whose request had timed out when it woke sends nothing, and lives on. */
  died: number;
  runs: number;
  told: number;
  cancelled: number;
}

/**
 * Senders that die with their request, long after their deployment has ended: their runs are looked for and told by whoever
 * lives, and a person has them cancelled. The worker that lives looks every 15 s at first.
 */
async function dieWithTheirRequest(world: World, stopped: Worker[]): Promise<Orphans> {
  const known = new Set((await world.truth()).map(({ id }) => id));
  const orphans = async () => (await world.truth()).filter(({ id }) => !known.has(id));
  for (const worker of stopped) worker.child.kill('SIGCONT');
  await until(async () => !stopped.some((worker) => worker.alive()), 30_000, 200);
  const died = stopped.filter((worker) => !worker.alive()).length;
  await Promise.all(stopped.map((worker) => worker.kill()));
  await until(async () => (await orphans()).length >= died, 10_000, 200);
  const runs = (await orphans()).length;
  await until(async () => (await lateRuns(world)).length >= runs, 60_000, 500);
  const late = await lateRuns(world);
  for (const deploymentId of late) await cancelLateRun(world.people[0], { deploymentId }).catch(() => undefined);
  const cancelled = async () => (await orphans()).filter(({ conclusion }) => conclusion === 'cancelled').length;
  await until(async () => (await cancelled()) >= runs, 30_000, 200);
  return { died, runs, told: late.length, cancelled: await cancelled() };
}

async function lateRuns(world: World): Promise<string[]> {
  const { rows } = await world.runtime.database.pool.query<{ id: string }>(
    "select distinct resource_id as id from audit where action = 'deployment.late_run'",
  );
  return rows.map(({ id }) => id);
}

async function calledOff(world: World): Promise<number> {
  const { rows } = await world.runtime.database.pool.query<{ n: number }>(
    "select count(*)::int as n from audit where action = 'deployment.second_run'",
  );
  return rows[0]?.n ?? 0;
}

function ofOrphans({ died, runs, told, cancelled }: Orphans, dead: number): Verdict {
  return verdict(
    'a run whose sender died with its request was found, told, and cancelled by a person',
    [runs, told, cancelled].every((n) => n === died) && (died > 0 || dead === 1),
    `${died} of ${dead} senders died, ${runs} such runs, ${told} told, ${cancelled} cancelled`,
  );
}

export const stopped = experiment({
  name: 'stopped',
  promises: ['P4'],
  // Where the first runs have ended before the second ones start, nothing shows how long both would have gone on.
  short: { rounds: 1, batch: 2, dead: 1, settleSeconds: 5, pace: 1, double: 0 },
  full: { rounds: 17, batch: 12, dead: 4, settleSeconds: 5, pace: 8, double: 0.9 },
  title: ({ rounds, batch, dead }) =>
    `${rounds * batch} workers stopped before they send, woken long after their lease; ${dead} more die with their request`,
  run: ({ lab, say }, { rounds, batch, dead, settleSeconds, pace, double }) =>
    inWorld(lab, { targets: batch * rounds + dead, settleSeconds, pace, gate: true }, async (world) => {
      const doomed = await stopEach(world, world.estate.targetIds.slice(batch * rounds), 0, PAUSE_THEN_DIE);
      let orphans: Orphans = { died: 0, runs: 0, told: 0, cancelled: 0 };
      let longest = 0;
      let doubles = 0;
      let seconds = 0;
      let stoppedInAll = 0;
      for (let round = 0; round < rounds; round++) {
        const ids = world.estate.targetIds.slice(round * batch, (round + 1) * batch);
        const workers = await stopEach(world, ids, round);
        const healthy = await world.startWorker();
        await until(
          async () => (await count(world, 'remote_id is not null')) >= (round + 1) * batch + dead,
          90_000,
          200,
        );
        const woken = await wake(world, workers);
        longest = Math.max(longest, woken.two);
        doubles += woken.doubles;
        seconds += woken.second;
        stoppedInAll += workers.length;
        say(
          `round ${round + 1}: ${workers.length} stopped, ${woken.second} second runs, ${woken.doubles} beside a first one, for at most ${woken.two} ms`,
        );
        await Promise.all(workers.map((worker) => worker.kill()));
        if (round === 0) {
          await settled(world, batch + dead, 4 * 60_000, say);
          orphans = await dieWithTheirRequest(world, doomed);
        }
        if (round === rounds - 1) await settled(world, rounds * batch + dead, 4 * 60_000, say);
        await healthy.kill();
      }
      const told = await calledOff(world);
      return {
        verdicts: [
          verdict('every worker was stopped where it should', stoppedInAll === rounds * batch, stoppedInAll),
          verdict('every second run was found and is in the audit log', told === seconds, `${told} of ${seconds}`),
          verdict('second runs went on beside first ones', doubles >= double * seconds, `${doubles} of ${seconds}`),
          verdict('the second run was called off within 15 s', longest <= 15_000, `${longest} ms`),
          ofOrphans(orphans, dead),
          ...(await judge(world, { counts: (run) => run.conclusion !== 'cancelled' })),
        ],
        seen: {
          P4: `${stoppedInAll} stopped past their lease, ${seconds} sent a second run, each called off, ${doubles} beside a first one that went on: within ${(longest / 1000).toFixed(1)} s at most; of ${orphans.runs} whose sender died with its request ${orphans.told} were told and ${orphans.cancelled} cancelled by a person`,
        },
      };
    }),
});
