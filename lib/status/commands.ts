import 'server-only';
import { defineCommand } from '@/lib/pipeline/define-command';
import { newResource, resource } from '@/lib/pipeline/resource';
import {
  changeIncidentInput,
  changeMaintenanceInput,
  endMaintenanceInput,
  openIncidentInput,
  planMaintenanceInput,
  postUpdateInput,
  subscriberRef,
} from './model/schemas';
import {
  changeIncident,
  changeMaintenance,
  endMaintenance,
  openIncident,
  planMaintenance,
  postUpdate,
  removeSubscriber,
  wakeSubscriber,
} from './server';

const permission = 'incident.manage';

export const openIncidentCommand = defineCommand({
  name: 'incident.open',
  permission,
  input: openIncidentInput,
  resourceOf: newResource('incident'),
  run: openIncident,
});

export const postUpdateCommand = defineCommand({
  name: 'incident.update',
  permission,
  input: postUpdateInput,
  resourceOf: resource('incident', 'incidentId'),
  run: postUpdate,
});

export const changeIncidentCommand = defineCommand({
  name: 'incident.change',
  permission,
  input: changeIncidentInput,
  resourceOf: resource('incident', 'incidentId'),
  run: changeIncident,
});

export const planMaintenanceCommand = defineCommand({
  name: 'maintenance.plan',
  permission,
  input: planMaintenanceInput,
  resourceOf: newResource('maintenance'),
  run: planMaintenance,
});

export const changeMaintenanceCommand = defineCommand({
  name: 'maintenance.change',
  permission,
  input: changeMaintenanceInput,
  resourceOf: resource('maintenance', 'maintenanceId'),
  run: changeMaintenance,
});

export const endMaintenanceCommand = defineCommand({
  name: 'maintenance.end',
  permission,
  input: endMaintenanceInput,
  resourceOf: resource('maintenance', 'maintenanceId'),
  run: endMaintenance,
});

export const removeSubscriberCommand = defineCommand({
  name: 'status.remove-subscriber',
  permission: 'subscription.manage',
  input: subscriberRef,
  resourceOf: resource('subscription', 'subscriberId'),
  run: removeSubscriber,
});

export const wakeSubscriberCommand = defineCommand({
  name: 'status.wake-subscriber',
  permission: 'subscription.manage',
  input: subscriberRef,
  resourceOf: resource('subscription', 'subscriberId'),
  run: wakeSubscriber,
});
