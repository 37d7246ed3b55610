import 'server-only';
import { defineCommand } from '@/lib/pipeline/define-command';
import { newResource, resource } from '@/lib/pipeline/resource';
import { createTokenInput, tokenRef } from './model/schemas';
import { createToken, revokeToken } from './server';

export const createTokenCommand = defineCommand({
  name: 'token.create',
  permission: 'signedIn',
  risk: 'high',
  input: createTokenInput,
  resourceOf: newResource('token'),
  rate: { perMinute: 10 },
  run: createToken,
});

export const revokeTokenCommand = defineCommand({
  name: 'token.revoke',
  // One's own; the verb asks for more when it is somebody else's.
  permission: 'signedIn',
  input: tokenRef,
  resourceOf: resource('token', 'tokenId'),
  run: revokeToken,
});
