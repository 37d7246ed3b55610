import { z } from 'zod';

/** Only the fields that are read, as the vendor's published contract gives them. */
export const runSchema = z.object({
  id: z.string(),
  url: z.string().regex(/^https:\/\//),
  state: z.string(),
  label: z.string(),
  commit: z.string().nullable(),
  startedAt: z.string().nullable(),
  finishedAt: z.string().nullable(),
});

export const runsSchema = z.object({ runs: z.array(runSchema) });
export const accountSchema = z.object({ name: z.string() });

export type Run = z.infer<typeof runSchema>;
