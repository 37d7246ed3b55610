import { z } from 'zod';

/** What has to hold before anything goes live in an environment. The defaults ask for nothing. */
export const Policy = z.strictObject({
  /** How many distinct people, none of them the requester, have to approve. */
  approvals: z.number().int().min(0).max(6, 'At most 6 approvals.').default(0),
  /** How long a request waits for them. */
  approvalHours: z.number().int().min(1).max(720, 'At most 30 days.').default(72),
  /** What the commit's own checks must say. `not_failing` lets commits without checks through. */
  checks: z.enum(['ignore', 'not_failing', 'success']).default('ignore'),
  /** Environment in which the same commit must have succeeded first; null = none. Roll-backs are exempt. */
  afterEnvironmentId: z.string().min(1).max(60).nullable().default(null),
  /** How long it must have been live there. */
  soakMinutes: z.number().int().min(0).max(10_080, 'At most 7 days.').default(0),
  /** What the requester has to tick, word for word. */
  checklist: z
    .array(z.string().trim().min(1, 'Leave out empty lines.').max(200, 'At most 200 characters.'))
    .max(20, 'At most 20 items.')
    .default([]),
});
export type Policy = z.infer<typeof Policy>;

/** A stored policy with its gaps filled: older rows know fewer fields. */
export function policyOf(stored: Partial<Policy> | null | undefined): Policy {
  return Policy.parse(stored ?? {});
}

export const setPolicyInput = z.strictObject({
  environmentId: z.string().min(1).max(60),
  /** The one that was read: somebody else's change in between is a conflict. */
  policyVersion: z.number().int().min(1),
  policy: Policy,
});
export type SetPolicyInput = z.input<typeof setPolicyInput>;
