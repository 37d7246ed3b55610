'use server';

import * as command from '@/lib/gates/commands';
import { defineAction } from '@/lib/pipeline/define-action';

export const lockAction = defineAction(command.lockCommand);
export const liftPinAction = defineAction(command.liftPinCommand);
export const freezeAction = defineAction(command.freezeCommand);
export const updateFreezeAction = defineAction(command.updateFreezeCommand);
export const endFreezeAction = defineAction(command.endFreezeCommand);
