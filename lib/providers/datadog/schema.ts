import { z } from 'zod';

/** Only what is read. A bad question may be answered with 200 and an error. */
export const querySchema = z.object({
  status: z.string(),
  error: z.string().optional(),
  series: z
    .array(
      z.object({
        /** Seconds. */
        interval: z.number().optional(),
        pointlist: z.array(z.tuple([z.number(), z.number().nullable()])),
      }),
    )
    .optional(),
});

export const monitorsSchema = z.array(
  z.object({
    id: z.number(),
    name: z.string().optional(),
    overall_state: z.string().optional(),
    priority: z.number().nullish(),
    tags: z.array(z.string()).optional(),
    state: z
      .object({
        groups: z
          .record(z.string(), z.object({ status: z.string().optional(), last_triggered_ts: z.number().nullish() }))
          .optional(),
      })
      .optional(),
  }),
);

const event = z.object({
  id_str: z.string().optional(),
  id: z.number().optional(),
  tags: z.array(z.string()).nullish(),
});
export const eventsSchema = z.object({ events: z.array(event) });
export const madeSchema = z.object({ event });
export const validSchema = z.object({ valid: z.boolean() });
export const errorSchema = z.object({ errors: z.array(z.string()) });

export type Query = z.infer<typeof querySchema>;
export type Monitor = z.infer<typeof monitorsSchema>[number];
export type Event = z.infer<typeof event>;
