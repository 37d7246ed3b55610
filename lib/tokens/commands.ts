import 'server-only';
import { defineCommand } from '@/lib/pipeline/define-command';
import { createTokenInput, tokenRef } from './model/schemas';
import { createToken, revokeToken } from './server';

export const createTokenCommand = defineCommand({
  name: 'token.create',
  permission: 'signedIn',
  risk: 'high',
  input: createTokenInput,
  resourceOf: () => ({ kind: 'token', id: null }),
  rate: { perMinute: 10 },
  run: createToken,
});

export const revokeTokenCommand = defineCommand({
  name: 'token.revoke',
  // One's own; the verb asks for more when it is somebody else's.
  permission: 'signedIn',
  input: tokenRef,
  resourceOf: ({ tokenId }) => ({ kind: 'token', id: tokenId }),
  run: revokeToken,
});
