import { setTimeout as wait } from 'node:timers/promises';
import { sql } from 'drizzle-orm';
import { triggerDeployment } from '@/lib/deployments/server';
import { workflowProvider } from './vendors';
import type { Worker } from './worker-process';
import type { World } from './world';

const INPUTS = { environment: 'staging', strategy: 'rolling', replicas: 2, run_migrations: true, image_tag: '' };

/** What a click on *Deploy* sends; `key` is the click's own. Only a workflow asks for more than a commit. */
export function clickInput(world: World, targetId: string, key: string, inputs: Record<string, number> = {}) {
  const hasForm = world.estate.targetsAt[workflowProvider()]?.includes(targetId) ?? false;
  return {
    targetId,
    revision: { ref: 'main', refKind: 'branch' as const, sha: world.estate.sha },
    inputs: hasForm ? { ...INPUTS, ...inputs } : {},
    reason: '',
    checklist: [],
    freezeOverrideReason: null,
    idempotencyKey: key,
  };
}

/** One click through the harness's own instance. */
export async function click(world: World, targetId: string, key: string, person: 0 | 1 = 0): Promise<void> {
  await triggerDeployment(world.people[person], clickInput(world, targetId, key));
}

/** One click on each target, `atOnce` at a time. */
export async function clickAll(world: World, targetIds = world.estate.targetIds, atOnce = 10): Promise<void> {
  for (let at = 0; at < targetIds.length; at += atOnce)
    await Promise.all(targetIds.slice(at, at + atOnce).map((id) => click(world, id, `${id}-click`)));
}

/** A browser whose server dies asks another one, with the same key. Returns how often it had to. */
export function clickUntilAnswered(
  world: World,
  workers: () => Worker[],
  targetId: string,
  key: string,
): Promise<number> {
  return askUntilAnswered(workers, 'trigger', clickInput(world, targetId, key));
}

/** The same with any verb; the key is in its input. */
export async function askUntilAnswered(workers: () => Worker[], verb: string, input: object): Promise<number> {
  const begun = Date.now();
  let said = 'nobody is there';
  for (let tries = 0; Date.now() - begun < 120_000; tries++) {
    const [worker] = workers().filter((each) => each.alive());
    try {
      const answer = await worker?.call(verb, input);
      if (answer?.status === 200) return tries;
      said = JSON.stringify(answer?.body);
    } catch {
      // It died, or its database did; the same click is asked again.
    }
    await wait(100);
  }
  throw new Error(`Nobody answered ${verb}: ${said}`);
}

/** Waits until `total` deployments exist and all have ended. False when `limitMs` is over before. */
export async function settled(world: World, total: number, limitMs: number, say?: (line: string) => void) {
  const until = Date.now() + limitMs;
  let said = Date.now();
  for (;;) {
    const ended = await count(world, 'next_check_at is null or attention is not null').catch(() => 0);
    if (ended >= total) return true;
    if (Date.now() > until) return false;
    if (say && Date.now() - said > 20_000) {
      said = Date.now();
      say(`  ${ended} of ${total} ended ${await stragglers(world).catch(() => '')}`);
    }
    await wait(200);
  }
}

export async function count(world: World, where: string): Promise<number> {
  const { rows } = await world.runtime.database.db.execute<{ n: number }>(
    sql.raw(`select count(*)::int as n from deployments where ${where}`),
  );
  return rows[0]?.n ?? 0;
}

/** Polls until `done` holds. @returns how long it took, or null when `limitMs` was over. Milliseconds. */
export async function until(done: () => Promise<boolean>, limitMs: number, everyMs = 100): Promise<number | null> {
  const begun = Date.now();
  while (Date.now() - begun < limitMs) {
    if (await done().catch(() => false)) return Date.now() - begun;
    await wait(everyMs);
  }
  return null;
}

/** Who is still on the way, when only a few are. */
async function stragglers(world: World): Promise<string> {
  const { rows } = await world.runtime.database.db.execute<{ line: string }>(sql`
    select format('#%s %s attempt %s %s %s %s', d.number, d.status, a.number, a.state, coalesce(d.attention, ''), coalesce(d.trouble_sentence, d.waiting_for, '')) as line
    from deployments d left join lateral (select number, state from attempts where deployment_id = d.id order by number desc limit 1) a on true
    where d.next_check_at is not null order by d.number`);
  return rows.length > 4 ? '' : rows.map((row) => row.line).join(' | ');
}

/** The value below which `share` of them are; 0 for none. */
export function percentile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.ceil(sorted.length * share) - 1)] ?? 0;
}
