import 'server-only';
import { defineQuery } from '@/lib/pipeline/define-query';
import { calendarQuery, policyQueryInput } from './model/schemas';
import { readHolds, readPolicy } from './server';

/** What holds deployments back, and what they need. Rows are filtered by the reader's grants. */
export const holdsQuery = defineQuery({
  name: 'hold.list',
  permission: 'deployment.read',
  input: calendarQuery,
  run: readHolds,
});

export const policyQuery = defineQuery({
  name: 'policy.get',
  permission: 'deployment.read',
  input: policyQueryInput,
  run: readPolicy,
});
