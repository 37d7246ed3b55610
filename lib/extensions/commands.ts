import 'server-only';
import { Readable } from 'node:stream';
import { z } from 'zod';
import { environmentSlugOf } from '@/lib/deployments/server';
import { ServiceError } from '@/lib/kernel/errors';
import { defineCommand } from '@/lib/pipeline/define-command';
import { newResource } from '@/lib/pipeline/resource';
import { isVersion } from './model/identity';
import { UPLOADS_OF, UPLOADS_PER_HOUR } from './model/limits';
import { type Accepted, accept, type Collected, collect, inSeat, type Republished, republish } from './server';

const content = z.custom<Readable | Buffer>(
  (value) => Buffer.isBuffer(value) || value instanceof Readable,
  'Send the .vsix file itself as the body.',
);

/** By whatever way it comes, and `ovsx publish` as well. */
const PACKAGES = { perHour: UPLOADS_PER_HOUR, of: UPLOADS_OF };

/** Keeps a package for whoever may deploy. Publishing it is another thing, with gates of its own. */
export const uploadPackageCommand = defineCommand({
  name: 'extension.upload',
  permission: 'deployment.request',
  rate: PACKAGES,
  // The same bytes once more do nothing new.
  uncounted: ({ outcome }: Accepted) => outcome === 'already',
  input: z.strictObject({ content }),
  resourceOf: newResource('package'),
  run: (ctx, input) => inSeat(ctx, 'stream', () => accept(ctx, input.content, { kind: 'upload' })),
});

/** Takes in what the run of a deployment has built, as an upload would be. */
export const collectCommand = defineCommand({
  name: 'extension.collect',
  permission: 'deployment.request',
  rate: PACKAGES,
  uncounted: ({ packages }: Collected) => packages.every(({ outcome }) => outcome === 'already'),
  input: z.strictObject({ deploymentId: z.string().min(1).max(100) }),
  environmentOf: async (ctx, { deploymentId }) => {
    const slug = await environmentSlugOf(ctx, deploymentId);
    if (slug !== null) return slug;
    throw new ServiceError('notFound', 'not_found', 'There is no such deployment. Go back and choose again.');
  },
  resourceOf: ({ deploymentId }) => ({ kind: 'deployment', id: deploymentId }),
  run: (ctx, input) => inSeat(ctx, 'whole', () => collect(ctx, input)),
});

/** Makes an old package again with the next number; publishing it is another thing, with gates of its own. */
export const republishCommand = defineCommand({
  name: 'extension.republish',
  permission: 'deployment.request',
  rate: PACKAGES,
  uncounted: ({ outcome }: Republished) => outcome === 'already',
  input: z.strictObject({
    packageId: z.string().regex(/^[0-9a-f]{64}$/, 'A package is named by its SHA-256, 64 hexadecimal digits.'),
    /** Left out = the patch after the highest of its channel. */
    version: z.string().trim().refine(isVersion, 'Three numbers, 1.2.3 for example.').optional(),
  }),
  resourceOf: ({ packageId }) => ({ kind: 'package', id: packageId }),
  run: (ctx, input) => inSeat(ctx, 'whole', () => republish(ctx, input)),
});
