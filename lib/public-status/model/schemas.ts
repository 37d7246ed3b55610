import { z } from 'zod';
import { PUBLIC_STATES } from './status';

export const setPublicInput = z.strictObject({
  targetId: z.string().min(1).max(60),
  /** Whether everybody may see what is live there. */
  isPublic: z.boolean(),
});
export type SetPublicInput = z.input<typeof setPublicInput>;

const text = z.string().max(200);
const moment = z.iso.datetime();

const place = z.strictObject({
  component: text,
  environment: text,
  label: text,
  version: text.nullable(),
  sha: text.nullable(),
  since: moment.nullable(),
  state: z.enum(PUBLIC_STATES),
});
const release = z.strictObject({
  component: text,
  environment: text,
  label: text,
  version: text,
  sha: text,
  at: moment,
  restored: z.boolean(),
});

/** The only fields that leave the console without a session: anything else in the answer is an error, not a leak. */
export const publicStatus = z.strictObject({
  schema: z.literal(1),
  at: moment,
  places: z.array(place),
  releases: z.array(release),
});
