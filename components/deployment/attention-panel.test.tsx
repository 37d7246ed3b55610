import { renderToStaticMarkup } from 'react-dom/server';
import { expect, it, vi } from 'vitest';
import type { DeploymentDetail } from '@/lib/deployments/model/view';
import { AttentionPanel } from './attention-panel';

const idle = { run: async () => null, pending: false, refusal: null, fields: {}, clear: () => undefined };
vi.mock('./use-verb', () => ({ useVerb: () => idle }));

it('leads to where the run is, which is not the gallery that it publishes for', () => {
  const deployment = {
    ...{ id: 'dep_1', status: 'submitting', statusSince: '2026-11-27T10:00:00Z', trouble: null, buildsNothing: false },
    provider: { label: 'VS Marketplace', connectionName: 'acme', runsAt: 'GitHub' },
    environment: { slug: 'production', name: 'Production', isProduction: true },
    actions: { resolve: { allowed: true, refusal: null } },
  } as unknown as DeploymentDetail;
  const never = async () => Promise.reject(new Error('Nothing is pressed here.'));
  const html = renderToStaticMarkup(
    <AttentionPanel deployment={deployment} resolve={never} onDone={() => undefined} />,
  );
  expect(html).toContain('It is not known whether GitHub started this');
  expect(html).toContain('You found it at GitHub.');
  expect(html).toContain('the run at GitHub.');
  expect(html).not.toContain('VS Marketplace');
});
