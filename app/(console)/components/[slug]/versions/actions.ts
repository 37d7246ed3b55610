'use server';

import { setSiteCommand } from '@/lib/docs-sites/commands';
import { defineAction } from '@/lib/pipeline/define-action';

export const setSiteAction = defineAction(setSiteCommand);
