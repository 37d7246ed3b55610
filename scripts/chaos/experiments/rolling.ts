import { setTimeout as wait } from 'node:timers/promises';
import { allSucceeded, experiment, inWorld, judge, runCount, verdict, zeroZero } from '../experiment';
import { clickUntilAnswered, count, settled, until } from '../lab/clicks';

/** As an update of the console goes: a new process is there before an old one is asked to end. */
export const rolling = experiment({
  name: 'rolling',
  promises: ['P24'],
  short: { deployments: 24, pace: 0.2 },
  full: { deployments: 500, pace: 2 },
  title: ({ deployments }) => `rolling restart of 2 instances with ${deployments} deployments on their way`,
  run: ({ lab, say }, { deployments, pace }) =>
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
      await until(async () => (await count(world, 'true')) > deployments / 2, 5 * 60_000);
      let slowest = 0;
      for (const n of [0, 1]) {
        const old = workers[n];
        workers[n] = await world.startWorker();
        const begun = Date.now();
        await old?.end();
        slowest = Math.max(slowest, Date.now() - begun);
        await wait(1000);
      }
      await clicking;
      const inFlight = await count(world, 'next_check_at is not null');
      await settled(world, deployments, 15 * 60_000, say);
      const saw = await runCount(world);
      return {
        verdicts: [
          verdict('an old instance ends within 30 s', slowest <= 30_000, `${slowest} ms`),
          await allSucceeded(world, deployments),
          ...(await judge(world)),
        ],
        seen: { P24: `${deployments} deployments (${inFlight} still on their way after both): ${zeroZero(saw)}` },
      };
    }),
});
