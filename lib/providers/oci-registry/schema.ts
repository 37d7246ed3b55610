import { z } from 'zod';

/** Only the fields that are read. Sources: the OCI image and distribution specifications, and Docker's token protocol. */

const annotations = z.record(z.string(), z.string()).nullish();
const digest = z.string().regex(/^[a-z0-9+._-]+:[0-9a-f]{32,}$/i);
const size = z.number().int().nonnegative();

const descriptor = z.object({ mediaType: z.string().default(''), digest, size });
const platform = z.object({
  os: z.string().max(60).default('unknown'),
  architecture: z.string().max(60).default('unknown'),
  variant: z.string().max(60).nullish(),
});

/** What a document says it is, in its own words and by what it has. */
export const shapeSchema = z.object({
  mediaType: z.unknown().optional(),
  manifests: z.unknown().optional(),
  layers: z.unknown().optional(),
});

export const indexSchema = z.object({
  manifests: z.array(descriptor.extend({ platform: platform.nullish(), annotations })).max(1_000),
  annotations,
});

export const manifestSchema = z.object({
  config: descriptor,
  layers: z.array(z.object({ size })).max(10_000),
  annotations,
});

/** https://github.com/opencontainers/image-spec/blob/main/config.md */
export const configSchema = z.object({
  created: z.string().nullish(),
  os: z.string().max(60).nullish(),
  architecture: z.string().max(60).nullish(),
  variant: z.string().max(60).nullish(),
  config: z.object({ Labels: z.record(z.string(), z.string()).nullish() }).nullish(),
});

export const tagsSchema = z.object({ tags: z.array(z.string()).nullish() });

/** https://distribution.github.io/distribution/spec/auth/token/#token-response-fields */
export const tokenSchema = z
  .object({
    token: z.string().min(1).optional(),
    access_token: z.string().min(1).optional(),
    expires_in: z.number().positive().default(60),
  })
  .transform(({ token, access_token, expires_in }) => ({ token: token ?? access_token, seconds: expires_in }));

export const errorsSchema = z.object({ errors: z.array(z.object({ code: z.string().max(60) })).max(100) });

export type Shape = z.output<typeof shapeSchema>;
export type Index = z.output<typeof indexSchema>;
export type ImageManifest = z.output<typeof manifestSchema>;
export type Config = z.output<typeof configSchema>;
