import { z } from 'zod';
import type { Manifest } from '../port';

export const targetConfig = z.strictObject({
  extension: z
    .string()
    .regex(/^[A-Za-z0-9][\w-]{0,99}\.[A-Za-z0-9][\w-]{0,199}$/, 'Write it as publisher.name, as in package.json.')
    .describe('Extension, as publisher.name'),
  channel: z.enum(['stable', 'pre-release', 'both']).default('stable').describe('Which packages it takes'),
  repository: z
    .string()
    .regex(/^[\w.-]+\/[\w.-]+$/, 'Write it as owner/name.')
    .optional()
    .describe('Repository, for the checks of a commit (owner/name)'),
});

/** This console's own gallery: no request leaves it. Another one that speaks the Open VSX API is a connection of that kind. */
export const manifest = {
  id: 'private-gallery',
  label: 'Private gallery',
  docsUrl: 'https://github.com/aetherstack/aetherstack/blob/main/docs/gallery.md',
  defaultOrigin: 'https://gallery.invalid',
  credentialKinds: ['token'],
  targetConfig,
  capabilities: {
    publish: {
      audience: 'own',
      withinMinutes: { validating: 5, scanning: 5, active: 5, quarantined: 60 },
      // It takes packages by the API of Open VSX, so by that tool.
      inRuns: { gallery: ['privategallery'], tool: 'ovsx' },
      recall: {
        version: 'unlist',
        extension: 'guide',
        steps: [
          'Take each version away by itself: new installs and updates do not get it any more, and its number is never used again.',
          'Who has it installed keeps it: publish a mended version with a higher number.',
        ],
      },
      namespaces: 'guide',
      notice: null,
    },
  },
} as const satisfies Manifest<'publish'>;
