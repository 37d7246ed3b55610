import { z } from 'zod';
import { moment } from '@/lib/kernel/moment';
import { PLAIN_LINE, PLAIN_LINE_PROBLEM } from '@/lib/kernel/plain-text';

const id = z.string().min(1).max(60);
const reason = z.string().trim().min(3, 'Say why in a few words.').max(500, 'At most 500 characters.');

/** Null = any. All three null is the whole installation; a target alone decides both others. */
const scope = {
  environmentId: id.nullable().default(null),
  componentId: id.nullable().default(null),
};

export const lockInput = z.strictObject({
  ...scope,
  targetId: id.nullable().default(null),
  reason,
  /** Null = until somebody lifts it. */
  expiresAt: moment.nullable().default(null),
});
export type LockInput = z.input<typeof lockInput>;

export const liftPinInput = z.strictObject({ pinId: id, reason: z.string().trim().max(500).default('') });

/** RFC 5545, the part a freeze calendar needs; no DTSTART, no COUNT. */
const RECURRENCE =
  /^FREQ=(?:DAILY|WEEKLY|MONTHLY|YEARLY)(?:;(?:INTERVAL|BYDAY|BYMONTHDAY|BYMONTH|UNTIL)=[A-Z0-9,+-]+)*$/;

export const freezeInput = z.strictObject({
  ...scope,
  name: z
    .string()
    .trim()
    .min(1, 'Enter a name.')
    .max(80, 'At most 80 characters.')
    .regex(PLAIN_LINE, PLAIN_LINE_PROBLEM),
  reason,
  timeZone: z.string().min(1).max(60),
  startsAt: z.string().regex(/^\d{4}-\d\d-\d\dT\d\d:\d\d$/, 'Enter a day and a time.'),
  durationMinutes: z
    .number()
    .int()
    .min(5, 'At least 5 minutes.')
    .max(90 * 1440, 'At most 90 days.'),
  recurrence: z
    .string()
    .max(200)
    .regex(RECURRENCE, 'Write a rule such as FREQ=WEEKLY;BYDAY=FR.')
    .nullable()
    .default(null),
});
export type FreezeInput = z.input<typeof freezeInput>;

export const updateFreezeInput = z.strictObject({ id, version: z.number().int().min(1), ...freezeInput.shape });
export type UpdateFreezeInput = z.input<typeof updateFreezeInput>;

export const endFreezeInput = z.strictObject({ freezeId: id, reason });
export type EndFreezeInput = z.input<typeof endFreezeInput>;

/** Lets one deployment through the freezes that hold it. */
export const overrideFreezeInput = z.strictObject({ deploymentId: id, reason });
export type OverrideFreezeInput = z.input<typeof overrideFreezeInput>;

/** Items of the checklist, word for word. */
export const tickInput = z.strictObject({
  deploymentId: id,
  items: z.array(z.string().min(1).max(200)).min(1, 'Tick at least one item.').max(20),
});
export type TickInput = z.input<typeof tickInput>;

/** `digest` is the one that was on the page: what changed since is not approved. */
export const approveInput = z.strictObject({
  deploymentId: id,
  digest: z.string().regex(/^[0-9a-f]{64}$/, 'Reload the page; it does not say what is approved.'),
  reason: z.string().trim().max(500).default(''),
});
export type ApproveInput = z.input<typeof approveInput>;
export const rejectInput = z.strictObject({ ...approveInput.shape, reason });
export type RejectInput = z.input<typeof rejectInput>;

export const calendarQuery = z.strictObject({
  from: moment.optional(),
  /** At most 400 days after `from`. */
  to: moment.optional(),
});

export const policyQueryInput = z.strictObject({ environmentId: id });
