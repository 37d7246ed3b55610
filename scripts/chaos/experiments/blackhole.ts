import { allSucceeded, experiment, inWorld, judge, verdict } from '../experiment';
import { clickAll, settled, until } from '../lab/clicks';
import { type TcpProxy, tcpProxy } from '../lab/tcp-proxy';
import type { Worker } from '../lab/worker-process';
import type { World } from '../lab/world';

/** How long a query that is under way takes to be given up by its own process. Milliseconds. */
async function noticed(worker: Worker): Promise<number> {
  const begun = Date.now();
  const answer = await worker.call('ping', {}).catch(() => null);
  return answer?.status === 200 ? 60_000 : Date.now() - begun;
}

/** How long the row stays locked that a transaction of the lost process held. Milliseconds. */
async function unlocked(world: World, targetId: string): Promise<number> {
  const sql = 'select id from targets where id = $1 for update nowait';
  const free = async () => (await world.runtime.database.pool.query(sql, [targetId])).rows.length === 1;
  return (await until(free, 60_000)) ?? 60_000;
}

async function round(world: World, proxy: TcpProxy, worker: Worker, n: number) {
  const targetId = world.estate.targetIds[n] ?? '';
  await worker.call('hold', { targetId });
  proxy.blackHole();
  const [seen, lock] = await Promise.all([noticed(worker), unlocked(world, targetId)]);
  proxy.mend();
  const back = await until(async () => (await worker.call('ping', {})).status === 200, 60_000);
  return { seen, lock, back: back ?? 60_000 };
}

export const blackhole = experiment({
  name: 'blackhole',
  promises: ['P6'],
  short: { rounds: 1, deployments: 10 },
  full: { rounds: 10, deployments: 100 },
  title: ({ rounds }) => `${rounds} black holes between a worker and Postgres`,
  run: ({ lab, say }, { rounds, deployments }) =>
    inWorld(lab, { targets: deployments, pace: 0.2 }, async (world) => {
      const proxy = await tcpProxy(Number(new URL(world.env.DATABASE_URL ?? '').port));
      try {
        const lost = await world.startWorker({ databasePort: proxy.port });
        await world.startWorker();
        await clickAll(world);
        const worst = { seen: 0, lock: 0, back: 0 };
        for (let n = 0; n < rounds; n++) {
          const saw = await round(world, proxy, lost, n);
          say(
            `noticed after ${saw.seen} ms, its lock was free after ${saw.lock} ms, back ${saw.back} ms after the mend`,
          );
          for (const key of ['seen', 'lock', 'back'] as const) worst[key] = Math.max(worst[key], saw[key]);
        }
        await settled(world, deployments, 3 * 60_000, say);
        return {
          verdicts: [
            verdict('noticed within 15 s', worst.seen <= 15_000, `${worst.seen} ms`),
            verdict('no lock or lease stuck for more than 45 s', worst.lock <= 45_000, `${worst.lock} ms`),
            // A connection that was asked for in the hole is given up after 10 s, and another one has to be made.
            verdict('back within 15 s after the mend', worst.back <= 15_000, `${worst.back} ms`),
            await allSucceeded(world, deployments),
            ...(await judge(world)),
          ],
          seen: {
            P6: `${rounds} black holes: noticed in ${(worst.seen / 1000).toFixed(1)} s, locks free in ${(worst.lock / 1000).toFixed(1)} s at most`,
          },
        };
      } finally {
        await proxy.close();
      }
    }),
});
