import 'server-only';
import { ownTokenInput, ownTokenRef } from '@/lib/connections/model/own-token';
import {
  connectionRef,
  createConnectionInput,
  deliveryRef,
  removeConnectionInput,
  setAuthoritiesInput,
  setBudgetInput,
  setCredentialInput,
  setWebhookSecretInput,
  updateConnectionInput,
} from '@/lib/connections/model/schemas';
import {
  checkOwnToken,
  createConnection,
  endWebhookRotation,
  removeConnection,
  removeOwnToken,
  replayDelivery,
  setAuthorities,
  setBudget,
  setCredential,
  setWebhookSecret,
  storeOwnToken,
  updateConnection,
  verifyConnection,
} from '@/lib/connections/server';
import { defineCommand } from '@/lib/pipeline/define-command';
import { newResource, resource } from '@/lib/pipeline/resource';

const permission = 'connection.manage';
const resourceOf = resource('connection', 'id');

export const createCommand = defineCommand({
  name: 'connection.create',
  permission,
  risk: 'high',
  input: createConnectionInput,
  resourceOf: newResource('connection'),
  run: (ctx, input) => createConnection(ctx, input),
});

/** One's own; nobody else can use, see or remove it, and it goes with the person or the connection. */
export const storeOwnTokenCommand = defineCommand({
  name: 'own-token.store',
  permission: 'signedIn',
  risk: 'high',
  rate: { perMinute: 5 },
  input: ownTokenInput,
  resourceOf: resource('connection', 'connectionId'),
  run: (ctx, input) => storeOwnToken(ctx, input),
});

export const checkOwnTokenCommand = defineCommand({
  name: 'own-token.check',
  permission: 'signedIn',
  rate: { perMinute: 5 },
  input: ownTokenRef,
  resourceOf: resource('connection', 'connectionId'),
  run: checkOwnToken,
});

export const removeOwnTokenCommand = defineCommand({
  name: 'own-token.remove',
  permission: 'signedIn',
  input: ownTokenRef,
  resourceOf: resource('connection', 'connectionId'),
  run: removeOwnToken,
});

export const verifyCommand = defineCommand({
  name: 'connection.verify',
  permission: 'connection.check',
  input: connectionRef,
  resourceOf,
  // Each check is a request to the provider.
  rate: { perMinute: 5 },
  run: verifyConnection,
});

export const updateCommand = defineCommand({
  name: 'connection.update',
  permission,
  input: updateConnectionInput,
  resourceOf,
  run: (ctx, input) => updateConnection(ctx, input),
});

export const setCredentialCommand = defineCommand({
  name: 'connection.set-credential',
  permission,
  risk: 'high',
  input: setCredentialInput,
  resourceOf,
  run: (ctx, input) => setCredential(ctx, input),
});

/** Whom it believes to be its server: the credential goes there. */
export const setAuthoritiesCommand = defineCommand({
  name: 'connection.set-authorities',
  permission,
  risk: 'high',
  input: setAuthoritiesInput,
  resourceOf,
  run: (ctx, input) => setAuthorities(ctx, input),
});

export const setWebhookSecretCommand = defineCommand({
  name: 'connection.set-webhook-secret',
  permission,
  risk: 'high',
  input: setWebhookSecretInput,
  resourceOf,
  run: (ctx, input) => setWebhookSecret(ctx, input),
});

export const endWebhookRotationCommand = defineCommand({
  name: 'connection.end-webhook-rotation',
  permission,
  input: connectionRef,
  resourceOf,
  run: endWebhookRotation,
});

export const budgetCommand = defineCommand({
  name: 'connection.budget',
  permission,
  input: setBudgetInput,
  resourceOf,
  run: setBudget,
});

export const removeCommand = defineCommand({
  name: 'connection.remove',
  permission,
  risk: 'high',
  input: removeConnectionInput,
  resourceOf,
  run: removeConnection,
});

export const replayDeliveryCommand = defineCommand({
  name: 'connection.replay-delivery',
  permission: 'connection.check',
  input: deliveryRef,
  resourceOf: resource('delivery', 'deliveryId'),
  rate: { perMinute: 30 },
  run: replayDelivery,
});
