import type { ServiceContext } from '@/lib/auth/context';
import { advanceOrSetAside } from '@/lib/deployments/server';
import { processDelivery } from '@/lib/webhooks/process';
import type { QUEUES } from './queue';

export type QueueName = (typeof QUEUES)[keyof typeof QUEUES];

/** A job only says which row to look at. */
export const HANDLERS: Record<QueueName, (ctx: ServiceContext, data: Record<string, string>) => Promise<void>> = {
  deployment: (ctx, data) => advanceOrSetAside(ctx, data.deploymentId ?? ''),
  inbox: (ctx, data) => processDelivery(ctx, data.inboxId ?? ''),
};
