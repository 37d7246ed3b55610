import 'server-only';
import { z } from 'zod';
import { defineQuery } from '@/lib/pipeline/define-query';
import { pageInput } from './model/schemas';
import { listIncidents, listMaintenances, listSubscribers, readStatusPage } from './server';

const permission = 'deployment.read';
const nothing = z.strictObject({});

export const statusPageQuery = defineQuery({ name: 'status.page', permission, input: nothing, run: readStatusPage });

export const incidentListQuery = defineQuery({
  name: 'incident.list',
  permission,
  input: pageInput,
  run: listIncidents,
});

export const maintenanceListQuery = defineQuery({
  name: 'maintenance.list',
  permission,
  input: pageInput,
  run: listMaintenances,
});

export const subscriberListQuery = defineQuery({
  name: 'status.subscribers',
  permission: 'subscription.manage',
  input: nothing,
  run: listSubscribers,
});
