import { z } from 'zod';
import { because, id, moment, Refusal } from './basics';

const part = z.array(z.string());
const incident = z.object({
  name: z.string(),
  url: because,
  impact: z.enum(['minor', 'major', 'critical', 'unrecognised']),
  parts: part,
  since: z.string(),
  latest: because,
});
const maintenance = z.object({
  name: z.string(),
  url: because,
  parts: part,
  from: z.string(),
  until: because,
  running: z.boolean(),
});
const service = z.object({
  provider: z.string(),
  page: z.string(),
  readAt: moment.nullable(),
  incidents: z.array(incident),
  maintenance: z.array(maintenance),
  problem: because,
});
export const ServiceStatus = z.object({ service: service.nullable() });

const runner = z.object({ name: z.string(), os: z.string(), online: z.boolean(), busy: z.boolean(), labels: part });
const openRun = z.object({
  id: z.string(),
  number: z.number(),
  title: z.string(),
  url: z.string(),
  state: z.enum(['queued', 'running', 'waiting']),
  at: z.string(),
});
export const Capacity = z.object({
  repositories: z.array(z.string()),
  repository: because,
  ownRunners: z.string(),
  capacity: z
    .object({
      runners: z.union([z.object({ list: z.array(runner), total: z.number() }), z.object({ refused: z.string() })]),
      open: z.array(openRun),
      queued: z.number(),
      running: z.number(),
    })
    .nullable(),
  problem: because,
});

export const DeploymentReasons = z.object({
  waits: z.array(z.object({ sentence: z.string(), url: because })),
  service: service.nullable(),
  burned: z.object({ sha: z.string(), sentence: z.string(), branch: because }).nullable(),
  problem: because,
});

const alike = z.object({
  ...{ id, number: z.number(), at: moment },
  ...{ component: z.string(), environment: z.string(), label: z.string() },
});
export const DeploymentFailure = z.object({
  deployment: z.object({ id, number: z.number() }),
  failure: z
    .object({
      ...{ line: z.string(), step: because, exitCode: z.number().nullable() },
      ...{ source: z.enum(['log', 'said']), at: moment },
    })
    .nullable(),
  here: z.object({ times: z.number(), last: alike.nullable() }),
  elsewhere: z.object({ times: z.number(), newest: z.array(alike) }),
  said: z.array(
    z.object({
      ...{ provider: z.string(), name: z.string(), url: because, impact: z.string(), latest: because },
      ...{ since: moment, seenAt: moment },
    }),
  ),
  weather: z.array(z.object({ tone: z.enum(['good', 'warn', 'bad']), sentence: z.string() })),
  verdict: z.string(),
});

const source = z.object({ branch: z.string(), path: z.enum(['/', '/docs']) });
const site = z.object({
  url: because,
  buildType: z.enum(['workflow', 'branch', 'unrecognised']),
  source: source.nullable(),
  state: z.enum(['live', 'building', 'failed', 'unrecognised']),
  domain: z
    .object({ name: z.string(), proof: z.enum(['verified', 'pending', 'unverified', 'unrecognised']).nullable() })
    .nullable(),
  certificate: z.object({ state: z.string(), sentence: z.string(), good: z.boolean(), expiresAt: because }).nullable(),
  httpsEnforced: z.boolean(),
  visibility: z.enum(['public', 'private']),
  builds: z.array(
    z.object({ state: z.string(), failed: z.boolean(), sha: because, at: z.string(), by: because, error: because }),
  ),
  settingsUrl: z.string(),
});
const wanted = z.union([
  z.object({ buildType: z.literal('workflow') }),
  z.object({ buildType: z.literal('branch'), source }),
]);
const lines = z.array(z.string());

export const Site = z.object({
  component: z.object({ slug: z.string(), name: z.string(), kind: z.string() }),
  repositories: z.array(z.string()),
  repository: because,
  word: z.string(),
  site: site.nullable(),
  branch: z.string(),
  head: because,
  versions: z.array(
    z.object({ version: z.string(), title: z.string(), aliases: z.array(z.string()), sha: because, at: because }),
  ),
  defaultName: because,
  live: z.object({ sentence: z.string(), tone: z.enum(['good', 'warn', 'bad', 'busy', 'neutral']) }),
  problems: z.array(
    z.object({
      code: z.string(),
      sentence: z.string(),
      mend: z.object({ label: z.string(), to: z.string() }).nullable(),
    }),
  ),
  settings: z.object({ now: lines, wanted, next: lines, shown: z.string() }).nullable(),
  changeRefusal: because,
  problem: Refusal.nullable(),
});
export const SiteSettings = z.object({ now: lines });
