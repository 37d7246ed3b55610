import { z } from 'zod';
import type { Manifest } from '../port';

/** Nothing is deployed through it; which of its projects belongs to a target stands with the target. */
export const targetConfig = z.strictObject({});

const ORGANIZATION = { label: 'Organization', hint: 'Its slug, as in the address of your Sentry.', fixed: null };
const TOKEN = {
  label: 'Token of an internal integration',
  hint: 'With “Organization: Read” and “Issue & Event: Read”; to write releases and deploys also “Release: Admin”.',
};
const FORM = {
  username: ORGANIZATION,
  secret: TOKEN,
  tokenService: false,
  ends: 'It does not end by itself; somebody may revoke it under Settings, Custom Integrations.',
};

const SCOPE_EXAMPLE = 'project:{{component}} environment:{{environment}}';

/** Data only. Regions: https://docs.sentry.io/organization/data-storage-location/ */
export const manifest = {
  id: 'sentry',
  label: 'Sentry',
  docsUrl: 'https://docs.sentry.io/api/guides/create-auth-token/',
  defaultOrigin: 'https://us.sentry.io',
  credentialKinds: ['basic'],
  ownServer: {},
  credentialForms: [
    { ...FORM, id: 'us', label: 'Sentry, data in the United States', origin: 'https://us.sentry.io' },
    { ...FORM, id: 'de', label: 'Sentry, data in the European Union', origin: 'https://de.sentry.io' },
    { ...FORM, id: 'own', label: 'A server of your own', origin: null },
  ],
  targetConfig,
  capabilities: {
    health: {
      language: 'Sentry: data set, aggregate, search',
      mostPoints: 1_000,
      settlesSeconds: 90,
      alerts: false,
      issues: true,
      scope: {
        label: 'Issues of this target',
        hint: 'A search of issues; what is first seen since a deployment stands beside its verdict.',
        example: `${SCOPE_EXAMPLE} is:unresolved`,
      },
      presets: [
        {
          id: 'spans',
          label: 'Requests, by tracing',
          queries: {
            throughput: { expression: `spans count() ${SCOPE_EXAMPLE} is_transaction:true`, unit: 'per_second' },
            errors: { expression: `spans failure_rate() ${SCOPE_EXAMPLE} is_transaction:true`, unit: 'ratio' },
            latency: { expression: `spans p95(span.duration) ${SCOPE_EXAMPLE} is_transaction:true`, unit: 'ms' },
          },
        },
        {
          id: 'sessions',
          label: 'Crashed sessions, by hours (needs a window of 6 hours or more)',
          queries: {
            throughput: { expression: `sessions sum(session) ${SCOPE_EXAMPLE}`, unit: 'per_second' },
            errors: { expression: `sessions crash_rate(session) ${SCOPE_EXAMPLE}`, unit: 'ratio' },
          },
        },
      ],
    },
    notes: {
      to: 'Sentry',
      writes: 'a release and its deploy',
      scope: {
        label: 'Project',
        hint: 'Its slug; “environment:” and “release:” say otherwise than the environment’s slug and the commit.',
        example: 'project:{{component}} environment:{{environment}} release:{{sha}}',
      },
    },
  },
} as const satisfies Manifest<'health' | 'notes'>;
