import { setTimeout as wait } from 'node:timers/promises';
import { allSucceeded, experiment, judge, runCount, type Stage, zeroZero } from '../experiment';
import { clickUntilAnswered, settled } from '../lab/clicks';
import type { Worker } from '../lab/worker-process';
import type { World } from '../lab/world';
import { FAULTS } from './faults';

/** Kills one of the workers at random moments, and starts another in its place. */
export async function killAtRandom(world: World, workers: Worker[], kills: number): Promise<void> {
  for (let killed = 0; killed < kills; killed++) {
    await wait(300 + world.random() * 2200);
    const victim = Math.floor(world.random() * workers.length);
    await workers[victim]?.kill();
    workers[victim] = await world.startWorker();
  }
}

/** The clicks go to the processes that are killed: a browser asks again with the same key. */
export const kills = experiment({
  name: 'kills',
  promises: ['P3'],
  short: { deployments: 24, kills: 5, settleSeconds: 6 },
  full: { deployments: 1000, kills: 40, settleSeconds: 12 },
  title: ({ deployments, kills: n }) => `${n} random kill -9 in ${deployments} deployments, every third answer faulty`,
  run: async ({ lab, say }: Stage, size) => {
    const world = await lab.world({ targets: size.deployments, settleSeconds: size.settleSeconds });
    try {
      await world.scenario(FAULTS);
      const workers = await Promise.all([world.startWorker(), world.startWorker()]);
      const killing = killAtRandom(world, workers, size.kills);
      killing.catch(() => {});
      for (const id of world.estate.targetIds) {
        await clickUntilAnswered(world, () => workers, id, `${id}-click`);
        await wait(world.random() * 40);
      }
      await killing;
      const begun = Date.now();
      await settled(world, size.deployments, 15 * 60_000, say);
      const seconds = Math.round((Date.now() - begun) / 1000);
      const saw = await runCount(world);
      return {
        verdicts: [await allSucceeded(world, size.deployments), ...(await judge(world))],
        seen: {
          P3: `random: ${size.kills} kills in ${size.deployments} deployments: ${zeroZero(saw)}, converged ${seconds} s after the last`,
        },
      };
    } finally {
      await world.close();
    }
  },
});
