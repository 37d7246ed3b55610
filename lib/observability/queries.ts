import 'server-only';
import { z } from 'zod';
import { defineQuery } from '@/lib/pipeline/define-query';
import { DoraQuery, DoraRowsQuery, HealthQuery, TargetHealthQuery, VerdictQuery, VitalsQuery } from './model/schemas';
import { readDora, readDoraRows, readHealth, readMetrics, readTargetHealth, readVerdict, readVitals } from './server';

const permission = 'deployment.read';
/** Each reads months of deployments. */
const rate = { perMinute: 120 };

export const doraQuery = defineQuery({ name: 'delivery.dora', permission, input: DoraQuery, rate, run: readDora });

export const doraRowsQuery = defineQuery({
  name: 'delivery.rows',
  permission,
  input: DoraRowsQuery,
  rate,
  run: readDoraRows,
});

export const healthQuery = defineQuery({
  name: 'delivery.health',
  permission,
  input: HealthQuery,
  rate,
  run: (ctx, input) => readHealth(ctx, input),
});

export const verdictQuery = defineQuery({
  name: 'deployment.verdict',
  permission,
  input: VerdictQuery,
  run: readVerdict,
});

// An address to watch may have a secret in it, so only who may change it reads it; the verb asks for the very environment.
export const targetHealthQuery = defineQuery({
  name: 'target.health',
  permission: 'target.manage',
  input: TargetHealthQuery,
  run: readTargetHealth,
});

/** Its answer is kept for half an hour, so a page may ask for it by itself. */
export const vitalsQuery = defineQuery({
  name: 'target.vitals',
  permission,
  input: VitalsQuery,
  rate,
  run: readVitals,
});

/** Counts over all environments, so it asks for all of them. */
export const metricsQuery = defineQuery({
  name: 'console.metrics',
  permission: 'connection.read',
  input: z.strictObject({}),
  environmentOf: async () => null,
  rate,
  run: (ctx) => readMetrics(ctx.db),
});
