import { freeze, key, type Place, reason } from './sample-inputs';

/** Two ids in one input, of two environments: who may act in the first must not reach into the second. */
export const MIXED: Record<string, (one: Place, other: Place) => unknown> = {
  'deployment.rollback': ({ targetId }, { olderId }) => ({
    targetId,
    toDeploymentId: olderId,
    reason,
    idempotencyKey: key,
  }),
  'deployment.promote': ({ targetId }, { olderId }) => ({ targetId, fromDeploymentId: olderId, idempotencyKey: key }),
  'target.promotion': ({ targetId }, { olderId }) => ({ targetId, fromDeploymentId: olderId }),
  'target.roll-back': ({ targetId }, { olderId }) => ({ targetId, toDeploymentId: olderId }),
  'freeze.update': ({ environmentId }, { freezeId }) => ({ ...freeze, id: freezeId, version: 1, environmentId }),
  'lock.create': ({ environmentId }, { targetId }) => ({ environmentId, targetId, reason }),
};
