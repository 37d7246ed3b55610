import 'server-only';
import { z } from 'zod';
import { defineQuery } from '@/lib/pipeline/define-query';
import { connectionRef, listDeliveriesInput } from './model/schemas';
import { getConnection, listConnections, listDeliveries } from './server';

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

export const deliveryListQuery = defineQuery({
  name: 'connection.deliveries',
  permission,
  input: listDeliveriesInput,
  run: listDeliveries,
});
