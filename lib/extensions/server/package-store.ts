import path from 'node:path';
import type { ServerEnv } from '@/lib/env/server';
import { createSafeFetch } from '@/lib/http/safe-fetch';
import { Secret } from '@/lib/kernel/secret';
import { PACKAGE_LIMITS } from '../model/limits';
import type { Blobs } from './blobs';
import { diskBlobs } from './disk-blobs';
import { s3Blobs } from './s3-blobs';

/** Content goes on to whoever fetches it, as fast as they take it; what stands still ends. Milliseconds. */
const CONTENT_MS = 1_800_000;
const QUIET_MS = 60_000;

interface Reach {
  privateOrigins: readonly string[];
  allowLoopback: boolean;
}

/** Where this installation keeps packages: the bucket when one is named, otherwise a folder that all instances must share. */
export function packageStore(env: ServerEnv, reach: Reach): Blobs {
  const { AETHERSTACK_S3_ENDPOINT: endpoint, AETHERSTACK_S3_BUCKET: bucket } = env;
  const { AETHERSTACK_S3_ACCESS_KEY_ID: accessKeyId, AETHERSTACK_S3_SECRET_ACCESS_KEY: secret } = env;
  if (!endpoint || !bucket || !accessKeyId || !secret)
    return diskBlobs(path.resolve(/* turbopackIgnore: true */ env.AETHERSTACK_DATA ?? '.aetherstack', 'packages'));
  const settings = {
    ...{ endpoint, bucket, accessKeyId, secretAccessKey: new Secret(secret) },
    region: env.AETHERSTACK_S3_REGION,
    prefix: env.AETHERSTACK_S3_PREFIX,
  };
  const limits = { timeoutMs: CONTENT_MS, quietMs: QUIET_MS, maxBytes: PACKAGE_LIMITS.upload + 1_024 };
  return s3Blobs(settings, createSafeFetch({ ...reach, ...limits }));
}
