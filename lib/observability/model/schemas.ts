import { z } from 'zod';
import { moment } from '@/lib/kernel/moment';
import { AXES, CLASSES } from './classes';
import { METRICS, USUAL_HOURS, WINDOW_DAYS, type WindowDays } from './dora';
import { HealthSettings } from './health-settings';
import { NARROWEST_MS, spanNamed } from './ticks';

const DAY_MS = 86_400_000;
const slug = z.string().min(1).max(80);
const id = z.string().min(1).max(80);

const days = (usual: WindowDays) =>
  z.coerce
    .number()
    .refine(
      (value): value is WindowDays => (WINDOW_DAYS as readonly number[]).includes(value),
      'Choose 7, 30 or 90 days.',
    )
    .default(usual);

export const DoraQuery = z.strictObject({
  days: days(30),
  /** All when left out. */
  component: slug.optional(),
  /** Those that are production when left out. */
  environment: slug.optional(),
  /** Hours in which a roll-back or a hot fix still speaks against a change. */
  hours: z.coerce.number().int().min(1).max(168).default(USUAL_HOURS),
});
export type DoraQuery = z.infer<typeof DoraQuery>;

export const DoraRowsQuery = DoraQuery.extend({ metric: z.enum(METRICS) });
export type DoraRowsQuery = z.infer<typeof DoraRowsQuery>;

export const ClassifyInput = z.strictObject({
  deploymentId: id,
  word: z.enum(CLASSES),
  reason: z.string().trim().min(3, 'Say why in a few words.').max(500),
});
export type ClassifyInput = z.infer<typeof ClassifyInput>;

/** `saidId`: only that word; left out, whatever stands there now. */
export const UndoInput = z.strictObject({ deploymentId: id, axis: z.enum(AXES), saidId: id.optional() });
export type UndoInput = z.infer<typeof UndoInput>;

export const VerdictQuery = z.strictObject({ deploymentId: id });

export const TargetHealthQuery = z.strictObject({ targetId: id });

export const VitalsQuery = z.strictObject({ targetId: id });

/** `version` is the one that was read: somebody else's change in between is a conflict. */
export const SetHealthInput = z.strictObject({
  targetId: id,
  version: z.number().int().min(1),
  /** Null: it is not measured any more. */
  health: HealthSettings.nullable(),
});
export type SetHealthInput = z.infer<typeof SetHealthInput>;

export const HealthQuery = z
  .strictObject({
    days: days(30),
    component: slug.optional(),
    environment: slug.optional(),
    /** A span to be read closer, instead of the last so many days: both ends, or neither. */
    from: moment.optional(),
    to: moment.optional(),
  })
  .superRefine(({ from, to, days: most }, ctx) => {
    if (from === undefined && to === undefined) return;
    const refuse = (message: string) =>
      ctx.addIssue({ code: 'custom', path: [to === undefined ? 'to' : 'from'], message });
    const span = spanNamed(from, to);
    if (span === null) return refuse('Name both ends of the span, the earlier one first.');
    if (span.to - span.from < NARROWEST_MS) return refuse('Choose 10 minutes or more.');
    if (span.to - span.from > most * DAY_MS) refuse(`Choose ${most} days or fewer.`);
  });
export type HealthQuery = z.infer<typeof HealthQuery>;
