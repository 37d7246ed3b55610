import { engineActor } from '@/lib/auth/actor';
import { describeError, log } from '@/lib/kernel/log';
import { traced } from '@/lib/kernel/trace';
import type { Runtime } from '@/lib/runtime';
import { HANDLERS, type JobData, type QueueName } from './handlers';
import { PERIODIC, type Periodic } from './periodic';
import { QUEUES } from './queue';

/** Starts the workers of this process; returns how to stop them. Any number of processes may do so. */
export async function startWorkers(runtime: Runtime, concurrency = 6): Promise<() => Promise<void>> {
  const ctx = runtime.contextFor(engineActor);
  for (const task of PERIODIC.filter(({ atStart }) => atStart)) await once(runtime, task);
  for (const name of Object.values(QUEUES)) {
    const { atOnce, run } = HANDLERS[name];
    await runtime.boss.work<JobData>(
      name,
      { localConcurrency: concurrency, batchSize: atOnce, pollingIntervalSeconds: 1, notifyPollingIntervalSeconds: 5 },
      (jobs) => worked(name, () => run(ctx, dataOf(jobs))),
    );
  }
  const stop = PERIODIC.map((task) => repeat(runtime, task));
  return async () => {
    await Promise.all(stop.map((end) => end()));
  };
}

const dataOf = <T>(jobs: { data: T }[]): T[] => jobs.map(({ data }) => data);

function worked(name: QueueName, work: () => Promise<void>): Promise<void> {
  return traced({ name: `job ${name}`, kind: 'internal' }, work);
}

/** Once every `everyMs`, never twice at the same time in one process. */
function repeat(runtime: Runtime, task: Periodic): () => Promise<void> {
  let running: Promise<void> | null = null;
  const timer = setInterval(() => {
    running ??= once(runtime, task).finally(() => {
      running = null;
    });
  }, task.everyMs);
  return async () => {
    clearInterval(timer);
    await running;
  };
}

async function once(runtime: Runtime, task: Periodic): Promise<void> {
  try {
    // Several look each second and mostly find nothing: a collector would be paid for that.
    const span = { name: `job ${task.name}`, kind: 'internal', isIdle: (found: unknown) => !found } as const;
    await traced(span, async () => task.run(runtime, runtime.contextFor(engineActor)));
  } catch (error) {
    log.error(`${task.name}: failed; the next round tries again`, describeError(error));
  }
}

/** For hosts without a long-lived process: works through what is due for at most `forMs`. Returns the number of jobs done. */
export async function drain(runtime: Runtime, forMs: number): Promise<number> {
  const until = Date.now() + forMs;
  let done = 0;
  while (Date.now() < until) {
    const worked = await workOnce(runtime, tasksDue());
    done += worked;
    if (worked === 0) await new Promise((resolve) => setTimeout(resolve, 500));
  }
  return done;
}

/** One round: these tasks, one after the other, then what waits in the queues. Returns the number of jobs done. */
export async function workOnce(runtime: Runtime, tasks: readonly Periodic[] = PERIODIC): Promise<number> {
  for (const task of tasks) await once(runtime, task);
  const ctx = runtime.contextFor(engineActor);
  const done = await Promise.all(Object.values(QUEUES).map((name) => drainQueue(runtime, ctx, name)));
  return done.reduce((a, b) => a + b, 0);
}

/** When each task last ran in this process; a short-lived one begins with all of them due. */
const lastRun = new Map<string, number>();

function tasksDue(): Periodic[] {
  const due = PERIODIC.filter((task) => Date.now() - (lastRun.get(task.name) ?? 0) >= task.everyMs);
  for (const task of due) lastRun.set(task.name, Date.now());
  return due;
}

async function drainQueue(runtime: Runtime, ctx: ReturnType<Runtime['contextFor']>, name: QueueName): Promise<number> {
  const { atOnce, run } = HANDLERS[name];
  const jobs = await runtime.boss.fetch<JobData>(name, { batchSize: Math.max(20, atOnce) });
  for (let at = 0; at < jobs.length; at += atOnce) {
    const part = jobs.slice(at, at + atOnce);
    const ids = part.map(({ id }) => id);
    try {
      await worked(name, () => run(ctx, dataOf(part)));
      await runtime.boss.complete(name, ids);
    } catch (error) {
      await runtime.boss.fail(name, ids, describeError(error));
    }
  }
  return jobs.length;
}
