import { z } from 'zod';
import { because, id, idAndName, moment, numbered, Refusal, Revision, slugAndName } from './basics';

const row = z.object({
  digest: z.string(),
  reference: z.string(),
  tags: z.array(z.string()),
  createdAt: moment.nullable(),
  revision: z.object({ sha: z.string(), message: z.string().nullable() }).nullable(),
  version: z.string().nullable(),
  platforms: z.array(z.string()),
  sizeBytes: z.number().nullable(),
  attestations: z.number(),
  liveIn: z.array(z.string()),
  refusal: because,
});

const input = z.string().nullable();
export const imageSettings = z.object({
  repository: z.string(),
  imageInput: input,
  digestInput: input,
  platform: z.string().nullable(),
});

export const Images = z.object({
  source: z.object({ ...imageSettings.shape, connection: idAndName }).nullable(),
  rows: z.array(row),
  next: z.number().nullable(),
  total: z.number(),
  cut: z.boolean(),
  running: z.array(
    z.object({
      environment: slugAndName,
      label: z.string(),
      deployment: numbered,
      revision: Revision,
      digest: id,
      image: row.nullable(),
      refusal: because,
    }),
  ),
  unreadable: z.array(z.object({ tag: z.string(), sentence: z.string() })),
  trouble: Refusal.nullable(),
});
