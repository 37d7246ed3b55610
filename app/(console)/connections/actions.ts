'use server';

import * as command from '@/lib/connections/commands';
import { defineAction } from '@/lib/pipeline/define-action';

export const createAction = defineAction(command.createCommand);
export const verifyAction = defineAction(command.verifyCommand);
export const updateAction = defineAction(command.updateCommand);
export const setCredentialAction = defineAction(command.setCredentialCommand);
export const setAuthoritiesAction = defineAction(command.setAuthoritiesCommand);
export const setWebhookSecretAction = defineAction(command.setWebhookSecretCommand);
export const endWebhookRotationAction = defineAction(command.endWebhookRotationCommand);
export const replayDeliveryAction = defineAction(command.replayDeliveryCommand);
export const budgetAction = defineAction(command.budgetCommand);
export const removeAction = defineAction(command.removeCommand);
