import type { ServiceContext } from '@/lib/auth/context';
import { advanceOrSetAside } from '@/lib/deployments/server';
import { isDatabaseDown } from '@/lib/pipeline/refusal';
import { processDeliveries } from '@/lib/webhooks/process';
import type { QUEUES } from './queue';

export type QueueName = (typeof QUEUES)[keyof typeof QUEUES];

/** Which rows to look at, and nothing else. */
export interface JobData {
  deploymentId?: string;
  inboxIds?: string[];
  /** The only one, in jobs of versions before `inboxIds`. Needed until the second release that has `inboxIds` is out. */
  inboxId?: string;
}

/** Vendors send hundreds a second, and one statement serves as many as well as it serves one. */
const TOGETHER = 100;

interface Handler {
  /** How many jobs of this queue are worked through together. */
  atOnce: number;
  run(ctx: ServiceContext, jobs: readonly JobData[]): Promise<void>;
}

export const HANDLERS: Record<QueueName, Handler> = {
  deployment: {
    atOnce: 1,
    run: async (ctx, jobs) => {
      for (const { deploymentId } of jobs) await advanceOrSetAside(ctx, deploymentId ?? '');
    },
  },
  inbox: {
    atOnce: 20,
    run: async (ctx, jobs) => {
      const ids = [...new Set(jobs.flatMap(({ inboxId, inboxIds = [] }) => (inboxId ? [inboxId] : inboxIds)))];
      await workThrough(ctx, ids);
    },
  },
};

/** What fails keeps none that come later from their turn, unless the database is away. Throws the first of it at the end. */
async function workThrough(ctx: ServiceContext, ids: readonly string[]): Promise<void> {
  const failed: unknown[] = [];
  for (let at = 0; at < ids.length; at += TOGETHER) {
    try {
      await processDeliveries(ctx, ids.slice(at, at + TOGETHER));
    } catch (error) {
      failed.push(error);
      if (isDatabaseDown(error)) break;
    }
  }
  if (failed.length > 0) throw failed[0];
}
