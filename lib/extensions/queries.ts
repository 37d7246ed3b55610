import 'server-only';
import { z } from 'zod';
import { defineQuery } from '@/lib/pipeline/define-query';
import { listPackages, openPackage, readPackage } from './server';

const digest = z.string().regex(/^[0-9a-f]{64}$/, 'The id of a package is its SHA-256.');

export const packageListQuery = defineQuery({
  name: 'extension.list',
  permission: 'deployment.read',
  input: z.strictObject({
    cursor: z.string().max(200).optional(),
    limit: z.coerce.number().int().min(1).max(200).default(50),
  }),
  run: listPackages,
});

export const packageQuery = defineQuery({
  name: 'extension.get',
  permission: 'deployment.read',
  input: z.strictObject({ packageId: digest, against: digest.optional() }),
  run: readPackage,
});

/** The .vsix itself, for a workflow that publishes what was taken in here instead of making it once more. */
export const packageFileQuery = defineQuery({
  name: 'extension.file',
  permission: 'deployment.read',
  input: z.strictObject({ packageId: digest }),
  run: openPackage,
});
