'use server';

import * as connection from '@/lib/connections/commands';
import * as command from '@/lib/members/commands';
import { defineAction } from '@/lib/pipeline/define-action';
import * as token from '@/lib/tokens/commands';

export const inviteAction = defineAction(command.inviteCommand);
export const newLinkAction = defineAction(command.newLinkCommand);
export const setGrantsAction = defineAction(command.setGrantsCommand);
export const disableAction = defineAction(command.disableCommand);
export const enableAction = defineAction(command.enableCommand);
export const revokeSessionsAction = defineAction(command.revokeSessionsCommand);
export const revokeOwnSessionAction = defineAction(command.revokeOwnSessionCommand);
export const proveAction = defineAction(command.proveCommand);
export const storeOwnTokenAction = defineAction(connection.storeOwnTokenCommand);
export const checkOwnTokenAction = defineAction(connection.checkOwnTokenCommand);
export const removeOwnTokenAction = defineAction(connection.removeOwnTokenCommand);
export const createTokenAction = defineAction(token.createTokenCommand);
export const revokeTokenAction = defineAction(token.revokeTokenCommand);
