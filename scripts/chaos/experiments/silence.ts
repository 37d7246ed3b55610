import { setTimeout as wait } from 'node:timers/promises';
import { allSucceeded, experiment, inWorld, judge, verdict } from '../experiment';
import { clickAll, percentile, settled } from '../lab/clicks';

/** No webhook is ever delivered: how long after the provider's end is the deployment's end? */
export const silence = experiment({
  name: 'silence',
  promises: ['P8'],
  short: null,
  full: { deployments: 200, pace: 1 },
  title: ({ deployments }) => `${deployments} deployments without a single webhook`,
  run: ({ lab, say }, { deployments, pace }) =>
    inWorld(lab, { targets: deployments, pace }, async (world) => {
      await Promise.all([world.startWorker(), world.startWorker()]);
      const endedAt = new Map<string, number>();
      let watching = true;
      const watch = (async () => {
        while (watching) {
          for (const run of await world.truth())
            if (run.status === 'completed' && !endedAt.has(run.id)) endedAt.set(run.id, Date.now());
          await wait(250);
        }
      })();
      await clickAll(world);
      await settled(world, deployments, 10 * 60_000, say);
      watching = false;
      await watch;
      const { rows } = await world.runtime.database.pool.query<{ remote_id: string; finished_at: Date }>(
        'select remote_id, finished_at from deployments where finished_at is not null',
      );
      const lags = rows.map((row) => row.finished_at.getTime() - (endedAt.get(row.remote_id) ?? 0));
      const slowest = Math.max(...lags);
      return {
        verdicts: [
          verdict('right within 30 s', lags.length === deployments && slowest <= 30_000, `at most ${slowest} ms`),
          await allSucceeded(world, deployments),
          ...(await judge(world)),
        ],
        seen: {
          P8: `${deployments} deployments: right p50 ${(percentile(lags, 0.5) / 1000).toFixed(1)} s, at most ${(slowest / 1000).toFixed(1)} s after the provider`,
        },
      };
    }),
});
