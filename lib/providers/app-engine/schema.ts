import { z } from 'zod';

/** Only the fields that are read. Source: the API's discovery document (fixtures/discovery.json). */
export const appSchema = z.object({ id: z.string().optional() });

export const serviceSchema = z.object({
  split: z.object({ allocations: z.record(z.string(), z.number()).optional() }).optional(),
});

export const versionSchema = z.object({
  id: z.string(),
  createTime: z.string().optional(),
  envVariables: z.record(z.string(), z.string()).optional(),
});

export const versionsSchema = z.object({
  versions: z.array(versionSchema).optional(),
  nextPageToken: z.string().optional(),
});

export type Version = z.infer<typeof versionSchema>;
