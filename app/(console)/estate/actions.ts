'use server';

import { setTellingCommand } from '@/lib/announcements/commands';
import { setRuntimeCommand } from '@/lib/configuration/commands';
import { setHealthCommand } from '@/lib/observability/commands';
import { defineAction } from '@/lib/pipeline/define-action';
import { setPublicCommand } from '@/lib/public-status/commands';
import * as command from '@/lib/targets/commands';

export const createComponentAction = defineAction(command.createComponentCommand);
export const updateComponentAction = defineAction(command.updateComponentCommand);
export const createEnvironmentAction = defineAction(command.createEnvironmentCommand);
export const updateEnvironmentAction = defineAction(command.updateEnvironmentCommand);
export const setPolicyAction = defineAction(command.setPolicyCommand);
export const createTargetAction = defineAction(command.createTargetCommand);
export const updateTargetAction = defineAction(command.updateTargetCommand);
export const setTellingAction = defineAction(setTellingCommand);
export const setPublicAction = defineAction(setPublicCommand);
export const setRuntimeAction = defineAction(setRuntimeCommand);
export const setHealthAction = defineAction(setHealthCommand);
