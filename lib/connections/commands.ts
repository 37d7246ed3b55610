import 'server-only';
import {
  connectionRef,
  createConnectionInput,
  deliveryRef,
  removeConnectionInput,
  setBudgetInput,
  setCredentialInput,
  setWebhookSecretInput,
  updateConnectionInput,
} from '@/lib/connections/model/schemas';
import {
  createConnection,
  endWebhookRotation,
  removeConnection,
  replayDelivery,
  setBudget,
  setCredential,
  setWebhookSecret,
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

export const verifyCommand = defineCommand({
  name: 'connection.verify',
  permission,
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
  permission,
  input: deliveryRef,
  resourceOf: resource('delivery', 'deliveryId'),
  rate: { perMinute: 30 },
  run: replayDelivery,
});
