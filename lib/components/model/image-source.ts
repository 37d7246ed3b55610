import { z } from 'zod';

/** Names as the distribution specification has them; the provider's own schema has the last word. */
const repository = z
  .string()
  .trim()
  .min(1, 'Enter the image repository.')
  .max(255, 'At most 255 characters.')
  .regex(
    /^[a-z0-9]+(?:(?:\.|_{1,2}|-+)[a-z0-9]+)*(?:\/[a-z0-9]+(?:(?:\.|_{1,2}|-+)[a-z0-9]+)*)*$/,
    'Write it as the registry has it, without its host and without a tag: acme/backend.',
  );
const input = z
  .string()
  .trim()
  .max(100, 'At most 100 characters.')
  .regex(/^[A-Za-z_][A-Za-z0-9_-]*$/, 'The name of an input, as the workflow declares it.')
  .nullable()
  .default(null);

/** Where the images of a component are, and which inputs of its workflow take the chosen one. */
export const imageSource = z
  .strictObject({
    repository,
    /** Takes `host/repository@sha256:…`. */
    imageInput: input,
    /** Takes `sha256:…` alone. */
    digestInput: input,
    /** What its targets run on; an image without it is not deployed. Null = whatever there is. */
    platform: z
      .string()
      .trim()
      .regex(/^[a-z0-9]+\/[a-z0-9_]+(?:\/[a-z0-9]+)?$/, 'Write it like linux/amd64 or linux/arm64/v8.')
      .nullable()
      .default(null),
  })
  .refine(({ imageInput, digestInput }) => imageInput !== null || digestInput !== null, {
    path: ['imageInput'],
    message: 'Name the input that takes the image, or the one that takes the digest.',
  });
export type ImageSource = z.output<typeof imageSource>;

export const componentImage = z.strictObject({ connectionId: z.string().min(1).max(60), source: imageSource });
export type ComponentImage = z.output<typeof componentImage>;
