import { z } from 'zod';
import type { Manifest } from '../port';

/** Nothing is deployed through it; which questions belong to a target stands with the target. */
export const targetConfig = z.strictObject({});

/** User name of a server that asks nobody to sign in: then nothing is sent. */
export const NOBODY = 'nobody';

const ANY_ORIGIN = { origin: null, tokenService: false } as const;

/** Data only. Limits: https://prometheus.io/docs/prometheus/latest/querying/api/ */
export const manifest = {
  id: 'prometheus',
  label: 'Prometheus',
  docsUrl: 'https://prometheus.io/docs/prometheus/latest/querying/api/',
  defaultOrigin: 'https://prometheus.example.com',
  credentialKinds: ['token', 'basic'],
  ownServer: {},
  credentialForms: [
    {
      ...ANY_ORIGIN,
      id: 'basic',
      label: 'User name and password',
      username: {
        label: 'User name',
        hint: 'As in the server’s web configuration, or of the proxy before it.',
        fixed: null,
      },
      secret: { label: 'Password', hint: 'Only reading is needed.' },
      ends: 'It ends when the server’s configuration changes.',
    },
    {
      ...ANY_ORIGIN,
      id: 'open',
      label: 'A server that asks nobody to sign in',
      username: { label: 'User name', hint: 'Nothing is sent.', fixed: NOBODY },
      secret: { label: 'Password', hint: 'Write a dash: nothing is sent.' },
      ends: 'Nothing ends.',
    },
  ],
  targetConfig,
  capabilities: {
    health: {
      language: 'PromQL',
      mostPoints: 11_000,
      settlesSeconds: 0,
      alerts: true,
      issues: false,
      scope: {
        label: 'Alerts of this target',
        hint: 'Labels that an alert has; an alert that has them all belongs to the target.',
        example: 'job="{{component}}"',
      },
      // Five minutes: a server that scrapes once a minute, as is usual, has two samples in it.
      // `or vector(0)` stands only above the line: without any traffic the share is a gap, not zero.
      // `highr`: the instrumentator's other histogram ends at one second. https://pypi.org/project/prometheus-fastapi-instrumentator/
      presets: [
        {
          id: 'fastapi',
          label: 'FastAPI (prometheus-fastapi-instrumentator)',
          queries: {
            throughput: { expression: 'sum(rate(http_requests_total{job="{{job}}"}[5m]))', unit: 'per_second' },
            errors: {
              expression:
                '(sum(rate(http_requests_total{job="{{job}}",status="5xx"}[5m])) or vector(0)) / sum(rate(http_requests_total{job="{{job}}"}[5m]))',
              unit: 'ratio',
            },
            latency: {
              expression:
                'histogram_quantile(0.95, sum by (le) (rate(http_request_duration_highr_seconds_bucket{job="{{job}}"}[5m])))',
              unit: 'seconds',
            },
            uptime: { expression: 'avg(up{job="{{job}}"})', unit: 'ratio' },
          },
        },
        {
          id: 'next',
          label: 'Next.js (OpenTelemetry, http.server.request.duration)',
          queries: {
            throughput: {
              expression: 'sum(rate(http_server_request_duration_seconds_count{job="{{job}}"}[5m]))',
              unit: 'per_second',
            },
            errors: {
              expression:
                '(sum(rate(http_server_request_duration_seconds_count{job="{{job}}",http_response_status_code=~"5.."}[5m])) or vector(0)) / sum(rate(http_server_request_duration_seconds_count{job="{{job}}"}[5m]))',
              unit: 'ratio',
            },
            latency: {
              expression:
                'histogram_quantile(0.95, sum by (le) (rate(http_server_request_duration_seconds_bucket{job="{{job}}"}[5m])))',
              unit: 'seconds',
            },
          },
        },
      ],
    },
  },
} as const satisfies Manifest<'health'>;
