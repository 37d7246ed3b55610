import 'server-only';
import { defineCommand } from '@/lib/pipeline/define-command';
import { newResource, resource } from '@/lib/pipeline/resource';
import {
  notificationRef,
  removeSubscriptionInput,
  subscribeInput,
  subscriptionRef,
  switchSubscriptionInput,
  updateSubscriptionInput,
} from './model/schemas';
import {
  redeliver,
  removeSubscription,
  subscribe,
  switchSubscription,
  testSubscription,
  updateSubscription,
} from './server';

const permission = 'subscription.manage';
const resourceOf = resource('subscription', 'id');

export const subscribeCommand = defineCommand({
  name: 'subscription.create',
  permission,
  risk: 'high',
  input: subscribeInput,
  resourceOf: newResource('subscription'),
  run: (ctx, input) => subscribe(ctx, input),
});

export const updateSubscriptionCommand = defineCommand({
  name: 'subscription.update',
  permission,
  risk: 'high',
  input: updateSubscriptionInput,
  resourceOf,
  run: (ctx, input) => updateSubscription(ctx, input),
});

export const switchSubscriptionCommand = defineCommand({
  name: 'subscription.switch',
  permission,
  risk: 'high',
  input: switchSubscriptionInput,
  resourceOf,
  run: switchSubscription,
});

export const removeSubscriptionCommand = defineCommand({
  name: 'subscription.remove',
  permission,
  risk: 'high',
  input: removeSubscriptionInput,
  resourceOf,
  run: removeSubscription,
});

export const testSubscriptionCommand = defineCommand({
  name: 'subscription.test',
  permission,
  input: subscriptionRef,
  resourceOf,
  // Each test is a request to somebody else's server.
  rate: { perMinute: 10 },
  run: testSubscription,
});

export const redeliverCommand = defineCommand({
  name: 'subscription.redeliver',
  permission,
  input: notificationRef,
  resourceOf: resource('notification', 'notificationId'),
  rate: { perMinute: 30 },
  run: redeliver,
});
