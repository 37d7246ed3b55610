import 'server-only';
import { z } from 'zod';
import { defineQuery } from '@/lib/pipeline/define-query';
import { checkTargetInput } from './model/estate-schemas';
import { checkTarget, readEstate, readEstateProgress } from './server';

/** The reads of what a team sets up; pages and API routes call these same objects. */

const permission = 'deployment.read';

export const estateQuery = defineQuery({
  name: 'estate.get',
  permission,
  input: z.strictObject({}),
  run: (ctx) => readEstate(ctx),
});

export const estateProgressQuery = defineQuery({
  name: 'estate.progress',
  permission,
  input: z.strictObject({}),
  run: (ctx) => readEstateProgress(ctx),
});

export const targetCheckQuery = defineQuery({
  name: 'target.check',
  permission: 'target.manage',
  input: checkTargetInput,
  // Each check is a few requests to the provider.
  rate: { perMinute: 60 },
  run: checkTarget,
});
