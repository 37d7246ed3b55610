import 'server-only';
import { z } from 'zod';
import { defineQuery } from '@/lib/pipeline/define-query';
import {
  CommitQuery,
  DeploymentFilter,
  DeploymentIdInput,
  ImagesQuery,
  LogQuery,
  PlanQuery,
  PromotionPlanQuery,
  RemoteRulesQuery,
  RevisionQuery,
  RollBackPlanQuery,
} from './model/schemas';
import {
  composerImages,
  composerPlan,
  composerStart,
  listCommits,
  listDeployments,
  readApproval,
  readComponent,
  readDeployment,
  readFailure,
  readHosting,
  readLog,
  readLogs,
  readMatrix,
  readNow,
  readPreview,
  readPromotion,
  readReasons,
  readRemoteGate,
  readRemoteRules,
  readRollBack,
  readScreenshot,
  readWaiting,
  searchRevisions,
} from './server';

/** The reads of the deployments domain behind the pipeline; pages and API routes call these same objects. */

const Nothing = z.strictObject({});
const permission = 'deployment.read';
/** A page of the composer asks the provider; this many per person and minute keep a quota usable for the others. */
const rate = { perMinute: 120 };

export const nowQuery = defineQuery({ name: 'deployment.now', permission, input: Nothing, run: (ctx) => readNow(ctx) });

export const waitingQuery = defineQuery({
  name: 'deployment.waiting',
  permission,
  input: Nothing,
  run: (ctx) => readWaiting(ctx),
});

export const matrixQuery = defineQuery({
  name: 'deployment.matrix',
  permission,
  input: Nothing,
  run: (ctx) => readMatrix(ctx),
});

export const componentQuery = defineQuery({
  name: 'component.get',
  permission,
  input: z.strictObject({ slug: z.string().min(1).max(80) }),
  run: readComponent,
});

export const remoteGateQuery = defineQuery({
  name: 'deployment.gate',
  permission,
  input: DeploymentIdInput,
  run: readRemoteGate,
});

export const remoteRulesQuery = defineQuery({
  name: 'target.rules',
  permission,
  rate,
  input: RemoteRulesQuery,
  run: readRemoteRules,
});

export const deploymentListQuery = defineQuery({
  name: 'deployment.list',
  permission,
  input: DeploymentFilter,
  run: listDeployments,
});

export const deploymentQuery = defineQuery({
  name: 'deployment.get',
  permission,
  input: DeploymentIdInput,
  run: readDeployment,
});

/** Asks the provider, so a page asks for it by itself and late. */
export const failureQuery = defineQuery({
  name: 'deployment.failure',
  permission,
  input: DeploymentIdInput,
  rate: { perMinute: 120 },
  run: readFailure,
});

export const reasonsQuery = defineQuery({
  name: 'deployment.reasons',
  permission,
  input: DeploymentIdInput,
  rate: { perMinute: 60 },
  run: readReasons,
});

export const logQuery = defineQuery({
  name: 'deployment.log',
  permission,
  input: LogQuery,
  rate: { perMinute: 240 },
  run: readLog,
});

export const allLogsQuery = defineQuery({
  name: 'deployment.logs',
  permission,
  input: z.strictObject({ deploymentId: z.string().min(1).max(80), job: z.string().min(1).max(200).optional() }),
  rate: { perMinute: 60 },
  run: readLogs,
});

export const composerStartQuery = defineQuery({
  name: 'target.composer',
  permission,
  leadsTo: 'deployment.request',
  input: z.strictObject({ targetId: z.string().min(1).max(80) }),
  run: composerStart,
});

export const revisionsQuery = defineQuery({
  name: 'target.revisions',
  permission,
  leadsTo: 'deployment.request',
  input: RevisionQuery,
  rate,
  run: searchRevisions,
});

export const commitsQuery = defineQuery({
  name: 'target.commits',
  permission,
  leadsTo: 'deployment.request',
  input: CommitQuery,
  rate,
  run: listCommits,
});

export const imagesQuery = defineQuery({
  name: 'target.images',
  permission,
  leadsTo: 'deployment.request',
  input: ImagesQuery,
  // A page is a dozen requests to a registry, few of which count there.
  rate: { perMinute: 60 },
  run: composerImages,
});

export const planQuery = defineQuery({
  name: 'target.plan',
  permission,
  leadsTo: 'deployment.request',
  input: PlanQuery,
  rate,
  run: composerPlan,
});

export const approvalPacketQuery = defineQuery({
  name: 'deployment.approval',
  permission,
  leadsTo: 'deployment.approve',
  input: DeploymentIdInput,
  rate,
  run: readApproval,
});

/** Asks the host, so a page asks for it by itself and late. */
export const hostingQuery = defineQuery({
  name: 'target.hosting',
  permission,
  input: z.strictObject({ targetId: z.string().min(1).max(80) }),
  rate: { perMinute: 60 },
  run: readHosting,
});

export const screenshotQuery = defineQuery({
  name: 'deployment.screenshot',
  permission,
  input: DeploymentIdInput,
  rate: { perMinute: 60 },
  run: readScreenshot,
});

export const previewQuery = defineQuery({
  name: 'deployment.preview',
  permission,
  input: DeploymentIdInput,
  rate: { perMinute: 60 },
  run: readPreview,
});

export const promotionPlanQuery = defineQuery({
  name: 'target.promotion',
  permission,
  leadsTo: 'deployment.request',
  input: PromotionPlanQuery,
  rate,
  run: readPromotion,
});

export const rollBackPlanQuery = defineQuery({
  name: 'target.roll-back',
  permission,
  leadsTo: 'deployment.rollback',
  input: RollBackPlanQuery,
  rate,
  run: readRollBack,
});
