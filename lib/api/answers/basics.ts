import { z } from 'zod';
import { DEPLOYMENT_STATUSES } from '@/lib/deployments/model/status';
import { ROLES } from '@/lib/members/model/role';

/** Pieces that several answers share. Named ones are in `ANSWERS` and become components of the OpenAPI document. */
export const id = z.string();
export const slugAndName = z.object({ slug: z.string(), name: z.string() });
export const idAndName = z.object({ id, name: z.string() });
export const numbered = z.object({ id, number: z.number() });
export const placed = z.object({ slug: z.string(), name: z.string(), isProduction: z.boolean() });
export const status = z.enum(DEPLOYMENT_STATUSES);
export const moment = z.iso.datetime();
export const health = z.enum(['unchecked', 'ok', 'failing']);
export const inputValues = z.record(z.string(), z.union([z.string(), z.number(), z.boolean()]));
export const because = z.string().nullable();

export const Refusal = z.object({ code: z.string(), sentence: z.string() });
export const Allowed = z.object({ allowed: z.boolean(), refusal: Refusal.nullable() });
export const Grant = z.object({
  role: z.enum(ROLES),
  environmentPattern: z.string(),
  within: z.string().optional(),
});

const step = z.enum(['queued', 'running', 'succeeded', 'failed', 'cancelled', 'skipped', 'unrecognised']);
export const Step = z.object({
  key: z.string(),
  number: z.number(),
  name: z.string(),
  status: step,
  startedAt: moment.nullable(),
  endedAt: moment.nullable(),
});
export const Job = z.object({
  jobId: z.string(),
  name: z.string(),
  status: step,
  startedAt: moment.nullable(),
  endedAt: moment.nullable(),
  steps: z.array(Step),
});

export const checks = z.enum(['success', 'failure', 'pending', 'none']);
export const Commit = z.object({
  sha: z.string(),
  message: z.string(),
  author: z.string(),
  authoredAt: z.string(),
  url: z.string(),
  checks,
  unpassed: z
    .array(z.object({ name: z.string(), stands: z.enum(['failed', 'running', 'skipped', 'missing', 'unread']) }))
    .optional(),
});
export const Comparison = z.object({
  included: z.array(Commit),
  leaving: z.array(Commit),
  totalIncluded: z.number(),
  totalLeaving: z.number(),
  url: z.string(),
});
export const Revision = z.object({ ref: z.string(), refKind: z.enum(['branch', 'tag']), sha: z.string() });
export const RevisionOption = z.object({
  ...Revision.shape,
  label: z.string(),
  detail: z.string(),
  checks: checks.nullable(),
});
export const DeployForm = z.object({
  fields: z.array(
    z.object({
      name: z.string(),
      type: z.enum(['string', 'choice', 'boolean', 'number', 'environment']),
      description: z.string(),
      required: z.boolean(),
      default: z.union([z.string(), z.number(), z.boolean()]).nullable(),
      options: z.array(z.string()),
      whenEmpty: z.array(z.string()).optional(),
    }),
  ),
  reserved: z.object({ marker: because, sha: because }),
  findable: z.boolean(),
  source: z.object({ path: z.string(), sha: z.string(), url: z.string(), digest: z.string().optional() }),
  warnings: z.array(z.string()),
  advice: z.array(z.object({ fine: z.boolean(), sentence: z.string(), snippet: z.string().nullable() })).optional(),
});

export const Problem = z.object({
  type: z.string(),
  title: z.string(),
  status: z.number().int(),
  detail: z.string(),
  code: z.string(),
  requestId: z.string(),
  fields: z.record(z.string(), z.string()).optional(),
});

export const pageOf = <T extends z.ZodType>(row: T) =>
  z.object({ rows: z.array(row), nextCursor: z.string().nullable() });
