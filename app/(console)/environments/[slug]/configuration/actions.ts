'use server';

import {
  planRemovalCommand,
  planSettingCommand,
  removeSettingCommand,
  setSettingCommand,
} from '@/lib/configuration/commands';
import { defineAction } from '@/lib/pipeline/define-action';

export const planSettingAction = defineAction(planSettingCommand);
export const planRemovalAction = defineAction(planRemovalCommand);
export const setSettingAction = defineAction(setSettingCommand);
export const removeSettingAction = defineAction(removeSettingCommand);
