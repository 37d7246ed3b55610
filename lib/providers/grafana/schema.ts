import { z } from 'zod';

/** Only what is read. */
export const annotationsSchema = z.array(z.object({ id: z.number(), tags: z.array(z.string()).nullish() }));
export const madeSchema = z.object({ id: z.number() });
