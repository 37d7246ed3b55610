import { setTimeout as wait } from 'node:timers/promises';
import { allSucceeded, experiment, inWorld, judge, runCount, verdict, zeroZero } from '../experiment';
import { clickUntilAnswered, settled } from '../lab/clicks';
import { tcpProxy } from '../lab/tcp-proxy';

export const instances = experiment({
  name: 'instances',
  promises: ['P16'],
  short: { deployments: 30, partitionSeconds: 12 },
  full: { deployments: 1000, partitionSeconds: 60 },
  title: ({ deployments, partitionSeconds }) =>
    `3 instances, ${deployments} deployments, one of them cut off from Postgres for ${partitionSeconds} s`,
  run: ({ lab, say }, { deployments, partitionSeconds }) =>
    inWorld(lab, { targets: deployments, pace: 0.1 }, async (world) => {
      const proxy = await tcpProxy(Number(new URL(world.env.DATABASE_URL ?? '').port));
      try {
        const cut = await world.startWorker({ databasePort: proxy.port });
        const others = await Promise.all([world.startWorker(), world.startWorker()]);
        const partition = (async () => {
          await wait(1500);
          proxy.blackHole();
          await wait(partitionSeconds * 1000);
          proxy.mend();
        })();
        const ids = world.estate.targetIds;
        const clicks = async (offset: number) => {
          for (let at = offset; at < ids.length; at += 4)
            await clickUntilAnswered(
              world,
              () => (at % 3 === 0 ? [cut, ...others] : others),
              ids[at] ?? '',
              `${ids[at]}-click`,
            );
        };
        await Promise.all([0, 1, 2, 3].map(clicks));
        await partition;
        await settled(world, deployments, 10 * 60_000, say);
        const answers = await cut.call('ping', {});
        const saw = await runCount(world);
        return {
          verdicts: [
            verdict('the one that was cut off works again', answers.status === 200, answers.status),
            await allSucceeded(world, deployments),
            ...(await judge(world)),
          ],
          seen: {
            P16: `3 instances, ${deployments} deployments, one cut off for ${partitionSeconds} s: ${zeroZero(saw)}`,
          },
        };
      } finally {
        await proxy.close();
      }
    }),
});
