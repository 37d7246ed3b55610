'use server';

import { defineAction } from '@/lib/pipeline/define-action';
import { createReleaseCommand, createTagCommand, publishReleaseCommand } from '@/lib/releases/commands';

export const createReleaseAction = defineAction(createReleaseCommand);
export const publishReleaseAction = defineAction(publishReleaseCommand);
export const createTagAction = defineAction(createTagCommand);
