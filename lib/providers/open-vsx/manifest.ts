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
export type GalleryTarget = z.infer<typeof targetConfig>;

/**
 * What is not told to a publisher cannot be shown: scan states are for administrators of the registry, so a version is
 * hidden until it is active. Source: `RegistryAPI.java`, `ScanStatus.java` of eclipse-openvsx/openvsx
 */
export const manifest = {
  id: 'open-vsx',
  label: 'Open VSX',
  docsUrl: 'https://github.com/eclipse/openvsx/wiki/Publishing-Extensions',
  defaultOrigin: 'https://open-vsx.org',
  credentialKinds: ['basic'],
  ownServer: {},
  credentialForms: [
    {
      id: 'open-vsx',
      label: 'Open VSX',
      origin: 'https://open-vsx.org',
      username: {
        label: 'Namespace',
        hint: 'The publisher in package.json. It may not be there yet: then it is made from the publish page.',
        fixed: null,
      },
      secret: { label: 'Access token', hint: 'open-vsx.org → your picture → Settings → Access tokens.' },
      tokenService: false,
      ends: 'The token ends when it is deleted there, or at the time that the registry set.',
    },
    {
      id: 'compatible',
      label: 'Another registry with the same API',
      origin: null,
      username: { label: 'Namespace', hint: 'The publisher in package.json.', fixed: null },
      secret: { label: 'Access token', hint: 'A token of that registry that may publish.' },
      tokenService: false,
      ends: 'The token ends as that registry has it.',
    },
  ],
  // Packages are kept elsewhere. That place gets no credential, and what it sends counts only with its digest.
  downloadHosts: ['*'],
  largestAnswer: 64 * 1_048_576,
  targetConfig,
  capabilities: {
    publish: {
      audience: 'public',
      withinMinutes: { validating: 60, scanning: 1440, active: 15, quarantined: 4320 },
      inRuns: { gallery: ['openvsx'], tool: 'ovsx' },
      recall: {
        version: 'guide',
        extension: 'guide',
        steps: [
          'Sign in to the registry as a member of the namespace, open Settings → Extensions, and delete the version there.',
          'Where that is not offered, ask its administrators: for open-vsx.org at github.com/EclipseFdn/open-vsx.org/issues.',
          'Who has it installed keeps it: publish a mended version with a higher number.',
        ],
      },
      namespaces: 'create',
      notice: null,
      secrets: ['OVSX_PAT'],
    },
  },
} as const satisfies Manifest<'publish'>;
