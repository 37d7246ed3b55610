import 'server-only';
import { z } from 'zod';
import { defineQuery } from '@/lib/pipeline/define-query';
import { connectionRef, listDeliveriesInput, listWorkflowsInput } from './model/schemas';
import { capacityInput, targetRef } from './model/standing';
import {
  getConnection,
  listConnections,
  listDeliveries,
  listOwnTokens,
  listRepositories,
  listWorkflows,
  readCapacity,
  readQuota,
  readServiceStatus,
  readTargetServiceStatus,
} from './server';

/** The reads of the connections domain behind the pipeline; pages and API routes call these same objects. */

const permission = 'connection.read';

export const connectionListQuery = defineQuery({
  name: 'connection.list',
  permission,
  input: z.strictObject({}),
  run: (ctx) => listConnections(ctx),
});

export const connectionQuery = defineQuery({
  name: 'connection.get',
  permission,
  input: connectionRef,
  run: getConnection,
});

export const ownTokenListQuery = defineQuery({
  name: 'own-token.list',
  permission: 'signedIn',
  input: z.strictObject({}),
  run: (ctx) => listOwnTokens(ctx),
});

export const quotaQuery = defineQuery({
  name: 'connection.quota',
  permission,
  input: connectionRef,
  run: readQuota,
});

export const deliveryListQuery = defineQuery({
  name: 'connection.deliveries',
  permission,
  input: listDeliveriesInput,
  run: listDeliveries,
});

export const serviceStatusQuery = defineQuery({
  name: 'connection.service-status',
  permission,
  input: connectionRef,
  rate: { perMinute: 60 },
  run: readServiceStatus,
});

/** For the composer: whoever may see the target. */
export const targetServiceStatusQuery = defineQuery({
  name: 'target.service-status',
  permission: 'deployment.read',
  input: targetRef,
  rate: { perMinute: 60 },
  run: readTargetServiceStatus,
});

export const capacityQuery = defineQuery({
  name: 'connection.capacity',
  permission,
  input: capacityInput,
  rate: { perMinute: 30 },
  run: readCapacity,
});

/** Lists for the target form cost a request to the provider each. */
const browse = { permission: 'target.manage', rate: { perMinute: 60 } } as const;

export const repositoryListQuery = defineQuery({
  name: 'connection.repositories',
  ...browse,
  input: connectionRef,
  run: listRepositories,
});

export const workflowListQuery = defineQuery({
  name: 'connection.workflows',
  ...browse,
  input: listWorkflowsInput,
  run: listWorkflows,
});
