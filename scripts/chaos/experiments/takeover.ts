import { setTimeout as wait } from 'node:timers/promises';
import { allSucceeded, experiment, inWorld, judge, verdict } from '../experiment';
import { click, percentile, settled } from '../lab/clicks';
import type { World } from '../lab/world';

async function inHand(world: World): Promise<string[]> {
  const { rows } = await world.runtime.database.pool.query<{ id: string }>(
    "select id from attempts where state = 'sending'",
  );
  return rows.map((row) => row.id);
}

/** For each attempt that died with its process: when somebody else has taken it up. Milliseconds since the death. */
async function takenUp(world: World, orphans: string[], diedAt: number): Promise<number[]> {
  const waits: number[] = [];
  let left = new Set(orphans);
  while (left.size > 0 && Date.now() - diedAt < 90_000) {
    const now = new Set(await inHand(world));
    for (const id of left) if (!now.has(id)) waits.push(Date.now() - diedAt);
    left = new Set([...left].filter((id) => now.has(id)));
    await wait(100);
  }
  return [...waits, ...Array.from(left, () => 90_000)];
}

export const takeover = experiment({
  name: 'takeover',
  promises: ['P7'],
  short: { rounds: 1, batch: 6 },
  full: { rounds: 12, batch: 8 },
  title: ({ rounds, batch }) => `${rounds} workers killed with up to ${batch} claimed deployments in hand`,
  run: ({ lab, say }, { rounds, batch }) =>
    inWorld(lab, { targets: rounds * batch, settleSeconds: 5 }, async (world) => {
      const waits: number[] = [];
      for (let round = 0; round < rounds; round++) {
        const ids = world.estate.targetIds.slice(round * batch, (round + 1) * batch);
        await Promise.all(ids.map((id) => click(world, id, `${id}-click`)));
        // It stands still in the moment before it would be killed, so that everything it claimed is in its hand.
        const doomed = await world.startWorker({ failpoints: `after-claim-commit=kill@${batch}` });
        await Promise.race([doomed.gone, wait(20_000)]);
        const diedAt = Date.now();
        const orphans = await inHand(world);
        await doomed.kill();
        const heir = await world.startWorker();
        waits.push(...(await takenUp(world, orphans, diedAt)));
        await settled(world, (round + 1) * batch, 2 * 60_000, say);
        await heir.kill();
      }
      const p99 = percentile(waits, 0.99);
      return {
        verdicts: [
          verdict('some work was orphaned', waits.length > 0, waits.length),
          verdict('taken up within 45 s (p99)', p99 <= 45_000, `${p99} ms`),
          await allSucceeded(world, rounds * batch),
          ...(await judge(world)),
        ],
        seen: {
          P7: `${waits.length} orphans of ${rounds} dead workers: p50 ${(percentile(waits, 0.5) / 1000).toFixed(1)} s, p99 ${(p99 / 1000).toFixed(1)} s`,
        },
      };
    }),
});
