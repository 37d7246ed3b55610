'use server';

import { republishCommand } from '@/lib/extensions/commands';
import { defineAction } from '@/lib/pipeline/define-action';

export const republishAction = defineAction(republishCommand);
