import 'server-only';
import { z } from 'zod';
import { defineQuery } from '@/lib/pipeline/define-query';
import { PackageInput, RetirementInput } from './model/schemas';
import { readPlan, readPublications, readRetirement } from './server';

export const publicationsQuery = defineQuery({
  name: 'extension.publications',
  permission: 'deployment.read',
  input: z.strictObject({}),
  run: readPublications,
});

/** Credentials by which extensions are published, and the way out of those that end. */
export const retirementQuery = defineQuery({
  name: 'extension.credentials',
  permission: 'connection.read',
  input: RetirementInput,
  // Each look is some dozen requests to the provider, most of them answered by 304.
  rate: { perMinute: 20 },
  run: readRetirement,
});

export const publishPlanQuery = defineQuery({
  name: 'extension.publish-plan',
  permission: 'deployment.read',
  input: PackageInput,
  // Where nothing came through yet, a look asks a gallery whose the publisher's name is: two requests.
  rate: { perMinute: 60 },
  run: readPlan,
});
