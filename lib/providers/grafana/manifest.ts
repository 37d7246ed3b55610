import { z } from 'zod';
import type { Manifest } from '../port';

/** Nothing is deployed through it; which dashboard belongs to a target stands with the target. */
export const targetConfig = z.strictObject({});

/** Data only. Rights: https://grafana.com/docs/grafana/latest/developers/http_api/annotations/ */
export const manifest = {
  id: 'grafana',
  label: 'Grafana',
  docsUrl: 'https://grafana.com/docs/grafana/latest/administration/service-accounts/',
  defaultOrigin: 'https://grafana.example.com',
  credentialKinds: ['token'],
  ownServer: {},
  targetConfig,
  capabilities: {
    notes: {
      to: 'Grafana',
      writes: 'an annotation',
      scope: {
        label: 'Dashboard and tags',
        hint: 'The dashboard’s uid, from its address; “panel:” for one panel of it. Other words are tags: without a dashboard the annotation is shown wherever they are asked for.',
        example: 'dashboard:kb3x9a {{component}} {{environment}}',
      },
    },
  },
} as const satisfies Manifest<'notes'>;
