import { setTimeout as wait } from 'node:timers/promises';
import { allSucceeded, experiment, inWorld, judge, verdict } from '../experiment';
import { clickAll, settled } from '../lab/clicks';
import type { SeenRequest } from '../lab/provider-gate';

/** The most requests in any window of this length. */
function densest(requests: SeenRequest[], windowMs: number): number {
  let most = 0;
  let from = 0;
  for (const [at, request] of requests.entries()) {
    while ((requests[from]?.at ?? 0) <= request.at - windowMs) from += 1;
    most = Math.max(most, at - from + 1);
  }
  return most;
}

export const outage = experiment({
  name: 'outage',
  promises: ['P13'],
  short: { queue: 30, seconds: 18 },
  full: { queue: 500, seconds: 600 },
  title: ({ queue, seconds }) =>
    `provider down for ${seconds} s (refuses, hangs, 503) with ${queue} deployments queued`,
  run: ({ lab, say }, { queue, seconds }) =>
    inWorld(lab, { targets: queue, gate: true, settleSeconds: 6 }, async (world) => {
      const gate = world.gate();
      await clickAll(world);
      gate.set('refuse');
      const from = gate.seen.length;
      await Promise.all([world.startWorker(), world.startWorker()]);
      for (const mode of ['refuse', 'hang', '503'] as const) {
        gate.set(mode);
        say(`the provider: ${mode}`);
        await wait((seconds * 1000) / 3);
      }
      const down = gate.seen.slice(from);
      gate.set('none');
      const back = Date.now();
      const to = gate.seen.length;
      await settled(world, queue, 10 * 60_000, say);
      const drained = Math.round((Date.now() - back) / 1000);
      const posts = densest(
        down.filter((one) => one.method !== 'GET'),
        60_000,
      );
      const peak = densest(gate.seen.slice(to), 1000);
      const before = densest(down, 1000);
      return {
        verdicts: [
          verdict('at most 60 writes a minute while down', posts <= 60, posts),
          verdict('drained within 3 min', drained <= 180, `${drained} s`),
          verdict(
            'no herd when it is back',
            peak <= 100,
            `${peak} requests in the busiest second, ${before} while down`,
          ),
          await allSucceeded(world, queue),
          ...(await judge(world)),
        ],
        seen: {
          P13: `down ${seconds} s with ${queue} queued: ${posts} writes in the busiest minute, drained ${drained} s after, ${peak} requests in the busiest second`,
        },
      };
    }),
});
