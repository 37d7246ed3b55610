import { z } from 'zod';
import type { Manifest } from '../port';

const REPOSITORY = /^[A-Za-z0-9][A-Za-z0-9-]{0,38}\/[A-Za-z0-9._-]{1,100}$/;
/** An https address with the commit in it; `{mode}` where both ways are built. */
const TEMPLATE = /^https:\/\/[a-z0-9.-]+(:\d{1,5})?\/[\x21-\x7e]*$/;
const template = z
  .string()
  .max(1_000)
  .regex(TEMPLATE, 'Write an address that begins with https://.')
  .refine((text) => text.includes('{sha}'), 'Write {sha} where the commit stands in the address.')
  .refine((text) => !/[{}]/.test(text.replace(/\{(sha|mode)\}/g, '')), 'Only {sha} and {mode} are filled in.');

/** Settings of one target: an app of the agent, where its commits come from, and where its builds lie. */
export const targetConfig = z.strictObject({
  app: z
    .string()
    .regex(/^[a-z][a-z0-9-]{0,39}$/, 'Write the app’s name as the agent’s configuration has it.')
    .describe('App, as the agent’s configuration names it'),
  repository: z
    .string()
    .regex(REPOSITORY, 'Write the repository as owner/name.')
    .refine((name) => !/\/\.{1,2}$/.test(name), 'Write the repository as owner/name.')
    .describe('Repository that the builds are made from (owner/name)'),
  defaultRef: z.string().min(1).max(255).describe('Branch that is offered first'),
  build: template
    .optional()
    .describe(
      'Address of a build, with {sha} for the commit (and {mode} for ssr or ssg); empty where pipelines upload them',
    ),
  checksum: template
    .optional()
    .describe('Address of its SHA-256; empty for the address of the build with .sha256 behind it'),
});

export type SelfHostTarget = z.infer<typeof targetConfig>;

export type SelfHostCapability =
  | 'deploy'
  | 'status'
  | 'cancel'
  | 'logs'
  | 'rollback'
  | 'live'
  | 'promote'
  | 'domains'
  | 'rendering'
  | 'configuration';

/** What a server of one's own can do for us, and how. Data only: this file also goes to the browser. */
export const manifest: Manifest<SelfHostCapability> = {
  id: 'self-host',
  label: 'Own server',
  docsUrl: 'https://nextjs.org/docs/app/guides/self-hosting',
  // There is no address that fits everybody: this one never answers.
  defaultOrigin: 'https://agent.example.com',
  credentialKinds: ['token'],
  ownServer: {},
  targetConfig,
  capabilities: {
    deploy: { idempotency: 'native', revision: 'commit', place: { settings: ['app'], word: 'app' } },
    status: { via: ['poll'], minPollSeconds: 2 },
    cancel: { until: 'deploying' },
    logs: { mode: 'poll', retentionDays: null },
    rollback: { how: 'repoint' },
    live: { by: 'release' },
    promote: { back: 'plain', variables: 'now' },
    domains: { of: 'project' },
    rendering: { modes: ['ssr', 'ssg'], writes: 'request', name: '' },
    configuration: {
      kinds: { secret: { readable: false, maxBytes: 65_536, expression: 'process.env.NAME' } },
      scopes: [{ id: 'app', word: 'Server', shared: false, writable: true }],
      name: {
        pattern:
          '(?!AETHERSTACK_R|PORT$|HOSTNAME$|NODE_ENV$|NODE_OPTIONS$|PATH$|HOME$|LD_)[A-Za-z_][A-Za-z0-9_]{0,199}',
        letters: 'as-is',
        says: 'A name has letters, digits and _ only, begins with no digit, and is none that the agent sets itself.',
      },
      takesEffect: 'next-deployment',
      runtime: { says: 'The app of the agent that this target runs as.' },
    },
  },
};
