import { z } from 'zod';
import { PLAIN_LINE, PLAIN_LINE_PROBLEM } from '@/lib/kernel/plain-text';
import { environmentPattern } from '@/lib/members/model/schemas';
import { EVENT_NAMES, type EventName } from './events';

export const subscriptionName = z
  .string()
  .trim()
  .min(1, 'Give it a name.')
  .max(80, 'At most 80 characters.')
  .regex(PLAIN_LINE, PLAIN_LINE_PROBLEM);

const id = z.string().min(1).max(60);
const version = z.number().int().min(1);
/** The server decides what is allowed; see lib/http/outside-url.ts. */
const url = z.string().trim().min(1, 'Enter the address.').max(2_000, 'At most 2,000 characters.');

const events = z
  .array(z.enum(['*', ...EVENT_NAMES] as ['*', ...EventName[]]))
  .min(1, 'Choose at least one event.')
  .max(EVENT_NAMES.length + 1)
  .transform((names) => [...new Set(names.includes('*') ? ['*' as const] : names)]);
const pattern = environmentPattern.default('*');

export const subscribeInput = z.strictObject({
  name: subscriptionName,
  kind: z.enum(['webhook', 'slack']),
  url,
  events,
  environmentPattern: pattern,
});

export const updateSubscriptionInput = z.strictObject({
  id,
  version,
  name: subscriptionName,
  /** Left out: the address stays. Another origin gets a new signing secret. */
  url: url.optional(),
  events,
  environmentPattern: pattern,
});

export const subscriptionRef = z.strictObject({ id });
export const switchSubscriptionInput = z.strictObject({ id, enabled: z.boolean() });
export const removeSubscriptionInput = z.strictObject({ id, version });
export const notificationRef = z.strictObject({ notificationId: id });

export const ledgerInput = z.strictObject({
  id,
  state: z.enum(['pending', 'delivered', 'dead']).optional(),
  cursor: z.string().max(100).optional(),
  limit: z.coerce.number().int().min(1).max(100).default(25),
});
