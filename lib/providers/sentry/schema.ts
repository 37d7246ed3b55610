import { z } from 'zod';

/** Only what is read. */
export const sessionsSchema = z.object({
  intervals: z.array(z.string()),
  groups: z.array(z.object({ series: z.record(z.string(), z.array(z.number().nullable())) })),
});

export const timeseriesSchema = z.object({
  timeSeries: z.array(
    z.object({
      values: z.array(
        z.object({
          /** Epoch milliseconds. */
          timestamp: z.number(),
          value: z.number().nullable(),
          incomplete: z.boolean(),
          sampleCount: z.number().nullish(),
        }),
      ),
      /** `interval` in milliseconds. */
      meta: z.object({ interval: z.number(), dataScanned: z.string().optional() }),
    }),
  ),
});

export const issuesSchema = z.array(
  z.object({
    id: z.string(),
    shortId: z.string(),
    title: z.string(),
    permalink: z.string(),
    count: z.string(),
    firstSeen: z.string().nullable(),
  }),
);

export const projectsSchema = z.array(z.object({ slug: z.string() }));
export const releaseSchema = z.object({ version: z.string() });

export const deploySchema = z.object({ id: z.string(), name: z.string().nullable(), environment: z.string() });
export const deploysSchema = z.array(deploySchema);

export const errorSchema = z.object({ detail: z.union([z.string(), z.object({ message: z.string() })]) });

export type Sessions = z.infer<typeof sessionsSchema>;
export type Timeseries = z.infer<typeof timeseriesSchema>;
export type Issue = z.infer<typeof issuesSchema>[number];
