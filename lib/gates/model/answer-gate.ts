import { z } from 'zod';

/** What a person answers to gates of the provider, by the ids that were on the page. */
export const answerGateInput = z.strictObject({
  deploymentId: z.string().min(1).max(60),
  gateIds: z
    .array(z.string().regex(/^\w{1,40}$/))
    .min(1, 'Choose at least one environment.')
    .max(20),
  decision: z.enum(['approved', 'rejected']),
  /** Stands at the provider for everybody there to read. */
  comment: z.string().trim().max(500, 'At most 500 characters.').default(''),
});
export type AnswerGateInput = z.input<typeof answerGateInput>;
