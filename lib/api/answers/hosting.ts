import { z } from 'zod';
import { Allowed, because, id, moment, numbered } from './basics';
import { asked, DeploymentSummary, targetHead } from './deployments';
import { Gate } from './gates';

const baked = z.object({
  from: z.string(),
  state: z.enum(['same', 'none', 'unknown', 'unread', 'unproven', 'other_salt', 'differs']),
  names: z.array(z.string()),
  leftOut: z.array(z.string()).optional(),
});

export const PromotionPlan = z.object({
  target: targetHead,
  provider: z.string(),
  current: DeploymentSummary.nullable(),
  candidates: z.array(DeploymentSummary),
  held: because,
  unasked: because,
  chosen: z
    .object({
      deployment: DeploymentSummary,
      how: z.enum(['build', 'rebuild']),
      says: z.string(),
      baked: baked.nullable(),
      sideEffects: z.array(z.string()),
      gates: z.array(Gate),
      policy: asked,
      allowed: Allowed,
    })
    .nullable(),
  idempotencyKey: z.string(),
});

const served = z.object({ id, number: z.number(), sha: z.string() });
const again = z.object({
  live: served.extend({ ref: z.string() }),
  next: numbered.nullable(),
  approvals: z.number(),
  allowed: Allowed,
});

const preview = z.object({ deploymentId: id, address: z.string().nullable(), screenshot: z.boolean() });
const problem = z.object({ code: z.string(), sentence: z.string() }).nullable();

export const Preview = preview.extend({ problem }).nullable();

export const Hosting = z
  .object({
    provider: z.string(),
    problem,
    addresses: z.array(
      z.object({
        name: z.string(),
        deployment: served.nullable(),
        url: z.string().nullable(),
        redirectsTo: z.string().nullable(),
        verified: z.boolean(),
      }),
    ),
    serving: z.object({ deployment: served.nullable(), url: z.string().nullable() }).nullable(),
    down: because,
    held: because,
    kept: z.object({ id, allowed: Allowed }).nullable(),
    mend: served.nullable(),
    changedThere: served.extend({ older: z.boolean() }).nullable(),
    preview: preview.nullable(),
    changed: z
      .object({
        names: z.array(z.string()),
        since: moment,
        // Null where nothing changed.
        again: again.nullable(),
      })
      .nullable(),
    unread: z.array(z.string()),
  })
  .nullable();
