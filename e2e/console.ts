import { expect, type Locator, type Page, type Request } from '@playwright/test';

/** What a person does in the console, in one place, so that the specs read as guarantees. */

interface NowAnswer {
  quickDeploys: { targetId: string; componentSlug: string; environmentSlug: string; current: string | null }[];
}

export interface DeploymentAnswer {
  id: string;
  number: number;
  status: string;
  kind: string;
  targetId: string;
  revision: { ref: string; sha: string };
  failure: { code: string; sentence: string; step: string | null } | null;
  isCurrent: boolean;
  previous: { id: string; number: number; sha: string } | null;
  trouble: string | null;
}

export interface AuditAnswer {
  id: number;
  action: string;
  outcome: string;
  code: string | null;
  sentence: string;
  resource: { kind: string; id: string | null };
}

export async function readJson<T>(page: Page, path: string): Promise<T> {
  const answer = await page.request.get(path);
  expect(answer.status(), `GET ${path}`).toBe(200);
  return (await answer.json()) as T;
}

/** "backend/staging" → the target's id. */
export async function targetOf(page: Page, slugs: string): Promise<string> {
  const [component, environment] = slugs.split('/');
  const { quickDeploys } = await readJson<NowAnswer>(page, '/api/v1/now');
  const found = quickDeploys.find((each) => each.componentSlug === component && each.environmentSlug === environment);
  if (!found) throw new Error(`There is no target ${slugs}.`);
  return found.targetId;
}

export function readDeployment(page: Page, id: string): Promise<DeploymentAnswer> {
  return readJson<DeploymentAnswer>(page, `/api/v1/deployments/${id}`);
}

export async function readAudit(page: Page, query = ''): Promise<AuditAnswer[]> {
  return (await readJson<{ rows: AuditAnswer[] }>(page, `/api/v1/audit${query}`)).rows;
}

export function deployButton(page: Page): Locator {
  return page.getByRole('button', { name: /^Deploy .+ to / });
}

/** Opens the composer and waits until it has read what it would deploy. */
export async function openComposer(page: Page, slugs: string): Promise<string> {
  const targetId = await targetOf(page, slugs);
  await page.goto(`/deploy/${targetId}`);
  await expect(page.getByRole('button', { name: /^Deploy [0-9a-f]{7} to / })).toBeVisible();
  return targetId;
}

/** The id in the address of a deployment's page. */
export async function deploymentId(page: Page): Promise<string> {
  await page.waitForURL(/\/deployments\/dep_/);
  return new URL(page.url()).pathname.split('/').at(-1) ?? '';
}

/** Presses the composer's button and lands on the new deployment. */
export async function deploy(page: Page, slugs: string): Promise<string> {
  await openComposer(page, slugs);
  await expect(deployButton(page)).not.toHaveAttribute('aria-disabled');
  await deployButton(page).click();
  return deploymentId(page);
}

/** Cancels the open deployment. */
export async function cancel(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Cancel', exact: true }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Cancel deployment' }).click();
}

/** The status as the open deployment page shows it; the page is never reloaded. */
export async function expectStatus(page: Page, label: string, timeout = 30_000): Promise<void> {
  await expect(page).toHaveTitle(new RegExp(`^${label} ·`), { timeout });
  await expect(page.getByRole('main').getByText(label, { exact: true }).first()).toBeVisible();
}

/** Picks a branch, tag or commit in the open composer. */
export async function pickRevision(page: Page, query: string): Promise<void> {
  await page.getByRole('button', { name: /^Branch, tag or commit:/ }).click();
  await page.getByRole('combobox', { name: 'Branch, tag or commit' }).fill(query);
  await page
    .getByRole('option', { name: new RegExp(query) })
    .first()
    .click();
}

/** Opens the steps and the log of a job on a deployment's page. */
export async function openJob(page: Page, job: string): Promise<void> {
  const line = page
    .getByRole('main')
    .locator('button[aria-expanded]')
    .filter({ hasText: new RegExp(`[a-z]${job}\\d`) });
  if ((await line.getAttribute('aria-expanded')) === 'false') await line.click();
}

/** Id of the newest line of the audit log. */
export async function lastAudit(page: Page): Promise<number> {
  return (await readAudit(page, '?limit=1'))[0]?.id ?? 0;
}

export async function auditSince(page: Page, id: number): Promise<AuditAnswer[]> {
  return (await readAudit(page, '?limit=100')).filter((line) => line.id > id);
}

/** Pages that are fetched ahead of a click say so. */
export const PREFETCH = ['next-router-prefetch', 'next-router-segment-prefetch'];

/**
 * Runs an action and waits until the page has read itself again after it: a visit elsewhere before that would be thrown
 * back to where it was.
 */
export async function settled(page: Page, act: () => Promise<void>): Promise<void> {
  const isRefresh = (request: Request) =>
    new URL(request.url()).searchParams.has('_rsc') && !PREFETCH.some((name) => name in request.headers());
  // Where none comes the page had nothing to read again, and nothing can throw a visit back.
  const again = page.waitForEvent('requestfinished', { predicate: isRefresh, timeout: 5_000 }).catch(() => null);
  await act();
  await again;
}

/** Presses the confirming button of the open dialog, with a reason where it asks for one. */
export async function confirm(page: Page, button: string | RegExp, reason?: string): Promise<void> {
  const dialog = page.getByRole('dialog');
  if (reason !== undefined) await dialog.getByLabel('Reason').fill(reason);
  await submit(page, dialog, button);
}

/** Presses a button of a dialog that closes when it is done. */
export function submit(page: Page, dialog: Locator, button: string | RegExp): Promise<void> {
  return settled(page, async () => {
    await dialog.getByRole('button', { name: button }).click();
    await expect(dialog).toBeHidden();
  });
}

interface Connection {
  id: string;
  name: string;
  targets: number;
  provider: { id: string };
}

/** The connection that the example team deploys through. */
export async function teamConnection(page: Page): Promise<Connection> {
  const rows = await readJson<Connection[]>(page, '/api/v1/connections');
  const found = rows.find((row) => row.provider.id === 'github' && row.targets > 0);
  if (!found) throw new Error('No target is deployed through GitHub.');
  return found;
}

export async function replaceToken(page: Page, id: string, token: string): Promise<void> {
  await page.goto(`/connections/${id}`);
  await page.getByRole('button', { name: 'Replace…' }).click();
  const dialog = page.getByRole('dialog', { name: 'Replace the credential' });
  await dialog.getByLabel('Token', { exact: true }).fill(token);
  await dialog.getByRole('button', { name: 'Replace and check' }).click();
  await expect(dialog).toBeHidden();
}

/** Where the images of Backend come from; 'None': from nowhere. */
export async function setImages(page: Page, connection: string, repository = ''): Promise<void> {
  await page.goto('/estate');
  await page.getByRole('button', { name: 'Change Backend' }).click();
  const dialog = page.getByRole('dialog', { name: 'Change Backend' });
  await dialog.getByLabel('Container images').selectOption({ label: connection });
  if (connection !== 'None') {
    await dialog.getByLabel('Image repository').fill(repository);
    await dialog.getByLabel('Input for the image').fill('image_tag');
  }
  await dialog.getByRole('button', { name: 'Save' }).click();
  await expect(dialog).toBeHidden();
}
