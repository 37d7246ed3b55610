'use server';

import { classifyCommand, undoClassificationCommand } from '@/lib/observability/commands';
import { defineAction } from '@/lib/pipeline/define-action';

export const classifyAction = defineAction(classifyCommand);
export const undoClassificationAction = defineAction(undoClassificationCommand);
