import 'server-only';
import { z } from 'zod';
import { defineQuery } from '@/lib/pipeline/define-query';
import { connectionRef, listDeliveriesInput, listWorkflowsInput } from './model/schemas';
import { getConnection, listConnections, listDeliveries, listRepositories, listWorkflows, readQuota } from './server';

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
