import { setTimeout as wait } from 'node:timers/promises';
import { allSucceeded, experiment, inWorld, judge, runCount, verdict, zeroZero } from '../experiment';
import { clickUntilAnswered, settled, until } from '../lab/clicks';
import type { World } from '../lab/world';
import { killAtRandom } from './kills';

async function lastEvent(world: World): Promise<number> {
  const { rows } = await world.runtime.database.pool.query<{ id: string }>(
    'select coalesce(max(id), 0) as id from events',
  );
  return Number(rows[0]?.id ?? 0);
}

export const postgres = experiment({
  name: 'postgres',
  promises: ['P5'],
  alone: true,
  short: { deployments: 24, restarts: 1, kills: 0, settleSeconds: 5 },
  full: { deployments: 1000, restarts: 4, kills: 20, settleSeconds: 6 },
  title: ({ deployments, restarts, kills }) =>
    `${deployments} deployments through ${restarts} immediate stops of Postgres and ${kills} kill -9`,
  run: ({ lab, say }, { deployments, restarts, kills, settleSeconds }) =>
    inWorld(lab, { targets: deployments, settleSeconds, pace: 0.1 }, async (world) => {
      const workers = [await world.startWorker(), await world.startWorker()];
      const killing = killAtRandom(world, workers, kills);
      killing.catch(() => {});
      let clicked = false;
      const clicking = (async () => {
        for (const id of world.estate.targetIds) await clickUntilAnswered(world, () => workers, id, `${id}-click`);
        clicked = true;
      })();
      clicking.catch(() => {});
      let changed = 0;
      let slowest = 0;
      for (let n = 0; n < restarts; n++) {
        await wait(2_000 + world.random() * (clicked ? 1_000 : 6_000));
        const { before, after } = await lab.crash();
        if (before !== after) changed += 1;
        const event = await lastEvent(world);
        const back = await until(async () => (await lastEvent(world)) > event, 30_000, 50);
        slowest = Math.max(slowest, back ?? 30_000);
        say(`Postgres is back (started ${before}, now ${after}), the engine moved on after ${back} ms`);
      }
      await killing;
      await clicking;
      await settled(world, deployments, 15 * 60_000, say);
      const saw = await runCount(world);
      return {
        verdicts: [
          verdict('every stop gave another server process', changed === restarts, `${changed} of ${restarts}`),
          verdict('the engine went on within 10 s', slowest <= 10_000, `${slowest} ms`),
          await allSucceeded(world, deployments),
          ...(await judge(world)),
        ],
        seen: {
          P5: `${deployments} deployments, ${restarts} immediate stops, ${kills} kills: ${zeroZero(saw)}; went on ${(slowest / 1000).toFixed(1)} s after Postgres at most`,
        },
      };
    }),
});
