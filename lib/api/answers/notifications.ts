import { z } from 'zod';
import { because, id, moment, pageOf } from './basics';

export const Subscription = z.object({
  id,
  name: z.string(),
  kind: z.enum(['webhook', 'slack']),
  origin: z.string(),
  events: z.array(z.string()),
  environmentPattern: z.string(),
  createdBy: z.string(),
  createdAt: moment,
  disabledAt: moment.nullable(),
  version: z.number(),
  delivered: z.number(),
  pending: z.number(),
  dead: z.number(),
  lastDeliveredAt: moment.nullable(),
  trouble: because,
});
export const SubscriptionList = z.array(Subscription);

const notification = z.object({
  id,
  event: z.string(),
  sentence: z.string(),
  state: z.enum(['pending', 'delivered', 'dead']),
  tries: z.number(),
  nextTryAt: moment.nullable(),
  lastStatus: z.number().nullable(),
  lastError: z.string().nullable(),
  createdAt: moment,
  deliveredAt: moment.nullable(),
});
export const Ledger = z.object({ subscription: Subscription, ...pageOf(notification).shape });

const secret = { secret: z.string().nullable() };
export const Subscribed = z.object({ id, ...secret });
export const SubscriptionVersion = z.object({ version: z.number(), ...secret });
export const NotificationRef = z.object({ notificationId: id });
