import { z } from 'zod';
import { PLAIN_LINE, PLAIN_LINE_PROBLEM } from '@/lib/kernel/plain-text';

/** What git takes as the name of a tag (git-check-ref-format), and GitHub as a version. */
const TAG = /^(?![/.-])(?!.*(?:\.\.|@\{|\/\/|\/\.|\.lock(?:\/|$)))[^\p{C}\p{Z}~^:?*[\\]{1,100}(?<![/.])$/u;

const place = {
  connectionId: z.string().min(1).max(60),
  repository: z
    .string()
    .max(140)
    .regex(/^[\w.-]+\/[\w.-]+$/, 'Write the repository as owner/name.'),
};
const tag = z.string().trim().regex(TAG, 'This cannot be the name of a tag in git, such as backend-v1.5.0.');
const sha = z.string().regex(/^[0-9a-f]{40}$/, 'Choose a commit: its full id has 40 characters.');
/** GitHub's own limit for a description is 125,000 characters. */
const notes = z.string().max(100_000, 'At most 100,000 characters.');

export const listReleasesInput = z.strictObject({
  component: z.string().min(1).max(80).optional(),
});

export const releaseNotesInput = z.strictObject({
  ...place,
  tag,
  sha,
  previousTag: z.union([tag, z.literal('')]).optional(),
  configuration: z
    .string()
    .max(200)
    .regex(/^(?!\/)(?!.*\.\.)[\w./-]*$/, 'Write a path in the repository, such as .github/release.yml.')
    .optional(),
});

export const createReleaseInput = z.strictObject({
  ...place,
  tag,
  sha,
  name: z.string().trim().max(200, 'At most 200 characters.').regex(PLAIN_LINE, PLAIN_LINE_PROBLEM).default(''),
  notes: notes.default(''),
  draft: z.boolean().default(true),
  preRelease: z.boolean().default(false),
  latest: z.boolean().default(false),
  /** Made when the form opened; the same key twice makes one release. */
  key: z.string().regex(/^[\w-]{8,80}$/),
});
export type CreateReleaseInput = z.input<typeof createReleaseInput>;

export const publishReleaseInput = z.strictObject({ ...place, tag, latest: z.boolean().default(false) });
export type PublishReleaseInput = z.input<typeof publishReleaseInput>;

export const createTagInput = z.strictObject({
  ...place,
  tag,
  sha,
  message: z.string().trim().min(1, 'Say what it marks.').max(500).regex(PLAIN_LINE, PLAIN_LINE_PROBLEM),
});
export type CreateTagInput = z.input<typeof createTagInput>;
