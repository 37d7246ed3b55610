import { setTimeout as wait } from 'node:timers/promises';
import { triggerDeployment } from '@/lib/deployments/server';
import { ServiceError } from '@/lib/kernel/errors';
import { experiment, inWorld, judge, verdict } from '../experiment';
import { clickInput, count, settled, until } from '../lab/clicks';
import type { Worker } from '../lab/worker-process';
import type { World } from '../lab/world';

interface Tally {
  races: number;
  refused: number;
  held: number;
}

/** A freeze that holds from the moment of its commit. */
const freezeNow = () => ({
  environmentId: 'env_chaos',
  name: 'A freeze',
  reason: 'A race against it',
  timeZone: 'UTC',
  startsAt: new Date(Date.now() - 600_000).toISOString().slice(0, 16),
  durationMinutes: 60,
});

/** Clicks arrive and are claimed while a third process freezes: each of them is before it, refused, or held. */
async function wave(world: World, freezer: Worker, n: number, tally: Tally): Promise<void> {
  const click = async (targetId: string) => {
    try {
      await triggerDeployment(
        world.people[0],
        clickInput(world, targetId, `${targetId}-wave-${n}`, { replicas: (n % 9) + 1 }),
      );
    } catch (error) {
      if (!(error instanceof ServiceError) || error.kind !== 'precondition') throw error;
      tally.refused += 1;
    }
  };
  // One of them comes after the freeze for certain: a race alone may refuse none.
  const [late = '', ...racing] = world.estate.targetIds;
  const clicks = racing.map((targetId) => wait(world.random() * 200).then(() => click(targetId)));
  // In the middle of them, however fast the machine is.
  const share = Math.floor((0.2 + world.random() * 0.7) * clicks.length);
  await until(async () => (await count(world, 'true')) >= tally.races - tally.refused + share, 30_000, 5);
  const frozen = await freezer.call('freeze', freezeNow());
  if (frozen.status !== 200) throw new Error(`The freeze was refused: ${JSON.stringify(frozen.body)}`);
  await Promise.all([...clicks, click(late)]);
  await wait(300);
  const { rows } = await world.runtime.database.pool.query<{ n: number }>(
    "select count(*)::int as n from deployments where status = 'queued'",
  );
  tally.held += rows[0]?.n ?? 0;
  tally.races += world.estate.targetIds.length;
  const { freezeId } = frozen.body as { freezeId: string };
  const ended = await freezer.call('endFreeze', { freezeId, reason: 'The race is over' });
  if (ended.status !== 200) throw new Error(`The end was refused: ${JSON.stringify(ended.body)}`);
}

export const freezes = experiment({
  name: 'freezes',
  promises: ['P14'],
  short: null,
  full: { targets: 40, waves: 50 },
  title: ({ targets, waves }) => `${targets * waves} clicks and claims in a race with ${waves} freezes`,
  run: ({ lab, say }, { targets, waves }) =>
    inWorld(lab, { targets }, async (world) => {
      await Promise.all([world.startWorker(), world.startWorker()]);
      const freezer = await world.startWorker({ works: false });
      const tally: Tally = { races: 0, refused: 0, held: 0 };
      let drained = true;
      for (let n = 0; n < waves; n++) {
        await wave(world, freezer, n, tally);
        const accepted = tally.races - tally.refused;
        drained = (await settled(world, accepted, 120_000, say)) && drained;
      }
      const { rows } = await world.runtime.database.pool.query<{ n: number }>(
        "select count(*)::int as n from deployments where status not in ('succeeded', 'superseded')",
      );
      const verdicts = await judge(world);
      const inFreeze = verdicts.find((one) => one.name.startsWith('I4'));
      const violations = inFreeze?.passed ? 0 : inFreeze?.detail;
      return {
        verdicts: [
          verdict(
            'some were before it, some refused, some held',
            tally.refused > 0 && tally.held > 0,
            `${tally.refused} refused, ${tally.held} held`,
          ),
          verdict('what was held went on when it ended', drained && rows[0]?.n === 0, `${rows[0]?.n} did not`),
          ...verdicts,
        ],
        seen: {
          P14: `${tally.races} races with ${waves} freezes: ${violations} sent in one, ${tally.refused} refused, ${tally.held} held and sent after`,
        },
      };
    }),
});
