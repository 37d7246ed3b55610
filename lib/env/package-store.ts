import { z } from 'zod';

const optional = z
  .string()
  .trim()
  .transform((text) => (text === '' ? undefined : text))
  .optional();

/** Where packages of extensions lie: a folder below AETHERSTACK_DATA, or a bucket when an endpoint is named. */
export const packageStoreFields = {
  AETHERSTACK_DATA: optional,
  AETHERSTACK_S3_ENDPOINT: optional.refine(
    (text) => text === undefined || (URL.canParse(text) && /^https?:$/.test(new URL(text).protocol)),
    'AETHERSTACK_S3_ENDPOINT must be an address, for example https://s3.eu-central-1.amazonaws.com',
  ),
  AETHERSTACK_S3_BUCKET: optional.refine(
    (text) => text === undefined || /^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/.test(text),
    'AETHERSTACK_S3_BUCKET must be the name of a bucket: small letters, digits, dots and hyphens.',
  ),
  AETHERSTACK_S3_REGION: z.preprocess((value) => (value === '' ? undefined : value), z.string().default('us-east-1')),
  AETHERSTACK_S3_PREFIX: z
    .string()
    .default('')
    .refine(
      (text) => text === '' || /^(?:[\w-]+\/)+$/.test(text),
      'AETHERSTACK_S3_PREFIX must be folder names, each with a slash behind it, for example packages/',
    ),
  AETHERSTACK_S3_ACCESS_KEY_ID: optional,
  AETHERSTACK_S3_SECRET_ACCESS_KEY: optional,
};

const TOGETHER = ['AETHERSTACK_S3_BUCKET', 'AETHERSTACK_S3_ACCESS_KEY_ID', 'AETHERSTACK_S3_SECRET_ACCESS_KEY'] as const;

/** A sentence for a bucket that is named by half; null when all is well. */
export function packageStoreProblem(
  env: Partial<Record<'AETHERSTACK_S3_ENDPOINT' | (typeof TOGETHER)[number], string>>,
) {
  const missing = TOGETHER.filter((name) => !env[name]);
  if (env.AETHERSTACK_S3_ENDPOINT)
    return missing.length === 0 ? null : `AETHERSTACK_S3_ENDPOINT is set without ${missing.join(' and ')}.`;
  return missing.length === TOGETHER.length
    ? null
    : 'AETHERSTACK_S3_ENDPOINT is not set, though other AETHERSTACK_S3_* are.';
}
