'use server';

import { defineAction } from '@/lib/pipeline/define-action';
import * as command from '@/lib/status/commands';

export const openIncidentAction = defineAction(command.openIncidentCommand);
export const postUpdateAction = defineAction(command.postUpdateCommand);
export const changeIncidentAction = defineAction(command.changeIncidentCommand);
export const planMaintenanceAction = defineAction(command.planMaintenanceCommand);
export const changeMaintenanceAction = defineAction(command.changeMaintenanceCommand);
export const endMaintenanceAction = defineAction(command.endMaintenanceCommand);
export const removeSubscriberAction = defineAction(command.removeSubscriberCommand);
export const wakeSubscriberAction = defineAction(command.wakeSubscriberCommand);
