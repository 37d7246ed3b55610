import type { ChildProcess } from 'node:child_process';
import { setTimeout as wait } from 'node:timers/promises';
import { sql } from 'drizzle-orm';
import type { ServiceContext } from '@/lib/auth/context';
import { triggerDeployment } from '@/lib/deployments/server';
import type { Runtime } from '@/lib/runtime';
import { checkBijection, checkRecords, type Verdict } from './checker';
import type { Estate } from './estate';
import type { Random } from './random';
import type { ChaosWorld } from './world';

export interface Stage {
  world: ChaosWorld;
  runtime: Runtime;
  people: ServiceContext[];
  estate: Estate;
  random: Random;
  say(line: string): void;
}

const FAULTS = {
  acceptThen502: 0.1,
  acceptThenCut: 0.05,
  acceptThenStall: 0.05,
  acceptThenStallMs: 15_000,
  refuse: 0.1,
  listLagMs: 1500,
};

/** Two people, two clicks each with one key, all at once, on every target: one run each. */
export async function doubleClicks(stage: Stage): Promise<Verdict[]> {
  const workers = [await stage.world.startWorker(), await stage.world.startWorker()];
  const { targetIds } = stage.estate;
  for (let at = 0; at < targetIds.length; at += 25) {
    const clicks = targetIds
      .slice(at, at + 25)
      .flatMap((targetId) =>
        stage.people.flatMap((_, person) =>
          [0, 1].map(() => click(stage, targetId, person, `${targetId}-person-${person}`, {})),
        ),
      );
    await Promise.all(clicks);
  }
  await settled(stage, targetIds.length, 10 * 60_000);
  await stopAll(workers);
  return [
    ...(await checkBijection(stage.runtime, await stage.world.truth(), targetIds.length)),
    ...(await checkRecords(stage.runtime)),
  ];
}

/** Faults on every fifth answer and `kills` kill -9 at random moments while deployments queue up, run and end. */
export async function randomKills(stage: Stage, rounds: number, kills: number): Promise<Verdict[]> {
  await stage.world.scenario(FAULTS);
  const workers = [await stage.world.startWorker(), await stage.world.startWorker()];
  const total = stage.estate.targetIds.length * rounds;
  let killed = 0;
  const killer = (async () => {
    while (killed < kills) {
      await wait(300 + stage.random() * 2200);
      const victim = Math.floor(stage.random() * workers.length);
      workers[victim]?.kill('SIGKILL');
      killed++;
      workers[victim] = await stage.world.startWorker();
    }
  })();
  for (let round = 0; round < rounds; round++) {
    for (const targetId of stage.estate.targetIds) {
      await click(stage, targetId, 0, `${targetId}-round-${round}`, { replicas: round + 1 });
      await wait(stage.random() * 40);
    }
  }
  await killer;
  stage.say(`  ${killed} kills done, waiting for the rest to converge`);
  await settled(stage, total, 15 * 60_000);
  await stopAll(workers);
  const verdicts = await checkBijection(stage.runtime, await stage.world.truth(), total);
  return [
    ...verdicts,
    ...(await checkRecords(stage.runtime)),
    { name: `${kills} processes were killed`, passed: killed === kills, detail: String(killed) },
  ];
}

/** A browser retries; so does this: the provider refuses reads now and then, and a click is only over when it was answered. */
async function click(
  stage: Stage,
  targetId: string,
  person: number,
  key: string,
  inputs: Record<string, number>,
): Promise<void> {
  const ctx = stage.people[person];
  if (!ctx) throw new Error('No such person.');
  const revision = { ref: 'main', refKind: 'branch' as const, sha: stage.estate.sha };
  const values = {
    environment: 'staging',
    strategy: 'rolling',
    replicas: 2,
    run_migrations: true,
    image_tag: '',
    ...inputs,
  };
  await triggerDeployment(ctx, { targetId, revision, inputs: values, reason: '', idempotencyKey: key });
}

async function settled(stage: Stage, total: number, limitMs: number): Promise<void> {
  const until = Date.now() + limitMs;
  let said = 0;
  for (;;) {
    const { rows } = await stage.runtime.database.db.execute<{ ended: number }>(
      sql`select count(*) filter (where next_check_at is null)::int as ended from deployments`,
    );
    const ended = rows[0]?.ended ?? 0;
    if (ended >= total || Date.now() > until) return;
    if (Date.now() - said > 10_000) {
      said = Date.now();
      stage.say(`  ${ended} of ${total} ended ${await stragglers(stage)}`);
    }
    await wait(250);
  }
}

/** Who is still on the way, when only a few are. */
async function stragglers(stage: Stage): Promise<string> {
  const { rows } = await stage.runtime.database.db.execute<{ line: string }>(sql`
    select format('#%s %s attempt %s %s %s %s', d.number, d.status, a.number, a.state, coalesce(d.attention, ''), coalesce(d.trouble_sentence, d.waiting_for, '')) as line
    from deployments d left join lateral (select number, state from attempts where deployment_id = d.id order by number desc limit 1) a on true
    where d.next_check_at is not null order by d.number`);
  return rows.length > 3 ? '' : rows.map((row) => row.line).join(' | ');
}

async function stopAll(workers: ChildProcess[]): Promise<void> {
  await Promise.all(
    workers.map(async (worker) => {
      if (worker.exitCode !== null) return;
      const gone = new Promise((resolve) => worker.once('exit', resolve));
      worker.kill('SIGKILL');
      await gone;
    }),
  );
}
