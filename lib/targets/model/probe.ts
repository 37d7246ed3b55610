import { z } from 'zod';

/** An address at which the deployed thing itself says which version it is. */
export const Probe = z.strictObject({
  url: z.url({ protocol: /^https?$/, error: 'Enter an address such as https://api.example.com/version.' }).max(500),
  /** Where in a JSON answer the version stands, `build.sha`; null = the whole text of the answer. */
  field: z
    .string()
    .trim()
    .max(100, 'At most 100 characters.')
    .regex(/^[A-Za-z0-9_-]+(?:\.[A-Za-z0-9_-]+)*$/, 'A name such as sha or build.sha.')
    .nullable()
    .default(null),
  /** What it says: the commit (7 to 40 digits of it) or the release's version. */
  says: z.enum(['sha', 'version']).default('sha'),
  /** How long it may take after the provider says done. */
  withinMinutes: z.number().int().min(1, 'At least 1 minute.').max(60, 'At most 60 minutes.').default(10),
});
export type Probe = z.infer<typeof Probe>;
