import 'server-only';
import { z } from 'zod';
import { defineQuery } from '@/lib/pipeline/define-query';
import { checkProbeInput, checkTargetInput } from './model/estate-schemas';
import { checkProbe, checkTarget, readEstate, readEstateProgress } from './server';

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

export const probeCheckQuery = defineQuery({
  name: 'target.check_probe',
  permission: 'target.manage',
  input: checkProbeInput,
  // Each check is a request to an address that somebody typed in.
  rate: { perMinute: 20 },
  run: checkProbe,
});
