import { z } from 'zod';
import { isExtensionName, isPublisher, isTargetPlatform, isVersion } from '../../extensions/model/identity';
import { PLAIN_LINE, PLAIN_LINE_PROBLEM } from '../../kernel/plain-text';
import { GALLERY_SCOPES } from './scope';

export const namespaceName = z
  .string()
  .trim()
  .refine(isPublisher, 'Letters from a to z, digits and hyphens, 63 at most, as the publisher in package.json.');
const extensionName = z.string().trim().refine(isExtensionName, 'Letters from a to z, digits and hyphens, 63 at most.');
const version = z.string().trim().refine(isVersion, 'Three numbers, 1.2.3 for example.');
const userId = z.string().min(1).max(60);

export const createNamespaceInput = z.strictObject({ namespace: namespaceName });
export const ownerInput = z.strictObject({ namespace: namespaceName, userId });
export const keepInput = z.strictObject({
  namespace: namespaceName,
  keep: z
    .number('Enter a number.')
    .int()
    .min(1, 'At least 1 version.')
    .max(1_000, 'At most 1,000 versions.')
    .nullable(),
});

export const yankInput = z.strictObject({
  namespace: namespaceName,
  name: extensionName,
  version,
  /** Left out = all platforms of this version. */
  platform: z
    .string()
    .refine((text) => isTargetPlatform(text), 'This is no platform of VS Code.')
    .optional(),
  reason: z
    .string()
    .trim()
    .min(3, 'Say why, for those who have it installed.')
    .max(300, 'At most 300 characters.')
    .regex(PLAIN_LINE, PLAIN_LINE_PROBLEM),
});
export const unyankInput = yankInput.omit({ reason: true });

export const createGalleryTokenInput = z.strictObject({
  name: z
    .string()
    .trim()
    .min(1, 'Enter a name, such as the machine that will use it.')
    .max(60, 'At most 60 characters.')
    .regex(PLAIN_LINE, PLAIN_LINE_PROBLEM),
  scope: z.enum(GALLERY_SCOPES),
  days: z.number('Enter a number of days.').int().min(1, 'At least 1 day.').max(365, 'At most 365 days.').default(90),
});
export const galleryTokenRef = z.strictObject({ tokenId: z.string().min(1).max(60) });

export const galleryListInput = z.strictObject({
  text: z.string().max(400).default(''),
  category: z.string().max(100).nullish(),
  page: z.coerce.number().int().min(1).max(10_000).default(1),
});
export const galleryExtensionInput = z.strictObject({ namespace: z.string().max(63), name: z.string().max(63) });
