import { allSucceeded, experiment, judge, runCount, verdict } from '../experiment';
import { click, count, settled } from '../lab/clicks';

/** Two people, two clicks each with one key, all at once, on every target: one run each. */
export const clicks = experiment({
  name: 'clicks',
  promises: ['P1'],
  short: null,
  // At this pace a run outlasts the clicks on a busy machine, too: one that comes after its end rightly asks for another.
  full: { targets: 1000, pace: 0.2 },
  title: ({ targets }) => `double clicks: ${targets} targets × 4 clicks of two people`,
  run: async ({ lab, say }, { targets, pace }) => {
    const world = await lab.world({ targets, pace });
    try {
      await Promise.all([world.startWorker(), world.startWorker()]);
      const ids = world.estate.targetIds;
      for (let at = 0; at < ids.length; at += 15) {
        const four = ids
          .slice(at, at + 15)
          .flatMap((id) => ([0, 0, 1, 1] as const).map((who) => click(world, id, `${id}-of-${who}`, who)));
        await Promise.all(four);
      }
      const all = await settled(world, targets, 10 * 60_000, say);
      const intents = await count(world, 'true');
      const { runs } = await runCount(world);
      return {
        verdicts: [
          verdict('as many intents as targets', all && intents === targets, `${intents} of ${targets}`),
          await allSucceeded(world, targets),
          ...(await judge(world)),
        ],
        seen: { P1: `${targets * 4} clicks on ${targets} targets: ${intents} intents, ${runs} runs` },
      };
    } finally {
      await world.close();
    }
  },
});
