import { z } from 'zod';
import { remoteId } from './schema';

/** Only what is read of environments and pending deployments, as the REST description (2022-11-28) gives it. */

const link = z.string().regex(/^https?:\/\//);
const reviewers = z
  .array(
    z.object({
      type: z.string().nullish(),
      reviewer: z
        .object({ login: z.string().optional(), name: z.string().nullish(), slug: z.string().optional() })
        .nullish(),
    }),
  )
  .default([]);

export const environmentSchema = z.object({
  name: z.string(),
  html_url: link,
  can_admins_bypass: z.boolean().nullish(),
  protection_rules: z
    .array(
      z.object({
        type: z.string(),
        wait_timer: z.number().nullish(),
        prevent_self_review: z.boolean().nullish(),
        reviewers,
      }),
    )
    .default([]),
  deployment_branch_policy: z
    .object({ protected_branches: z.boolean(), custom_branch_policies: z.boolean() })
    .nullish(),
});
export const environmentPageSchema = z.object({ environments: z.array(environmentSchema).optional() });

export const branchPoliciesSchema = z.object({
  branch_policies: z.array(z.object({ name: z.string().default(''), type: z.string().nullish() })).default([]),
});

export const customRulesSchema = z.object({
  custom_deployment_protection_rules: z
    .array(z.object({ enabled: z.boolean(), app: z.object({ slug: z.string() }) }))
    .default([]),
});

export const pendingSchema = z.array(
  z.object({
    environment: z.object({ id: remoteId, name: z.string().default(''), html_url: link.optional() }),
    wait_timer: z.number().default(0),
    wait_timer_started_at: z.string().nullish(),
    current_user_can_approve: z.boolean().default(false),
    reviewers,
  }),
);

export const approvalsSchema = z.array(
  z.object({
    environments: z.array(z.object({ name: z.string().default('') })).default([]),
    state: z.enum(['approved', 'rejected', 'pending']).catch('pending'),
    user: z.object({ login: z.string().default('') }).nullish(),
    comment: z.string().default(''),
  }),
);

export type RawEnvironment = z.infer<typeof environmentSchema>;
export type RawReviewers = z.infer<typeof reviewers>;
