'use server';

import * as command from '@/lib/deployments/commands';
import { newHeadCommand } from '@/lib/docs-sites/commands';
import { collectCommand } from '@/lib/extensions/commands';
import { defineAction } from '@/lib/pipeline/define-action';

export const triggerAction = defineAction(command.triggerCommand);
export const cancelAction = defineAction(command.cancelCommand);
export const stopWaitingAction = defineAction(command.stopWaitingCommand);
export const retryAction = defineAction(command.retryCommand);
export const redeployAction = defineAction(command.redeployCommand);
export const rollBackAction = defineAction(command.rollBackCommand);
export const promoteAction = defineAction(command.promoteCommand);
export const serveHeldAction = defineAction(command.serveHeldCommand);
export const resolveAction = defineAction(command.resolveCommand);
export const approveAction = defineAction(command.approveCommand);
export const rejectAction = defineAction(command.rejectCommand);
export const answerGateAction = defineAction(command.answerGateCommand);
export const overrideFreezeAction = defineAction(command.overrideFreezeCommand);
export const tickAction = defineAction(command.tickCommand);
export const cancelLateRunAction = defineAction(command.cancelLateRunCommand);
export const newHeadAction = defineAction(newHeadCommand);
export const takePackageAction = defineAction(collectCommand);
