import { z } from 'zod';
import { PLAIN_LINE, PLAIN_LINE_PROBLEM } from '@/lib/kernel/plain-text';
import { LONGEST_NAME, LONGEST_TEXT } from '@/lib/status/model/public';
import { UPTIME_DAYS } from '@/lib/status/model/uptime';
import { IMPACTS, INCIDENT_STATES, MAINTENANCE_STATES } from '@/lib/status/model/words';
import { PUBLIC_STATES } from './status';

const publicName = z.string().trim().max(80, 'At most 80 characters.').regex(PLAIN_LINE, PLAIN_LINE_PROBLEM);

export const setPublicInput = z.strictObject({
  targetId: z.string().min(1).max(60),
  /** Whether everybody may see what is live there. */
  isPublic: z.boolean(),
  /** What it is called there; empty = the component's name, left out = as it is. */
  name: publicName.optional(),
  /** The heading that it stands under there; empty = the environment's name, left out = as it is. */
  section: publicName.optional(),
});
export type SetPublicInput = z.input<typeof setPublicInput>;

const text = z.string().max(LONGEST_NAME);
const moment = z.iso.datetime();
const id = z.string().regex(/^(?:inc|upd|mnt)_[0-9a-z]+$/);
const where = { component: text, environment: text, label: text };
const share = z.number().min(0).max(1);

const uptime = z.strictObject({
  from: z.string().regex(/^\d{4}-\d\d-\d\d$/),
  days: z.array(z.tuple([share, share]).nullable()).length(UPTIME_DAYS),
  share: share.nullable(),
  measuredDays: z.number().int().min(0).max(UPTIME_DAYS),
});

const place = z.strictObject({
  ...where,
  version: text.nullable(),
  sha: text.nullable(),
  since: moment.nullable(),
  state: z.enum(PUBLIC_STATES),
  impact: z.enum(IMPACTS).nullable(),
  maintained: z.boolean(),
  uptime: uptime.nullable(),
});
const release = z.strictObject({
  ...where,
  version: text,
  sha: text,
  at: moment,
  restored: z.boolean(),
});

const incident = z.strictObject({
  id,
  title: text,
  impact: z.enum(IMPACTS),
  state: z.enum(INCIDENT_STATES),
  startedAt: moment,
  resolvedAt: moment.nullable(),
  places: z.array(z.strictObject(where)),
  release: z.strictObject({ ...where, version: text, sha: text, at: moment }).nullable(),
  updates: z.array(
    z.strictObject({ id, state: z.enum(INCIDENT_STATES), text: z.string().max(LONGEST_TEXT), at: moment }),
  ),
});
const maintenance = z.strictObject({
  id,
  title: text,
  text: z.string().max(LONGEST_TEXT),
  state: z.enum(MAINTENANCE_STATES),
  from: moment,
  to: moment,
  places: z.array(z.strictObject(where)),
  plannedAt: moment,
  changedAt: moment,
});
const address = z.url({ protocol: /^https?$/ }).max(2_000);
const links = z.strictObject({ page: address, rss: address, feed: address, subscribe: address, unsubscribe: address });

/** The only fields that leave the console without a session: anything else in the answer is an error, not a leak. */
export const publicStatus = z.strictObject({
  schema: z.literal(1),
  at: moment,
  places: z.array(place),
  releases: z.array(release),
  incidents: z.array(incident),
  maintenances: z.array(maintenance),
  links: links.nullable(),
});
