import { z } from 'zod';

/** Only what is read. Numbers come as text, so that NaN and infinities can. */
const sample = z.tuple([z.number(), z.string()]);

export const rangeSchema = z.object({
  status: z.literal('success'),
  /** A source of several servers says here that one of them did not answer. */
  warnings: z.array(z.string()).optional(),
  data: z.object({
    resultType: z.literal('matrix'),
    result: z.array(z.object({ values: z.array(sample).optional() })),
  }),
});
export const instantSchema = z.object({
  status: z.literal('success'),
  data: z.object({ resultType: z.enum(['vector', 'scalar', 'string', 'matrix']) }),
});
export const alertsSchema = z.object({
  status: z.literal('success'),
  data: z.object({
    alerts: z.array(
      z.object({
        state: z.string(),
        activeAt: z.string().optional(),
        labels: z.record(z.string(), z.string()),
        annotations: z.record(z.string(), z.string()),
      }),
    ),
  }),
});
export const errorSchema = z.object({ status: z.literal('error'), errorType: z.string(), error: z.string() });
export type Range = z.infer<typeof rangeSchema>;
export type Alert = z.infer<typeof alertsSchema>['data']['alerts'][number];
