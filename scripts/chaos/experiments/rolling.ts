import { setTimeout as wait } from 'node:timers/promises';
import { allSucceeded, experiment, inWorld, judge, runCount, verdict, zeroZero } from '../experiment';
import { clickUntilAnswered, count, settled, until } from '../lab/clicks';

/** As an update of the console goes: a new process is there before an old one is asked to end. */
export const rolling = experiment({
  name: 'rolling',
  promises: ['P24'],
  short: { deployments: 24, flying: 2, pace: 0.2 },
  full: { deployments: 700, flying: 500, pace: 6 },
  title: ({ deployments, flying }) =>
    `rolling restart of 2 instances while ${flying} deployments are on their way, ${deployments} in all`,
  run: ({ lab, say }, { deployments, flying, pace }) =>
    inWorld(lab, { targets: deployments, pace }, async (world) => {
      const workers = await Promise.all([world.startWorker(), world.startWorker()]);
      const clicking = Promise.all(
        [0, 1, 2, 3, 4, 5].map(async (offset) => {
          for (let at = offset; at < deployments; at += 6) {
            const id = world.estate.targetIds[at] ?? '';
            await clickUntilAnswered(world, () => workers, id, `${id}-click`);
          }
        }),
      );
      clicking.catch(() => {});
      const onTheirWay = () => count(world, 'next_check_at is not null');
      await until(async () => (await onTheirWay()) >= flying * 1.1, 5 * 60_000);
      let slowest = 0;
      let fewest = Number.POSITIVE_INFINITY;
      for (const n of [0, 1]) {
        const old = workers[n];
        workers[n] = await world.startWorker();
        fewest = Math.min(fewest, await onTheirWay());
        const begun = Date.now();
        await old?.end();
        slowest = Math.max(slowest, Date.now() - begun);
        await wait(1000);
      }
      await clicking;
      await settled(world, deployments, 15 * 60_000, say);
      const saw = await runCount(world);
      return {
        verdicts: [
          verdict('an old instance ends within 30 s', slowest <= 30_000, `${slowest} ms`),
          verdict(`${flying} are on their way at both ends`, fewest >= flying, fewest),
          await allSucceeded(world, deployments),
          ...(await judge(world)),
        ],
        seen: {
          P24: `${deployments} deployments, at least ${fewest} on their way when an instance ended: ${zeroZero(saw)}`,
        },
      };
    }),
});
