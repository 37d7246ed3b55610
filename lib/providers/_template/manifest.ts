import { z } from 'zod';
import type { Manifest } from '../port';

/** What one target needs to know; drawn as its settings form. */
export const targetConfig = z.strictObject({
  project: z.string().min(1).max(100).describe('Project'),
});

/** The capabilities that this provider has. Each one listed here must have its functions in adapter.ts, and no other. */
export type TemplateCapability = 'deploy' | 'status';

/** Data only: this file also goes to the browser, so it imports zod and the port and nothing else. */
export const manifest: Manifest<TemplateCapability> = {
  id: 'template',
  label: 'Template',
  docsUrl: 'https://docs.vendor.example/api',
  defaultOrigin: 'https://api.vendor.example',
  credentialKinds: ['token'],
  targetConfig,
  capabilities: {
    deploy: { idempotency: 'lookup' },
    status: { via: ['poll'], minPollSeconds: 5 },
  },
};
