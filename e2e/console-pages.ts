import { readdirSync } from 'node:fs';
import path from 'node:path';
import type { Page } from '@playwright/test';
import { readJson } from './console';

interface Row {
  id: string;
}

/** Every page of the console whose address has no parameter, and one of each kind that has one. */
export async function consolePages(page: Page): Promise<string[]> {
  const files = readdirSync('app/(console)', { recursive: true, encoding: 'utf8' });
  const plain = files
    .filter((name) => path.basename(name) === 'page.server.tsx' && !name.includes('['))
    .map((name) => `/${path.dirname(name).replace(/\(\w+\)\/?/g, '')}`.replace(/\/$/, ''));
  const { quickDeploys } = await readJson<{ quickDeploys: { targetId: string; componentSlug: string }[] }>(
    page,
    '/api/v1/now',
  );
  const { rows } = await readJson<{ rows: Row[] }>(page, '/api/v1/deployments');
  const [connection] = await readJson<Row[]>(page, '/api/v1/connections');
  const [first] = quickDeploys;
  return [
    ...plain,
    `/deploy/${first?.targetId}`,
    `/components/${first?.componentSlug}`,
    `/estate/targets/${first?.targetId}`,
    `/deployments/${rows[0]?.id}`,
    `/connections/${connection?.id}`,
    `/connections/${connection?.id}/deliveries`,
    `/connections/${connection?.id}/quota`,
  ];
}

/** Those that may lead elsewhere, or say that there is nothing, by how the thing stands: read for what is in them. */
export async function pagesOfThings(page: Page): Promise<string[]> {
  const { quickDeploys } = await readJson<{ quickDeploys: { targetId: string; componentSlug: string }[] }>(
    page,
    '/api/v1/now',
  );
  const { rows } = await readJson<{ rows: Row[] }>(page, '/api/v1/deployments');
  const { packages } = await readJson<{ packages: Row[] }>(page, '/api/v1/extensions/packages');
  const subscriptions = await readJson<Row[]>(page, '/api/v1/subscriptions');
  const { environments } = await readJson<{ environments: { slug: string }[] }>(page, '/api/v1/estate');
  const [first] = quickDeploys;
  return [
    ...environments.map(({ slug }) => `/environments/${slug}/configuration`),
    `/approvals/${rows[0]?.id}`,
    `/targets/${first?.targetId}/roll-back`,
    `/targets/${first?.targetId}/promote`,
    `/components/${first?.componentSlug}/setup`,
    `/components/${first?.componentSlug}/versions`,
    ...packages.slice(0, 1).flatMap(({ id }) => [`/extensions/packages/${id}`, `/extensions/packages/${id}/publish`]),
    ...subscriptions.slice(0, 1).map(({ id }) => `/subscriptions/${id}`),
  ];
}
