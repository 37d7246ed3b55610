import { z } from 'zod';
import { ServiceError } from '@/lib/kernel/errors';

/** How a deployment that stays worse than what it replaced is rolled back by itself. */
export const RollBackWhenWorse = z.strictObject({
  /** For so long each look has to find it worse. */
  confirmMinutes: z.number().int().min(1, 'At least 1 minute.').max(60, 'At most 60 minutes.').default(3),
  /** Also in a freeze; left out, a freeze holds it as it holds a person's. A lock always does. */
  throughFreeze: z.literal(true).optional(),
});
export type RollBackWhenWorse = z.infer<typeof RollBackWhenWorse>;

/** What has to hold before anything goes live in an environment. The defaults ask for nothing. */
export const Policy = z.strictObject({
  /** How many distinct people, none of them the requester, have to approve. */
  approvals: z.number().int().min(0).max(6, 'At most 6 approvals.').default(0),
  /** How long a request waits for them. */
  approvalHours: z.number().int().min(1).max(720, 'At most 30 days.').default(72),
  /** What the commit's own checks must say. `not_failing` lets commits without checks through. Roll-backs and re-runs are exempt. */
  checks: z.enum(['ignore', 'not_failing', 'success']).default('ignore'),
  /** The names of those that count; left out = all of them. With `success` each has to have passed; a skipped one has not. */
  requiredChecks: z
    .array(z.string().trim().min(1, 'Leave out empty lines.').max(200, 'At most 200 characters.'))
    .min(1, 'Leave it out where all of them count.')
    .max(20, 'At most 20 names.')
    .optional(),
  /** Environment in which the same commit must have succeeded first; null = none. Roll-backs are exempt. */
  afterEnvironmentId: z.string().min(1).max(60).nullable().default(null),
  /** How long it must have been live there. */
  soakMinutes: z.number().int().min(0).max(10_080, 'At most 7 days.').default(0),
  /** It also has to have been judged healthy there. Left out where it does not, so that older approvals keep their digest. */
  soakHealthy: z.literal(true).optional(),
  /** Left out = going back is a person's to press; it also keeps the digest of older approvals. */
  rollBackWhenWorse: RollBackWhenWorse.optional(),
  /** What the requester has to tick, word for word. */
  checklist: z
    .array(z.string().trim().min(1, 'Leave out empty lines.').max(200, 'At most 200 characters.'))
    .max(20, 'At most 20 items.')
    .default([]),
});
export type Policy = z.infer<typeof Policy>;

/** What is stored may have been written by a newer instance: what this one does not know, it leaves alone. */
const StoredPolicy = z.object(Policy.shape);

/** Null: it cannot be read here, so nobody can say what it asks for, and whatever asks has to wait. */
export function readPolicyOf(stored: unknown): Policy | null {
  const read = StoredPolicy.safeParse(stored ?? {});
  return read.success ? read.data : null;
}

/**
 * A stored policy with its gaps filled: older rows know fewer fields. Throws `ServiceError` precondition
 * `policy_unreadable`, which ends nothing: what waits goes on waiting.
 */
export function policyOf(stored: Partial<Policy> | null | undefined): Policy {
  const policy = readPolicyOf(stored);
  if (!policy) throw new ServiceError('precondition', 'policy_unreadable', UNREADABLE);
  return policy;
}

const UNREADABLE =
  'What this environment asks for cannot be read by this version of the console, so nothing goes there. Bring every instance to the newest version that is in use, or have somebody set it anew, with a reason.';

export const setPolicyInput = z.strictObject({
  environmentId: z.string().min(1).max(60),
  /** The one that was read: somebody else's change in between is a conflict. */
  policyVersion: z.number().int().min(1),
  policy: Policy,
  /** Kept in the audit log; needed to replace what this version of the console cannot read. */
  reason: z.string().trim().max(500, 'At most 500 characters.').default(''),
});
export type SetPolicyInput = z.input<typeof setPolicyInput>;
