import 'server-only';
import { z } from 'zod';
import { environmentSlugOfTarget } from '@/lib/deployments/server';
import { defineQuery } from '@/lib/pipeline/define-query';
import { preflightInput } from './model/preflight-view';
import { previewSwitch, readRendering } from './server';

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
