'use server';

import { defineAction } from '@/lib/pipeline/define-action';
import { switchRenderingCommand } from '@/lib/rendering/commands';

export const switchRenderingAction = defineAction(switchRenderingCommand);
