import { z } from 'zod';
import { Allowed, because, Commit, id, numbered } from './basics';
import { asked, DeploymentSummary, targetHead, Usual } from './deployments';
import { Gate } from './gates';

const leaving = z.object({
  leaving: z.array(Commit),
  totalLeaving: z.number(),
  url: z.string().nullable(),
  leavingProblem: because,
});
const how = z.enum(['repoint', 'repoint-or-redeploy', 'redeploy', 'roll-forward']);
export const RollBackPlan = z.object({
  target: targetHead,
  current: DeploymentSummary.nullable(),
  candidates: z.array(DeploymentSummary),
  currentOffered: because,
  onItsWay: z
    .object({ ...numbered.shape, says: z.string(), can: z.enum(['cancel', 'stop-waiting']).nullable() })
    .nullable(),
  chosen: z
    .object({
      deployment: DeploymentSummary,
      how,
      says: z.string(),
      usual: Usual.nullable(),
      ...leaving.shape,
      leavingThen: leaving.nullable(),
      sideEffects: z.array(z.string()),
      gates: z.array(Gate),
      policy: asked,
      allowed: Allowed,
    })
    .nullable(),
  siblings: z.array(
    z.object({
      targetId: id,
      component: z.string(),
      environment: z.string(),
      label: z.string(),
      how,
      usualMs: z.number().nullable(),
      lastGood: z.object({ ...numbered.shape, sha: z.string() }).nullable(),
    }),
  ),
  idempotencyKey: z.string(),
});
