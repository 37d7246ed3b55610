'use server';

import * as command from '@/lib/notifications/commands';
import { defineAction } from '@/lib/pipeline/define-action';

export const subscribeAction = defineAction(command.subscribeCommand);
export const updateSubscriptionAction = defineAction(command.updateSubscriptionCommand);
export const switchSubscriptionAction = defineAction(command.switchSubscriptionCommand);
export const removeSubscriptionAction = defineAction(command.removeSubscriptionCommand);
export const testSubscriptionAction = defineAction(command.testSubscriptionCommand);
export const redeliverAction = defineAction(command.redeliverCommand);
