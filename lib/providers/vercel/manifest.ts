import { z } from 'zod';
import type { Manifest, QuotaReading } from '../port';

const REPOSITORY = /^[A-Za-z0-9][A-Za-z0-9-]{0,38}\/[A-Za-z0-9._-]{1,100}$/;

/** Settings of one target: a project, which of its two kinds of deployment, and where its commits come from. */
export const targetConfig = z.strictObject({
  project: z
    .string()
    .regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$/, 'Write the project’s name or its id (prj_…).')
    .describe('Project (name or id)'),
  team: z
    .string()
    .regex(/^[A-Za-z0-9][A-Za-z0-9_-]{0,99}$/, 'Write the team’s short name or its id (team_…).')
    .optional()
    .describe('Team (short name or id); empty for a personal account'),
  production: z.boolean().default(false).describe('Production: what is deployed gets the project’s own domains'),
  repository: z
    .string()
    .regex(REPOSITORY, 'Write the repository as owner/name.')
    .refine((name) => !/\/\.{1,2}$/.test(name), 'Write the repository as owner/name.')
    .describe('Repository that the project is connected to (owner/name)'),
  defaultRef: z.string().min(1).max(255).describe('Branch that is offered first'),
});

export type VercelTarget = z.infer<typeof targetConfig>;

export type VercelCapability =
  | 'deploy'
  | 'status'
  | 'cancel'
  | 'logs'
  | 'rollback'
  | 'live'
  | 'promote'
  | 'domains'
  | 'serviceStatus'
  | 'previews'
  | 'configuration'
  | 'rendering'
  | 'vitals'
  | 'webhooks';

const told = (headers: Headers, name: string) => {
  const text = /^\d{1,12}$/.exec(headers.get(`x-ratelimit-${name}`)?.trim() ?? '');
  return text ? Number(text[0]) : null;
};

/** Questions about measurements have a limit of their own: a short one there is no reason to deploy nothing. */
const quota: QuotaReading = {
  read(headers, url) {
    const [limit, remaining, reset] = [told(headers, 'limit'), told(headers, 'remaining'), told(headers, 'reset')];
    if (limit === null || remaining === null || reset === null) return null;
    return { resource: quota.resourceOf(url), limit, remaining, resetAt: reset * 1_000 };
  },
  resourceOf: ({ pathname }) => (pathname.startsWith('/v2/observability/') ? 'observability' : 'core'),
};

/** What Vercel can do for us, and how. Data only: this file also goes to the browser. */
export const manifest: Manifest<VercelCapability> = {
  id: 'vercel',
  label: 'Vercel',
  docsUrl: 'https://vercel.com/docs/rest-api/reference/endpoints/deployments/create-a-new-deployment',
  defaultOrigin: 'https://api.vercel.com',
  credentialKinds: ['token'],
  // What is read; some of what is written counts for an hour or a day: https://vercel.com/docs/limits (rate limits)
  limitsFor: 'minute',
  quota,
  targetConfig,
  capabilities: {
    deploy: {
      ...{ idempotency: 'lookup', revision: 'commit' },
      place: {
        ...{ settings: ['team', 'project'], account: 'team', word: 'project', anyCase: true },
        ...{ when: { setting: 'production', word: 'production' }, branch: 'defaultRef' },
      },
    },
    status: { via: ['webhook', 'poll'], minPollSeconds: 3 },
    cancel: { until: 'building' },
    logs: { mode: 'poll', retentionDays: null },
    rollback: { how: 'repoint' },
    live: { by: 'release' },
    promote: { back: 'holds', when: 'production' },
    domains: { of: 'project' },
    // All of its parts may be what a build or an address stands on.
    serviceStatus: {
      page: 'https://www.vercel-status.com',
      url: 'https://www.vercel-status.com/api/v2/summary.json',
      origins: ['https://api.vercel.com'],
      parts: [],
    },
    previews: { screenshot: false },
    configuration: {
      kinds: {
        secret: { readable: false, maxBytes: 65_536, expression: 'process.env.NAME' },
        variable: { readable: true, maxBytes: 65_536, expression: 'process.env.NAME' },
      },
      scopes: [
        { id: 'production', word: 'Production', shared: false, writable: true },
        { id: 'branch', word: 'Branch', shared: false, writable: true },
        { id: 'preview', word: 'Preview', shared: true, writable: true },
      ],
      name: {
        pattern: '(?!VERCEL_)[A-Za-z_][A-Za-z0-9_]{0,254}',
        letters: 'as-is',
        says: 'A name has letters, digits and _ only, begins with no digit, and not with VERCEL_.',
      },
      takesEffect: 'next-deployment',
      runtime: { says: 'The project at Vercel that this target runs as.' },
    },
    // Next asks nothing of an export's images there: `hasNextSupport` in next/dist/export.
    rendering: { modes: ['ssr', 'ssg'], writes: 'variable', name: 'AETHERSTACK_RENDERING', resizesImages: true },
    vitals: { by: 'Speed Insights', days: 7 },
    webhooks: { signature: 'hmac-sha1', signatureHeader: 'x-vercel-signature' },
  },
};
