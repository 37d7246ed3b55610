import { allSucceeded, experiment, judge, runCount, zeroZero } from '../experiment';
import { clickAll, settled } from '../lab/clicks';

/** As in the promise; the lag of the list must end within the settle time. */
export const FAULTS = {
  acceptThen502: 0.1,
  acceptThenCut: 0.05,
  acceptThenStall: 0.05,
  acceptThenStallMs: 15_000,
  refuse: 0.1,
  listLagMs: 1500,
};

export const faults = experiment({
  name: 'faults',
  promises: ['P2'],
  short: { deployments: 30, settleSeconds: 6, listLagMs: 2000 },
  full: { deployments: 1000, settleSeconds: 12, listLagMs: 8000 },
  title: ({ deployments, listLagMs }) =>
    `provider faults: ${deployments} deployments, every third answer wrong after it was accepted or refused, list ${listLagMs / 1000} s late`,
  run: async ({ lab, say }, { deployments, settleSeconds, listLagMs }) => {
    const world = await lab.world({ targets: deployments, settleSeconds });
    try {
      await world.scenario({ ...FAULTS, listLagMs });
      await Promise.all([world.startWorker(), world.startWorker()]);
      await clickAll(world);
      await settled(world, deployments, 15 * 60_000, say);
      const saw = await runCount(world);
      return {
        verdicts: [await allSucceeded(world, deployments), ...(await judge(world))],
        seen: { P2: `${zeroZero(saw)} of ${deployments}, list up to ${listLagMs / 1000} s late` },
      };
    } finally {
      await world.close();
    }
  },
});
