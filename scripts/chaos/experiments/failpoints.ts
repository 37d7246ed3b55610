import { FAILPOINTS, type Failpoint } from '@/lib/kernel/failpoint';
import { allSucceeded, experiment, judge, runCount, verdict, zeroZero } from '../experiment';
import { clickUntilAnswered, settled } from '../lab/clicks';
import { simulatedProviders } from '../lab/estate';
import type { Worker } from '../lab/worker-process';
import type { World } from '../lab/world';

/** Where the click's own transaction dies; the others die in the engine. */
const AT_THE_CLICK: readonly Failpoint[] = ['before-intent-commit', 'after-intent-commit'];

/** What earlier deaths left behind waits for the end: another process that is about to die must not spend its attempts. */
async function keepForLater(world: World): Promise<void> {
  const { pool } = world.runtime.database;
  await pool.query("update deployments set next_check_at = now() + interval '1 day' where next_check_at is not null");
  await pool.query("delete from pgboss.job where name = 'deployment'");
}

/** One process that dies at `point`, with one deployment to do it on. True when it died there. */
async function dieAt(world: World, point: Failpoint, targetId: string, rest: Worker[]): Promise<boolean> {
  const atClick = AT_THE_CLICK.includes(point);
  await keepForLater(world);
  await world.scenario({ acceptThen502: point === 'during-adopt' ? 1 : 0 });
  const doomed = await world.startWorker({ failpoints: `${point}=kill@1`, works: !atClick });
  const order = atClick ? [doomed, ...rest] : rest;
  await clickUntilAnswered(world, () => order, targetId, `${targetId}-click`);
  const signal = await Promise.race([doomed.gone, new Promise((resolve) => setTimeout(resolve, 60_000, null))]);
  await doomed.kill();
  return signal === 'SIGKILL';
}

export const failpoints = experiment({
  name: 'failpoints',
  promises: ['P3'],
  short: { rounds: 1, settleSeconds: 5 },
  full: { rounds: 50, settleSeconds: 5 },
  title: ({ rounds }) =>
    `directed kills: ${FAILPOINTS.length} points × ${simulatedProviders().length} provider × ${rounds} rounds`,
  run: async ({ lab, say }, { rounds, settleSeconds }) => {
    const total = FAILPOINTS.length * rounds;
    const world = await lab.world({ targets: total, settleSeconds });
    try {
      const helper = await world.startWorker({ works: false });
      const died = new Map<Failpoint, number>();
      let at = 0;
      for (let round = 0; round < rounds; round++)
        for (const point of FAILPOINTS) {
          const targetId = world.estate.targetIds[at++] ?? '';
          if (await dieAt(world, point, targetId, [helper])) died.set(point, (died.get(point) ?? 0) + 1);
          if (at % 40 === 0) say(`  ${at} of ${total} kills`);
        }
      await world.scenario({ acceptThen502: 0 });
      await world.runtime.database.pool.query(
        'update deployments set next_check_at = now() where next_check_at is not null',
      );
      await world.startWorker();
      await settled(world, total, 5 * 60_000, say);
      const saw = await runCount(world);
      const all = [...died.values()].reduce((a, b) => a + b, 0);
      const each = FAILPOINTS.map((point) => `${point} ${died.get(point) ?? 0}`).join(', ');
      return {
        verdicts: [
          verdict('every point killed its process in every round', all === total, each),
          await allSucceeded(world, total),
          ...(await judge(world)),
        ],
        seen: { P3: `directed: ${all} kills at ${FAILPOINTS.length} points: ${zeroZero(saw)}` },
      };
    } finally {
      await world.close();
    }
  },
});
