import 'server-only';
import { z } from 'zod';
import { environmentSlugOfTarget } from '@/lib/deployments/server';
import { defineQuery } from '@/lib/pipeline/define-query';
import { preflightInput } from './model/preflight-view';
import { countPreflights, previewSwitch, readRendering } from './server';

export const renderingQuery = defineQuery({
  name: 'rendering.list',
  permission: 'deployment.read',
  input: z.strictObject({}),
  run: (ctx) => readRendering(ctx),
});

export const preflightQuery = defineQuery({
  name: 'rendering.preflight',
  permission: 'deployment.read',
  input: preflightInput,
  environmentOf: (ctx, { targetId }) => environmentSlugOfTarget(ctx, targetId),
  // Each look at a commit that is new reads a few hundred files of it.
  rate: { perMinute: 20 },
  run: previewSwitch,
});

/** One question for all environments of a component, so that a page of them does not use up what people have for looking. */
export const preflightCountsQuery = defineQuery({
  name: 'rendering.preflights',
  permission: 'deployment.read',
  input: z.strictObject({ slug: z.string().min(1).max(80) }),
  rate: { perMinute: 60 },
  run: countPreflights,
});
