import { FAILPOINTS, type Failpoint } from '@/lib/kernel/failpoint';
import { allSucceeded, experiment, judge, runCount, verdict, zeroZero } from '../experiment';
import { clickUntilAnswered, settled } from '../lab/clicks';
import { dieAt, TELLING } from '../lab/deaths';
import { deployingProviders, labelOf, workflowProvider } from '../lab/vendors';
import type { Worker } from '../lab/worker-process';
import type { World } from '../lab/world';

interface Death {
  provider: string;
  point: Failpoint;
}

/** What earlier deaths left behind waits for the end: another process that is about to die must not spend its attempts. */
async function keepForLater(world: World): Promise<void> {
  const { pool } = world.runtime.database;
  await pool.query("update deployments set next_check_at = now() + interval '1 day' where next_check_at is not null");
  await pool.query("delete from pgboss.job where name = 'deployment'");
}

/** A round of all points at the provider with workflows, and of `elsewhere` of them at each of the others. */
function roundOf(elsewhere: number): Death[] {
  const few = [...TELLING, ...FAILPOINTS.filter((point) => !TELLING.includes(point))].slice(0, elsewhere);
  return deployingProviders().flatMap((provider) =>
    (provider === workflowProvider() ? FAILPOINTS : few).map((point) => ({ provider, point })),
  );
}

/** `8 points × GitHub, Vercel`, or how many of them at each of the others. */
function placesOf(elsewhere: number): string {
  const [first = '', ...others] = deployingProviders().map(labelOf);
  if (elsewhere >= FAILPOINTS.length)
    return `${FAILPOINTS.length} points × ${1 + others.length} providers (${[first, ...others].join(', ')})`;
  return `${FAILPOINTS.length} points at ${first}, ${elsewhere} at each of ${others.join(', ')}`;
}

/** Kills all of them in their order. Answers those that died where they should. */
async function killAll(world: World, deaths: Death[], say: (line: string) => void): Promise<Death[]> {
  const helper = await world.startWorker({ works: false });
  const left = Object.fromEntries(Object.entries(world.estate.targetsAt).map(([id, targets]) => [id, [...targets]]));
  const died: Death[] = [];
  for (const [at, death] of deaths.entries()) {
    const targetId = left[death.provider]?.shift() ?? '';
    await keepForLater(world);
    const ask = (order: () => Worker[]) => clickUntilAnswered(world, order, targetId, `${targetId}-click`);
    if (await dieAt(world, death.point, [helper], ask)) died.push(death);
    if ((at + 1) % 40 === 0) say(`  ${at + 1} of ${deaths.length} kills`);
  }
  return died;
}

const countBy = (deaths: readonly Death[], key: keyof Death, value: string) =>
  deaths.filter((death) => death[key] === value).length;

export const failpoints = experiment({
  name: 'failpoints',
  promises: ['P3'],
  short: { rounds: 1, settleSeconds: 5, elsewhere: TELLING.length },
  full: { rounds: 50, settleSeconds: 5, elsewhere: FAILPOINTS.length },
  title: ({ rounds, elsewhere }) => `directed kills: ${placesOf(elsewhere)} × ${rounds} rounds`,
  run: async ({ lab, say }, { rounds, settleSeconds, elsewhere }) => {
    const deaths = Array.from({ length: rounds }, () => roundOf(elsewhere)).flat();
    const total = deaths.length;
    const [first = '', ...others] = deployingProviders();
    const hosts = Object.fromEntries(others.map((id) => [id, countBy(deaths, 'provider', id)]));
    const world = await lab.world({ targets: countBy(deaths, 'provider', first), hosts, settleSeconds });
    try {
      const died = await killAll(world, deaths, say);
      await world.scenario({ acceptThen502: 0 });
      await world.runtime.database.pool.query(
        'update deployments set next_check_at = now() where next_check_at is not null',
      );
      await world.startWorker();
      await settled(world, total, 5 * 60_000 + total * 500, say);
      const saw = await runCount(world);
      const runs = await world.truth();
      const at = deployingProviders().map((id) => ({ id, n: runs.filter(({ provider }) => provider === id).length }));
      const each = FAILPOINTS.map((point) => `${point} ${countBy(died, 'point', point)}`).join(', ');
      return {
        verdicts: [
          verdict('every point killed its process in every round', died.length === total, each),
          verdict(
            'every provider ran what it was asked for',
            at.every(({ n }) => n > 0),
            at.map(({ id, n }) => `${labelOf(id)} ${n} of ${countBy(deaths, 'provider', id)}`).join(', '),
          ),
          await allSucceeded(world, total),
          ...(await judge(world)),
        ],
        seen: { P3: `directed: ${died.length} kills, ${placesOf(elsewhere)}: ${zeroZero(saw)}` },
      };
    } finally {
      await world.close();
    }
  },
});
