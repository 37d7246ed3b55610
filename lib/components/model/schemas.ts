import { z } from 'zod';
import { PLAIN_LINE, PLAIN_LINE_PROBLEM } from '@/lib/kernel/plain-text';
import { componentImage } from './image-source';

export const COMPONENT_KINDS = ['backend', 'extension', 'dashboard', 'docs', 'other'] as const;

/** Part of every address of the thing, so it stays as it was made. */
export const slug = z
  .string()
  .trim()
  .max(40, 'At most 40 characters.')
  .regex(/^[a-z][a-z0-9]*(?:-[a-z0-9]+)*$/, 'Use lower-case letters, digits and single dashes, such as web-app.');

export const displayName = z
  .string()
  .trim()
  .min(1, 'Give it a name.')
  .max(80, 'At most 80 characters.')
  .regex(PLAIN_LINE, PLAIN_LINE_PROBLEM);

/** A folder of the repository, relative and inside it. */
const folder = z
  .string()
  .trim()
  .min(1)
  .max(200, 'At most 200 characters.')
  .regex(
    /^(?!\/)(?!.*(?:^|\/)\.\.(?:\/|$))[^\p{Cc}\\]+$/u,
    'Write a folder inside the repository, such as services/api.',
  );

/** Where it stands among its like: lowest first. */
export const position = z
  .number('Write a whole number.')
  .int('Write a whole number.')
  .min(0, 'At least 0.')
  .max(10_000, 'At most 10,000.')
  .default(0);

const fields = {
  name: displayName,
  kind: z.enum(COMPONENT_KINDS),
  description: z.string().trim().max(300, 'At most 300 characters.').default(''),
  paths: z.array(folder).max(20, 'At most 20 folders.').default([]),
  position,
  /** Where its images are; null for none. Left out, it stays as it is. */
  image: componentImage.nullable().optional(),
};

export const createComponentInput = z.strictObject({ slug, ...fields });
export type CreateComponentInput = z.input<typeof createComponentInput>;
export const updateComponentInput = z.strictObject({ id: z.string().min(1).max(60), ...fields });
export type UpdateComponentInput = z.input<typeof updateComponentInput>;
