import 'server-only';
import type { ServiceContext } from '@/lib/auth/context';
import {
  DeploymentIdInput,
  PromoteInput,
  RedeployInput,
  ResolveInput,
  RollBackInput,
  type Triggered,
  TriggerInput,
} from '@/lib/deployments/model/schemas';
import {
  answerGate,
  approve,
  cancelDeployment,
  cancelLateRun,
  connectionOf,
  connectionOfTarget,
  environmentSlugOf,
  environmentSlugOfTarget,
  isForProduction,
  overrideFreeze,
  overridesFreeze,
  promoteDeployment,
  redeploy,
  reject,
  resolveUnknown,
  retryDeployment,
  rollBack,
  serveHeld,
  stopWaiting,
  tickChecklist,
  triggerDeployment,
} from '@/lib/deployments/server';
import { answerGateInput } from '@/lib/gates/model/answer-gate';
import { approveInput, overrideFreezeInput, rejectInput, tickInput } from '@/lib/gates/model/schemas';
import { ServiceError } from '@/lib/kernel/errors';
import { defineCommand } from '@/lib/pipeline/define-command';

function found(slug: string | null): string {
  if (slug !== null) return slug;
  throw new ServiceError(
    'notFound',
    'not_found',
    'It is not there any more. Go back to “What runs where” and choose again.',
  );
}

const ofDeployment = {
  environmentOf: async (ctx: ServiceContext, input: { deploymentId: string }) =>
    found(await environmentSlugOf(ctx, input.deploymentId)),
  resourceOf: (input: { deploymentId: string }) => ({ kind: 'deployment', id: input.deploymentId }),
};

const ofTarget = {
  environmentOf: async (ctx: ServiceContext, input: { targetId: string }) =>
    found(await environmentSlugOfTarget(ctx, input.targetId)),
  resourceOf: (input: { targetId: string }) => ({ kind: 'target', id: input.targetId }),
};

/** Each press may become a run at the provider; nobody needs more. */
const rate = { perMinute: 10 };
/** What all people and tokens together may start through one provider account; a roll-back never waits for it. */
const together = { perMinute: 60, what: 'deployments through this connection' };
const targetsAccount = {
  ...together,
  of: (ctx: ServiceContext, input: { targetId: string }) => connectionOfTarget(ctx, input.targetId),
};
const deploymentsAccount = {
  ...together,
  of: (ctx: ServiceContext, input: { deploymentId: string }) => connectionOf(ctx, input.deploymentId),
};
/** A repeated press joined what was there: whoever lost an answer may ask again. */
const uncounted = ({ outcome }: Triggered) => outcome === 'repeated';

export const triggerCommand = defineCommand({
  name: 'deployment.request',
  permission: 'deployment.request',
  rate,
  sharedRate: targetsAccount,
  uncounted,
  risk: overridesFreeze,
  input: TriggerInput,
  ...ofTarget,
  run: triggerDeployment,
});

export const cancelCommand = defineCommand({
  name: 'deployment.cancel',
  permission: 'deployment.cancel',
  input: DeploymentIdInput,
  ...ofDeployment,
  run: cancelDeployment,
});

export const stopWaitingCommand = defineCommand({
  name: 'deployment.stop-waiting',
  permission: 'deployment.cancel',
  input: DeploymentIdInput,
  ...ofDeployment,
  run: stopWaiting,
});

export const retryCommand = defineCommand({
  name: 'deployment.retry',
  permission: 'deployment.retry',
  rate,
  sharedRate: deploymentsAccount,
  input: DeploymentIdInput,
  ...ofDeployment,
  run: retryDeployment,
});

export const redeployCommand = defineCommand({
  name: 'deployment.redeploy',
  permission: 'deployment.request',
  rate,
  sharedRate: deploymentsAccount,
  uncounted,
  input: RedeployInput,
  ...ofDeployment,
  run: redeploy,
});

export const rollBackCommand = defineCommand({
  name: 'deployment.rollback',
  permission: 'deployment.rollback',
  rate,
  uncounted,
  risk: overridesFreeze,
  input: RollBackInput,
  ...ofTarget,
  run: rollBack,
});

export const promoteCommand = defineCommand({
  name: 'deployment.promote',
  permission: 'deployment.request',
  rate,
  sharedRate: targetsAccount,
  uncounted,
  risk: overridesFreeze,
  input: PromoteInput,
  ...ofTarget,
  run: promoteDeployment,
});

export const serveHeldCommand = defineCommand({
  name: 'deployment.serve-held',
  permission: 'deployment.request',
  rate,
  sharedRate: deploymentsAccount,
  input: DeploymentIdInput,
  ...ofDeployment,
  run: serveHeld,
});

export const resolveCommand = defineCommand({
  name: 'deployment.resolve',
  permission: 'deployment.resolve',
  input: ResolveInput,
  ...ofDeployment,
  run: resolveUnknown,
});

export const approveCommand = defineCommand({
  name: 'deployment.approve',
  permission: 'deployment.approve',
  rate: { perMinute: 30 },
  risk: isForProduction,
  input: approveInput,
  ...ofDeployment,
  run: approve,
});

export const rejectCommand = defineCommand({
  name: 'deployment.reject',
  permission: 'deployment.approve',
  rate: { perMinute: 30 },
  input: rejectInput,
  ...ofDeployment,
  run: reject,
});

export const overrideFreezeCommand = defineCommand({
  name: 'deployment.override-freeze',
  permission: 'freeze.override',
  risk: 'high',
  input: overrideFreezeInput,
  ...ofDeployment,
  run: overrideFreeze,
});

export const tickCommand = defineCommand({
  name: 'deployment.tick',
  permission: 'deployment.request',
  input: tickInput,
  ...ofDeployment,
  run: tickChecklist,
});

export const answerGateCommand = defineCommand({
  name: 'deployment.answer-gate',
  permission: 'gate.answer',
  rate: { perMinute: 10 },
  risk: isForProduction,
  input: answerGateInput,
  ...ofDeployment,
  run: answerGate,
});

export const cancelLateRunCommand = defineCommand({
  name: 'deployment.cancel-late-run',
  permission: 'deployment.cancel',
  rate,
  input: DeploymentIdInput,
  ...ofDeployment,
  run: cancelLateRun,
});
