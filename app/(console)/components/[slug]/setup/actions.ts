'use server';

import { setUpCommand } from '@/lib/blueprints/commands';
import { defineAction } from '@/lib/pipeline/define-action';

export const setUpAction = defineAction(setUpCommand);
