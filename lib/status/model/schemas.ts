import { z } from 'zod';
import { moment } from '@/lib/kernel/moment';
import { PLAIN_LINE, PLAIN_LINE_PROBLEM } from '@/lib/kernel/plain-text';
import { IMPACTS, INCIDENT_STATES } from './words';

const id = z.string().min(1).max(60);
const version = z.number().int().min(1);
const title = z
  .string()
  .trim()
  .min(3, 'Say in a few words what it is.')
  .max(120, 'At most 120 characters.')
  .regex(PLAIN_LINE, PLAIN_LINE_PROBLEM);
/** Lines as people read them: what is public looks like nothing else. */
const isPlain = (written: string) => written.split('\n').every((line) => PLAIN_LINE.test(line));
const text = z
  .string()
  .trim()
  .min(3, 'Say what people should know.')
  .max(2_000, 'At most 2,000 characters.')
  .refine(isPlain, PLAIN_LINE_PROBLEM);
const targetIds = z
  .array(id)
  .max(100, 'At most 100 places.')
  .default([])
  .transform((ids) => [...new Set(ids)]);

/** A page of incidents or of maintenances. */
export const pageInput = z.strictObject({
  cursor: z.string().max(200).optional(),
  limit: z.coerce.number().int().min(1).max(200).default(50),
});

const incident = {
  title,
  impact: z.enum(IMPACTS),
  targetIds,
  /** What went live and has to do with it. */
  deploymentId: id.nullable().default(null),
};

export const openIncidentInput = z.strictObject({
  ...incident,
  state: z.enum(INCIDENT_STATES).default('investigating'),
  text,
  /** When it began, if that was before now. */
  startedAt: moment.nullable().default(null),
});
export type OpenIncidentInput = z.input<typeof openIncidentInput>;

export const postUpdateInput = z.strictObject({ incidentId: id, state: z.enum(INCIDENT_STATES), text });
export type PostUpdateInput = z.input<typeof postUpdateInput>;

export const changeIncidentInput = z.strictObject({ incidentId: id, version, ...incident });
export type ChangeIncidentInput = z.input<typeof changeIncidentInput>;

const maintenance = {
  title,
  text,
  startsAt: moment,
  endsAt: moment,
  targetIds,
  /** A freeze that holds deployments back meanwhile. */
  freezeId: id.nullable().default(null),
};

export const planMaintenanceInput = z.strictObject(maintenance);
export type PlanMaintenanceInput = z.input<typeof planMaintenanceInput>;

export const changeMaintenanceInput = z.strictObject({ maintenanceId: id, version, ...maintenance });
export type ChangeMaintenanceInput = z.input<typeof changeMaintenanceInput>;

export const endMaintenanceInput = z.strictObject({ maintenanceId: id });
export type EndMaintenanceInput = z.input<typeof endMaintenanceInput>;

export const subscriberRef = z.strictObject({ subscriberId: id });

/** Of people whom nobody knows. */
export const subscribeInput = z.strictObject({ url: z.string().trim().min(1).max(2_000) });
export const unsubscribeInput = z.strictObject({ token: z.string().trim().min(1).max(200) });
