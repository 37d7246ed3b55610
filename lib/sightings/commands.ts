import 'server-only';
import { environmentSlugOfTarget } from '@/lib/deployments/server';
import { defineCommand } from '@/lib/pipeline/define-command';
import { lookInput } from './model/schemas';
import { lookNow } from './server';

export const lookCommand = defineCommand({
  name: 'target.look',
  permission: 'deployment.read',
  input: lookInput,
  environmentOf: (ctx, { targetId }) => environmentSlugOfTarget(ctx, targetId),
  resourceOf: ({ targetId }) => ({ kind: 'target', id: targetId }),
  // Each look is a request or two to the outside.
  rate: { perMinute: 10 },
  run: lookNow,
});
