import type { ServiceContext } from '@/lib/auth/context';
import { advanceOrSetAside } from '@/lib/deployments/server';
import { processDeliveries } from '@/lib/webhooks/process';
import type { QUEUES } from './queue';

export type QueueName = (typeof QUEUES)[keyof typeof QUEUES];

type Jobs = readonly Record<string, string>[];

interface Handler {
  /** How many jobs of this queue are worked through together. */
  atOnce: number;
  run(ctx: ServiceContext, jobs: Jobs): Promise<void>;
}

/** A job only says which row to look at. */
export const HANDLERS: Record<QueueName, Handler> = {
  deployment: {
    atOnce: 1,
    run: async (ctx, jobs) => {
      for (const { deploymentId } of jobs) await advanceOrSetAside(ctx, deploymentId ?? '');
    },
  },
  inbox: {
    // Vendors send hundreds a second, and one statement serves as many as well as it serves one.
    atOnce: 100,
    run: (ctx, jobs) =>
      processDeliveries(
        ctx,
        jobs.map(({ inboxId }) => inboxId ?? ''),
      ),
  },
};
