import { z } from 'zod';
import { Allowed, because, id, moment } from './basics';
import { asked, DeploymentSummary, targetHead } from './deployments';
import { Gate } from './gates';

const baked = z.object({
  from: z.string(),
  state: z.enum(['same', 'none', 'unknown', 'unread', 'unproven', 'differs']),
  names: z.array(z.string()),
});

export const PromotionPlan = z.object({
  target: targetHead,
  provider: z.string(),
  current: DeploymentSummary.nullable(),
  candidates: z.array(DeploymentSummary),
  held: because,
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

export const Hosting = z
  .object({
    provider: z.string(),
    problem: z.object({ code: z.string(), sentence: z.string() }).nullable(),
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
    held: because,
    mend: served.nullable(),
    preview: z.object({ deploymentId: id, address: z.string().nullable(), screenshot: z.boolean() }).nullable(),
    changed: z.object({ names: z.array(z.string()), since: moment }).nullable(),
  })
  .nullable();
