'use server';

import { defineAction } from '@/lib/pipeline/define-action';
import { namespaceCommand, publishCommand, recallCommand, unpublishCommand } from '@/lib/publications/commands';

export const publishAction = defineAction(publishCommand);
export const recallAction = defineAction(recallCommand);
export const namespaceAction = defineAction(namespaceCommand);
export const unpublishAction = defineAction(unpublishCommand);
