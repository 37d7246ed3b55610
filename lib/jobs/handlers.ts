import type { ServiceContext } from '@/lib/auth/context';
import { advanceOrSetAside } from '@/lib/deployments/server';
import { processDeliveries } from '@/lib/webhooks/process';
import type { QUEUES } from './queue';

export type QueueName = (typeof QUEUES)[keyof typeof QUEUES];

/** Which rows to look at, and nothing else. */
export interface JobData {
  deploymentId?: string;
  inboxIds?: string[];
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
      const ids = [...new Set(jobs.flatMap(({ inboxIds = [] }) => inboxIds))];
      for (let at = 0; at < ids.length; at += TOGETHER) await processDeliveries(ctx, ids.slice(at, at + TOGETHER));
    },
  },
};
