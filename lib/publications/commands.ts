import 'server-only';
import type { ServiceContext } from '@/lib/auth/context';
import { environmentSlugOfTarget, overridesFreeze } from '@/lib/deployments/server';
import { ServiceError } from '@/lib/kernel/errors';
import { defineCommand } from '@/lib/pipeline/define-command';
import { NamespaceInput, PublishInput, RecallInput, UnpublishInput } from './model/schemas';
import { countedThrough, createNamespaceThere, publishTo, recall, unpublish } from './server';

const ofTarget = {
  environmentOf: async (ctx: ServiceContext, input: { targetId: string }) => {
    const slug = await environmentSlugOfTarget(ctx, input.targetId);
    if (slug !== null) return slug;
    const sentence = 'This place is not there any more. Reload the page and choose again.';
    throw new ServiceError('notFound', 'not_found', sentence);
  },
  resourceOf: (input: { targetId: string }) => ({ kind: 'target', id: input.targetId }),
};

/**
 * Each place is asked for its own permission: a person may publish to one and not to another. It makes deployments like any
 * other, so it counts for the same rates, and a reason against a freeze asks for the same proof.
 */
export const publishCommand = defineCommand({
  name: 'extension.publish',
  permission: 'deployment.request',
  rate: { perMinute: 10 },
  sharedRate: { perMinute: 60, what: 'deployments through this connection', of: countedThrough },
  uncounted: ({ places }) => places.every(({ outcome }) => outcome === 'repeated'),
  startsNothing: ({ places }) => places.every(({ outcome }) => outcome === 'repeated' || outcome === 'refused'),
  risk: overridesFreeze,
  input: PublishInput,
  resourceOf: (input) => ({ kind: 'package', id: input.packageId }),
  run: publishTo,
});

export const recallCommand = defineCommand({
  name: 'extension.recall',
  permission: 'deployment.request',
  rate: { perMinute: 10 },
  input: RecallInput,
  ...ofTarget,
  run: recall,
});

/**
 * Nothing brings an extension back with its reviews and counts, so it takes a fresh proof, which no token can give. Who asks
 * and who agrees have different roles: the verb asks for them.
 */
export const unpublishCommand = defineCommand({
  name: 'extension.unpublish',
  permission: 'signedIn',
  risk: 'high',
  rate: { perMinute: 10 },
  input: UnpublishInput,
  ...ofTarget,
  run: unpublish,
});

export const namespaceCommand = defineCommand({
  name: 'extension.namespace',
  permission: 'deployment.request',
  rate: { perMinute: 10 },
  input: NamespaceInput,
  ...ofTarget,
  run: createNamespaceThere,
});
