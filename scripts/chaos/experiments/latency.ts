import { allSucceeded, experiment, inWorld, judge, verdict } from '../experiment';
import { clickInput, percentile, settled } from '../lab/clicks';

/** From the click's arrival to the request that starts the run, all clicks at once. */
export const latency = experiment({
  name: 'latency',
  promises: ['P19'],
  alone: true,
  short: null,
  full: { clicks: 100, limitMs: 2_000 },
  title: ({ clicks }) => `${clicks} clicks at once, until the provider is called`,
  run: ({ lab, say }, { clicks, limitMs }) =>
    inWorld(lab, { targets: clicks, gate: true }, async (world) => {
      const workers = await Promise.all([world.startWorker(), world.startWorker()]);
      const gate = world.gate();
      const clickedAt = new Map<string, number>();
      await Promise.all(
        world.estate.targetIds.map(async (id, at) => {
          const begun = Date.now();
          const answer = await workers[at % 2 === 0 ? 0 : 1].call('trigger', clickInput(world, id, `${id}-click`));
          const { deploymentId } = answer.body as { deploymentId: string };
          clickedAt.set(deploymentId.replace(/^dep_/, ''), begun);
        }),
      );
      await settled(world, clicks, 5 * 60_000, say);
      const waits = [...clickedAt].flatMap(([id, begun]) => {
        const sent = gate.seen.find((one) => one.method === 'POST' && one.body.includes(`aether-${id}-`));
        return sent ? [sent.at - begun] : [];
      });
      const p95 = percentile(waits, 0.95);
      return {
        verdicts: [
          verdict('every click became a request', waits.length === clicks, waits.length),
          verdict(`p95 at most ${limitMs / 1000} s`, p95 <= limitMs, `${p95} ms`),
          await allSucceeded(world, clicks),
          ...(await judge(world)),
        ],
        seen: { P19: `${clicks} at once: p50 ${percentile(waits, 0.5)} ms, p95 ${p95} ms` },
      };
    }),
});
