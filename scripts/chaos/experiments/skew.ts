import { allSucceeded, experiment, inWorld, judge, runCount, verdict, zeroZero } from '../experiment';
import { clickUntilAnswered, settled } from '../lab/clicks';
import { FAULTS } from './faults';

const SKEW_MS = 10 * 60_000;

/** Attempts whose successor was written while the lease, by the database's clock, still held. */
const TOO_EARLY = `select 1 from attempts a join attempts b on b.deployment_id = a.deployment_id and b.number = a.number + 1
  where a.state in ('unknown', 'absent') and a.error is null and b.sent_at < a.lease_until`;
/** What a wrong clock wrote into a column that decides when something happens next, or is over. */
const WRONG_TIMES = `select 1 from deployments where abs(extract(epoch from requested_at - (select min(at) from events e where e.deployment_id = deployments.id))) > 60
  or next_check_at > now() + interval '5 minutes' or next_check_at < now() - interval '5 minutes'`;

export const skew = experiment({
  name: 'skew',
  promises: ['P23'],
  short: null,
  full: { deployments: 500, settleSeconds: 6 },
  title: ({ deployments }) => `${deployments} deployments on three instances: 10 min fast, 10 min slow, right`,
  run: ({ lab, say }, { deployments, settleSeconds }) =>
    inWorld(lab, { targets: deployments, settleSeconds }, async (world) => {
      await world.scenario({ ...FAULTS, acceptThenStall: 0 });
      const fast = await world.startWorker({ skewMs: SKEW_MS });
      const slow = await world.startWorker({ skewMs: -SKEW_MS });
      const all = [fast, slow];
      for (const [at, id] of world.estate.targetIds.entries())
        await clickUntilAnswered(world, () => [all[at % 2] ?? fast], id, `${id}-click`);
      // The first deadline that counts is far away, so a wrong decision would show at once.
      const { rows: wrong } = await world.runtime.database.pool.query(WRONG_TIMES);
      await world.startWorker();
      await settled(world, deployments, 10 * 60_000, say);
      const { rows: early } = await world.runtime.database.pool.query(TOO_EARLY);
      const { rows: cut } = await world.runtime.database.pool.query(
        "select 1 from deployments where status = 'timed_out'",
      );
      const saw = await runCount(world);
      const decisions = wrong.length + early.length + cut.length;
      return {
        verdicts: [
          verdict('no lease ended early', early.length === 0, early.length),
          verdict('no deadline came early', cut.length === 0, cut.length),
          verdict('no wrong time decides about a deployment', wrong.length === 0, wrong.length),
          await allSucceeded(world, deployments),
          ...(await judge(world)),
        ],
        seen: {
          P23: `±10 min on 2 of 3 instances, ${deployments} deployments: ${decisions} wrong decisions, ${zeroZero(saw)}`,
        },
      };
    }),
});
