import { z } from 'zod';

/** Only the fields that are read, as `GalleryInterfaces` of azure-devops-node-api gives them. */
const text = z.string().nullish();
/** An enumeration of bits comes as a number, or as its words with commas; `mapFlags` reads both. */
const flags = z.union([z.number(), z.string()]).nullish();

const versionSchema = z.object({
  version: z.string(),
  targetPlatform: text,
  flags,
  validationResultMessage: text,
  assetUri: text,
  files: z.array(z.object({ assetType: z.string(), source: z.string() })).nullish(),
});
export type MarketVersion = z.infer<typeof versionSchema>;

export const extensionSchema = z.object({
  extensionName: z.string(),
  publisher: z.object({ publisherName: z.string() }),
  flags,
  versions: z.array(versionSchema).nullish(),
  statistics: z.array(z.object({ statisticName: z.string(), value: z.number() })).nullish(),
});
export type MarketExtension = z.infer<typeof extensionSchema>;

export const querySchema = z.object({ results: z.array(z.object({ extensions: z.array(extensionSchema) })) });
/** Who has a role at a publisher; that it answers at all is what counts. */
export const rolesSchema = z.union([z.array(z.unknown()), z.object({ value: z.array(z.unknown()) })]);
export const errorSchema = z.object({ message: z.string() });
