'use server';

import * as command from '@/lib/gallery/commands';
import { defineAction } from '@/lib/pipeline/define-action';

export const createNamespaceAction = defineAction(command.createNamespaceCommand);
export const addOwnerAction = defineAction(command.addOwnerCommand);
export const removeOwnerAction = defineAction(command.removeOwnerCommand);
export const setKeepAction = defineAction(command.setKeepCommand);
export const yankAction = defineAction(command.yankCommand);
export const unyankAction = defineAction(command.unyankCommand);
export const createGalleryTokenAction = defineAction(command.createGalleryTokenCommand);
export const revokeGalleryTokenAction = defineAction(command.revokeGalleryTokenCommand);
