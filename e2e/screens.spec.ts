import type { Page } from '@playwright/test';
import { arrangeDeployment } from './arrange';
import { cancel, expectStatus, openComposer, readJson, targetOf } from './console';
import { expect, STRANGER, sandbox, test } from './fixtures';
import { glance, look } from './look';

// Three pictures and three questions to axe each: a long list takes its time on a slow machine. One test is like another,
// so whichever console is free takes the next.
test.describe.configure({ mode: 'parallel', timeout: 120_000 });

async function open(page: Page, path: string, heading: string | RegExp): Promise<void> {
  await page.goto(path);
  await expect(page.getByRole('heading', { name: heading, level: 1 })).toBeVisible();
}

test.describe('signed out', () => {
  test.use({ storageState: STRANGER });

  test('landing', async ({ page }) => {
    await page.goto('/');
    await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
    await look(page, 'landing');
  });

  test('sign-in', async ({ page }) => {
    await page.goto('/sign-in');
    await expect(page.getByLabel('Login')).toBeVisible();
    await look(page, 'sign-in');
  });

  test('not found', async ({ page }) => {
    expect((await page.goto('/nothing/here'))?.status()).toBe(404);
    await look(page, 'not-found');
  });
});

test('now', async ({ page }) => {
  await open(page, '/now', 'Now');
  await look(page, 'now');
});

test('what runs where', async ({ page }) => {
  await open(page, '/targets', 'What runs where');
  await look(page, 'targets');
});

test('component', async ({ page }) => {
  await open(page, '/components/backend', 'Backend');
  await look(page, 'component');
});

test('composer', async ({ page }) => {
  await sandbox.push({ branch: 'main', message: 'dashboard: something to look at' });
  await openComposer(page, 'dashboard/production');
  await look(page, 'composer');
});

test('deployment, while it runs', async ({ page }) => {
  // Longer than its pictures take anywhere: it ends by being cancelled, which takes its pace too.
  await sandbox.scenario({ name: 'happy', pace: 4 });
  await arrangeDeployment(page, 'dashboard/preview');
  await expectStatus(page, 'Building');
  await expect(page.getByRole('list', { name: /^Steps of/ })).toBeVisible();
  await look(page, 'deployment-running');
  await page.setViewportSize({ width: 1440, height: 900 });
  await cancel(page);
  await expectStatus(page, 'Cancelled');
});

test('deployment, succeeded', async ({ page }) => {
  await arrangeDeployment(page, 'docs/staging');
  await expectStatus(page, 'Succeeded');
  await expect(page.getByRole('region', { name: /^Log of/ })).toBeVisible();
  await look(page, 'deployment-succeeded');
});

test('deployment, failed', async ({ page }) => {
  await sandbox.scenario({ name: 'fails' });
  await arrangeDeployment(page, 'extension/staging');
  await expectStatus(page, 'Failed');
  await expect(page.getByRole('list', { name: 'First error in the log' })).toBeVisible();
  await look(page, 'deployment-failed');
});

test('deployments', async ({ page }) => {
  await open(page, '/deployments', 'Deployments');
  await look(page, 'deployments');
});

test('audit', async ({ page }) => {
  await open(page, '/audit', 'Audit');
  await page.getByRole('button', { name: 'Verify' }).click();
  await expect(page.getByText(/^Verified up to line [\d,]+/)).toBeVisible();
  await page.getByLabel('Action').fill('audit.verify');
  await page.getByRole('button', { name: 'Filter' }).click();
  await page.waitForURL(/action=audit\.verify/);
  await expect(page.getByRole('link', { name: 'Clear' })).toBeVisible();
  // Fifty lines look like five, and axe reads each.
  await look(page, 'audit');
  const taken = await page.request.get('/api/v1/audit/export?format=csv&action=audit.verify');
  expect((await taken.text()).split('\n').filter((line) => line.includes('"audit.verify"')).length).toBeGreaterThan(0);
});

test('connections, one of them, and its quota', async ({ page }) => {
  await open(page, '/connections', 'Connections');
  await look(page, 'connections');
  type Row = { id: string; name: string; provider: { id: string } };
  const rows = await readJson<Row[]>(page, '/api/v1/connections');
  const [first] = rows;
  await open(page, `/connections/${first?.id}`, first?.name ?? '');
  await look(page, 'connection');
  const busy = rows.find(({ provider }) => provider.id === 'github');
  await open(page, `/connections/${busy?.id}/quota`, 'Quota');
  await expect(page.getByRole('table', { name: 'Requests by consumer' }).getByRole('row').nth(1)).toBeVisible();
  await glance(page, 'quota');
});

test('notifications', async ({ page }) => {
  await open(page, '/subscriptions', 'Notifications');
  await glance(page, 'notifications');
  await page.getByRole('button', { name: 'Add a receiver' }).click();
  const dialog = page.getByRole('dialog', { name: 'Add a receiver' });
  await expect(dialog.getByRole('radio', { name: /Signed webhook/ })).toBeChecked();
  await page.keyboard.press('Escape');
  await expect(dialog).toBeHidden();
});

test('health and its five figures', async ({ page }) => {
  await open(page, '/health', 'Health');
  await expect(page.getByRole('slider').first()).toBeVisible();
  // Until the page wakes there is a grey area where each chart will be drawn.
  for (const chart of await page.getByRole('slider').all()) await expect(chart.locator('svg').first()).toBeVisible();
  await glance(page, 'health');
  await open(page, '/health/dora', 'DORA');
  await glance(page, 'dora');
});

test('secrets and variables', async ({ page }) => {
  await open(page, '/environments/staging/configuration', /./);
  await expect(page.getByRole('table').first()).toBeVisible();
  await glance(page, 'configuration');
});

test('members', async ({ page }) => {
  await open(page, '/members', 'Members');
  await look(page, 'members');
});

test('a part that cannot be fetched says so, and the page stands', async ({ page }) => {
  await open(page, '/subscriptions', 'Notifications');
  // It has come alive when it hears the feed.
  await expect(page.getByRole('button', { name: 'Live updates: Live' })).toBeVisible();
  await page.route('**/_next/static/chunks/**', (route) => route.abort());
  await page.getByRole('button', { name: 'Add a receiver' }).click();
  await expect(page.getByText('A part of this page could not be fetched')).toBeVisible();
  await expect(page.getByRole('heading', { name: 'Notifications', level: 1 })).toBeVisible();
  await page.unroute('**/_next/static/chunks/**');
  await page.getByRole('button', { name: 'Reload' }).click();
  await expect(page.getByText('A part of this page could not be fetched')).toBeHidden();
  await page.getByRole('button', { name: 'Add a receiver' }).click();
  await expect(page.getByRole('dialog', { name: 'Add a receiver' })).toBeVisible();
});

test('a page that is not there', async ({ page }) => {
  const missing = await targetOf(page, 'docs/staging').then((id) => `/deploy/${id.slice(0, -3)}zzz`);
  for (const path of ['/deployments/dep_none', '/components/none', '/connections/con_none/quota', missing])
    expect((await page.goto(path))?.status(), path).toBe(404);
  await expect(page.getByText('There is nothing at this address')).toBeVisible();
  await look(page, 'console-not-found');
});
