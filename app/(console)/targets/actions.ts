'use server';

import { defineAction } from '@/lib/pipeline/define-action';
import { lookCommand } from '@/lib/sightings/commands';

export const lookAction = defineAction(lookCommand);
