import { z } from 'zod';
import type { Manifest } from '../port';

const REPOSITORY = /^[A-Za-z0-9][A-Za-z0-9-]{0,38}\/[A-Za-z0-9._-]{1,100}$/;

/** Settings of one target: a project, whether it is what its own address shows, and where its commits come from. */
export const targetConfig = z.strictObject({
  site: z
    .string()
    .regex(/^[A-Za-z0-9][A-Za-z0-9.-]{0,99}$/, 'Write the project’s id, or its address such as name.netlify.app.')
    .refine((name) => !name.includes('..'), 'Write the project’s id, or its address such as name.netlify.app.')
    .describe('Project (id, or name.netlify.app)'),
  production: z.boolean().default(false).describe('Production: the project’s own address; otherwise a branch deploy'),
  repository: z
    .string()
    .regex(REPOSITORY, 'Write the repository as owner/name.')
    .refine((name) => !/\/\.{1,2}$/.test(name), 'Write the repository as owner/name.')
    .describe('Repository that the project is connected to (owner/name)'),
  defaultRef: z.string().min(1).max(255).describe('Branch that is offered first'),
});

export type NetlifyTarget = z.infer<typeof targetConfig>;

export type NetlifyCapability =
  | 'deploy'
  | 'status'
  | 'cancel'
  | 'rollback'
  | 'live'
  | 'promote'
  | 'domains'
  | 'serviceStatus'
  | 'previews'
  | 'configuration'
  | 'rendering'
  | 'webhooks';

/** What Netlify can do for us, and how. Data only: this file also goes to the browser. */
export const manifest: Manifest<NetlifyCapability> = {
  id: 'netlify',
  label: 'Netlify',
  docsUrl: 'https://open-api.netlify.com/#tag/build/operation/createSiteBuild',
  defaultOrigin: 'https://api.netlify.com',
  credentialKinds: ['token'],
  // https://docs.netlify.com/api-and-cli-guides/api-guides/get-started-with-api/ (rate limiting)
  limitsFor: 'minute',
  targetConfig,
  capabilities: {
    deploy: {
      ...{ idempotency: 'lookup', revision: 'head' },
      place: {
        ...{ settings: ['site'], word: 'project', anyCase: true },
        ...{ when: { setting: 'production', word: 'production' }, branch: 'defaultRef' },
      },
    },
    status: { via: ['webhook', 'poll'], minPollSeconds: 3 },
    cancel: { until: 'building' },
    rollback: { how: 'repoint' },
    live: { by: 'release' },
    promote: { back: 'plain', when: 'production' },
    domains: { of: 'project' },
    // All of its parts may be what a build or an address stands on.
    serviceStatus: {
      page: 'https://www.netlifystatus.com',
      url: 'https://www.netlifystatus.com/api/v2/summary.json',
      origins: ['https://api.netlify.com'],
      parts: [],
    },
    previews: { screenshot: true },
    configuration: {
      kinds: {
        secret: { readable: false, maxBytes: 5_000, expression: 'process.env.NAME' },
        variable: { readable: true, maxBytes: 5_000, expression: 'process.env.NAME' },
      },
      scopes: [
        { id: 'production', word: 'Production context', shared: false, writable: true },
        { id: 'branch', word: 'Branch', shared: false, writable: true },
        { id: 'branch-deploy', word: 'Branch deploys', shared: true, writable: true },
        // A secret has a value for each context; `all` is none.
        { id: 'all', word: 'All contexts', shared: true, writable: true, kinds: ['variable'] },
        { id: 'team', word: 'Team', shared: true, writable: false },
      ],
      name: {
        pattern: '(?!NETLIFY_)[A-Za-z_][A-Za-z0-9_]{0,254}',
        letters: 'as-is',
        says: 'A name has letters, digits and _ only, begins with no digit, and not with NETLIFY_.',
      },
      takesEffect: 'next-deployment',
      runtime: { says: 'The project at Netlify that this target runs as.' },
    },
    rendering: { modes: ['ssr', 'ssg'], writes: 'variable', name: 'AETHERSTACK_RENDERING' },
    webhooks: { signature: 'jws', signatureHeader: 'x-webhook-signature' },
  },
};
