import { z } from 'zod';
import type { Manifest, QuotaReading } from '../port';

/** Nothing is deployed through it; which tags belong to a target stands with the target. */
export const targetConfig = z.strictObject({});

/** User name of a pair of keys: both are secret, so both stand in the secret, with a colon between. */
export const KEYS = 'keys';

const FORM = {
  username: { label: 'User name', hint: 'Not used.', fixed: KEYS },
  secret: {
    label: 'API key and application key',
    hint: 'Both, with a colon between: the API key, a colon, the application key.',
  },
  tokenService: false,
  ends: 'Neither ends by itself; somebody may revoke them under Organization Settings.',
};
/** https://docs.datadoghq.com/getting_started/site/ */
const SITES = [
  ['us1', 'US1', 'https://api.datadoghq.com'],
  ['us3', 'US3', 'https://api.us3.datadoghq.com'],
  ['us5', 'US5', 'https://api.us5.datadoghq.com'],
  ['eu1', 'EU1', 'https://api.datadoghq.eu'],
  ['ap1', 'AP1', 'https://api.ap1.datadoghq.com'],
  ['ap2', 'AP2', 'https://api.ap2.datadoghq.com'],
  ['uk1', 'UK1', 'https://api.uk1.datadoghq.com'],
  ['gov', 'US1-FED', 'https://api.ddog-gov.com'],
] as const;

const TAGS = 'service:{{component}},env:{{environment}}';

const SECOND = 1_000;

const figure = (headers: Headers, name: string) => {
  const told = /^\d{1,9}$/.exec(headers.get(`x-ratelimit-${name}`)?.trim() ?? '');
  return told ? Number(told[0]) : null;
};

/**
 * Each address has a limit of its own, for `Period` seconds; `Reset` is how many seconds of them are left, no moment.
 * Source: https://docs.datadoghq.com/api/latest/rate-limits/
 */
const quota: QuotaReading = {
  read(headers, url, now) {
    const [limit, remaining, reset] = ['limit', 'remaining', 'reset'].map((name) => figure(headers, name));
    if (limit == null || remaining == null || reset == null) return null;
    return { resource: quota.resourceOf(url), limit, remaining, resetAt: now + reset * SECOND };
  },
  // `/api/v1/query` and what lies below it; the name that an answer gives its limit is not known before it.
  resourceOf: ({ pathname }) => pathname.split('/')[3] || 'core',
};

/** Data only. Permissions: https://docs.datadoghq.com/account_management/rbac/permissions/ */
export const manifest = {
  id: 'datadog',
  label: 'Datadog',
  docsUrl: 'https://docs.datadoghq.com/account_management/api-app-keys/',
  defaultOrigin: 'https://api.datadoghq.com',
  credentialKinds: ['basic', 'token'],
  credentialForms: SITES.map(([id, label, origin]) => ({ ...FORM, id, label: `Site ${label}`, origin })),
  quota,
  targetConfig,
  capabilities: {
    health: {
      language: 'Datadog metric query',
      mostPoints: 1_000,
      // Of several hosts the newest minute is not whole yet: https://github.com/google/ts-bridge/issues/8
      settlesSeconds: 60,
      alerts: true,
      issues: false,
      scope: {
        label: 'Monitors of this target',
        hint: 'Tags that a monitor has; a monitor that has them all belongs to the target.',
        example: 'service:{{component}} env:{{environment}}',
      },
      presets: [
        {
          id: 'http',
          label: 'Requests, by tracing (trace.http.request)',
          queries: {
            throughput: { expression: `sum:trace.http.request.hits{${TAGS}}.as_rate()`, unit: 'per_second' },
            errors: {
              // Without any error there is no line of errors, which is zero as long as there are requests.
              expression: `default_zero(sum:trace.http.request.errors{${TAGS}}.as_rate()) / sum:trace.http.request.hits{${TAGS}}.as_rate()`,
              unit: 'ratio',
            },
            latency: { expression: `p95:trace.http.request{${TAGS}}`, unit: 'seconds' },
          },
        },
      ],
    },
    notes: {
      to: 'Datadog',
      writes: 'an event',
      scope: {
        label: 'Tags',
        hint: 'Tags of the event, so that it is drawn over what has the same.',
        example: 'service:{{component}} env:{{environment}} version:{{sha}}',
      },
    },
  },
} as const satisfies Manifest<'health' | 'notes'>;
