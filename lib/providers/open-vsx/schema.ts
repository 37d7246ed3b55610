import { z } from 'zod';

/** Only the fields that are read, as the classes under `org.eclipse.openvsx.json` and `adapter` give them. */
const text = z.string().nullish();

export const versionSchema = z.object({ version: z.string() });
export const resultSchema = z.object({ success: text, warning: text, error: text });
export type Result = z.infer<typeof resultSchema>;

export const extensionSchema = z.object({
  namespace: z.string(),
  name: z.string(),
  version: z.string(),
  targetPlatform: text,
  downloadCount: z.number().nullish(),
  downloadable: z.boolean().nullish(),
  active: z.boolean().nullish(),
  error: text,
});

export const namespaceSchema = z.object({ name: z.string(), verified: z.boolean().nullish() });

const queriedVersion = z.object({
  version: z.string(),
  targetPlatform: text,
  files: z.array(z.object({ assetType: z.string(), source: z.string() })).nullish(),
});
export const querySchema = z.object({
  results: z.array(
    z.object({
      extensions: z.array(
        z.object({
          extensionName: z.string(),
          publisher: z.object({ publisherName: z.string() }),
          versions: z.array(queriedVersion).nullish(),
        }),
      ),
    }),
  ),
});
export type QueriedVersion = z.infer<typeof queriedVersion>;
