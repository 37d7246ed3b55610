import { engineActor } from '@/lib/auth/actor';
import { pruneSessions } from '@/lib/auth/sessions';
import { sweep } from '@/lib/deployments/server';
import { describeError, log } from '@/lib/kernel/log';
import { pruneRateLimits } from '@/lib/pipeline/rate-limit';
import type { Runtime } from '@/lib/runtime';
import { pruneInbox, sweepInbox } from '@/lib/webhooks/process';
import { HANDLERS, type QueueName } from './handlers';
import { QUEUES } from './queue';

const SWEEP_MS = 1000;
const PRUNE_MS = 3600_000;

/** Starts the workers of this process; returns how to stop them. Any number of processes may do so. */
export async function startWorkers(runtime: Runtime, concurrency = 6): Promise<() => Promise<void>> {
  const ctx = runtime.contextFor(engineActor);
  for (const name of Object.values(QUEUES)) {
    await runtime.boss.work<Record<string, string>>(
      name,
      { localConcurrency: concurrency, pollingIntervalSeconds: 1, notifyPollingIntervalSeconds: 5 },
      async ([job]) => {
        if (job) await HANDLERS[name](ctx, job.data);
      },
    );
  }
  let sweeping: Promise<void> | null = null;
  const timer = setInterval(() => {
    sweeping ??= sweepAll(runtime).finally(() => {
      sweeping = null;
    });
  }, SWEEP_MS);
  const pruning = setInterval(() => void pruneAll(runtime), PRUNE_MS);
  return async () => {
    clearInterval(timer);
    clearInterval(pruning);
    await sweeping;
  };
}

async function sweepAll(runtime: Runtime): Promise<void> {
  const ctx = runtime.contextFor(engineActor);
  try {
    await sweep(ctx);
    await sweepInbox(ctx);
  } catch (error) {
    log.warn('sweep failed; the next one tries again', describeError(error));
  }
}

async function pruneAll(runtime: Runtime): Promise<void> {
  const { db } = runtime.database;
  try {
    await Promise.all([pruneSessions(db), pruneRateLimits(db), pruneInbox(db)]);
  } catch (error) {
    log.warn('pruning failed; the next one tries again', describeError(error));
  }
}

/** For hosts without a long-lived process: works through what is due for at most `forMs`. Returns the number of jobs done. */
export async function drain(runtime: Runtime, forMs: number): Promise<number> {
  const ctx = runtime.contextFor(engineActor);
  const until = Date.now() + forMs;
  let done = 0;
  while (Date.now() < until) {
    await sweepAll(runtime);
    const worked = (await Promise.all(Object.values(QUEUES).map((name) => drainQueue(runtime, ctx, name)))).reduce(
      (a, b) => a + b,
      0,
    );
    done += worked;
    if (worked === 0) await new Promise((resolve) => setTimeout(resolve, 500));
  }
  return done;
}

async function drainQueue(runtime: Runtime, ctx: ReturnType<Runtime['contextFor']>, name: QueueName): Promise<number> {
  const jobs = await runtime.boss.fetch<Record<string, string>>(name, { batchSize: 20 });
  for (const job of jobs) {
    try {
      await HANDLERS[name](ctx, job.data);
      await runtime.boss.complete(name, job.id);
    } catch (error) {
      await runtime.boss.fail(name, job.id, describeError(error));
    }
  }
  return jobs.length;
}
