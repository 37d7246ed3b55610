import 'server-only';
import type { ServiceContext } from '@/lib/auth/context';
import type { Triggered } from '@/lib/deployments/model/schemas';
import { connectionOfTarget, environmentSlugOfTarget, overridesFreeze } from '@/lib/deployments/server';
import { ServiceError } from '@/lib/kernel/errors';
import { defineCommand } from '@/lib/pipeline/define-command';
import { SwitchInput } from './model/schemas';
import { switchRendering } from './server';

interface OfTarget {
  targetId: string;
}

/** A deployment like any other, so it asks for the same right, and counts for the same rates. */
export const switchRenderingCommand = defineCommand({
  name: 'rendering.switch',
  permission: 'deployment.request',
  rate: { perMinute: 10 },
  sharedRate: {
    perMinute: 60,
    what: 'deployments through this connection',
    of: (ctx: ServiceContext, { targetId }: OfTarget) => connectionOfTarget(ctx, targetId),
  },
  uncounted: ({ outcome }: Triggered) => outcome === 'repeated',
  risk: overridesFreeze,
  input: SwitchInput,
  environmentOf: async (ctx: ServiceContext, { targetId }: OfTarget) => {
    const slug = await environmentSlugOfTarget(ctx, targetId);
    if (slug !== null) return slug;
    const sentence = 'It is not there any more. Go back to “What runs where” and choose again.';
    throw new ServiceError('notFound', 'not_found', sentence);
  },
  resourceOf: ({ targetId }: OfTarget) => ({ kind: 'target', id: targetId }),
  run: switchRendering,
});
