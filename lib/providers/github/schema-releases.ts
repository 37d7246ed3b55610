import { z } from 'zod';
import { remoteId } from './schema';

const link = z.string().regex(/^https?:\/\//);
const text = z
  .string()
  .nullish()
  .transform((value) => value ?? '');

export const deploymentSchema = z.object({
  id: remoteId,
  environment: z.string(),
  payload: z.union([z.record(z.string(), z.unknown()), z.string()]).nullish(),
  created_at: z.string(),
});

export const releaseSchema = z.object({
  id: remoteId,
  tag_name: z.string(),
  target_commitish: z.string(),
  name: text,
  body: text,
  draft: z.boolean(),
  prerelease: z.boolean(),
  immutable: z.boolean().default(false),
  author: z.object({ login: z.string() }).nullish(),
  created_at: z.string(),
  published_at: z.string().nullish(),
  html_url: link,
  assets: z
    .array(
      z.object({
        name: z.string(),
        size: z.number().int(),
        download_count: z.number().int(),
        digest: z.string().nullish(),
        browser_download_url: link,
      }),
    )
    .default([]),
});

export const notesSchema = z.object({ name: z.string(), body: z.string() });
export const tagObjectSchema = z.object({ sha: z.string().regex(/^[0-9a-f]{40}$/) });

export type RawRelease = z.infer<typeof releaseSchema>;
