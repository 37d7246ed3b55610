import type { Locator, Page } from '@playwright/test';
import { sampleVsix } from '@/lib/extensions/testing/sample-vsix';
import { arrangeFreeze, liftEverything } from './arrange';
import { deploymentId, expectStatus } from './console';
import { axeProblems, expect, expectToFit, test } from './fixtures';
import { look } from './look';
import { ADMIN } from './session';

/** A version that no earlier run on this console has published: the numbers of one are never free again. */
const VERSION = `1.${Math.floor(Date.now() / 60_000)}.${new Date().getSeconds()}`;
const WHO = { publisher: 'aetherstack', name: 'aetherstack' };

test.afterEach(liftEverything);

async function watchPolicy(page: Page): Promise<string[]> {
  const seen: string[] = [];
  page.on('console', (message) => {
    if (/Content Security Policy/i.test(message.text()) && message.type() === 'error') seen.push(message.text());
  });
  return seen;
}

async function proveIfAsked(page: Page, otherwise: Locator): Promise<void> {
  const asked = page.getByRole('dialog', { name: 'Is it you?' });
  await expect(asked.or(otherwise)).toBeVisible();
  if (!(await asked.isVisible())) return;
  await asked.getByLabel('Your password').fill(ADMIN.password);
  await asked.getByRole('button', { name: 'Go on' }).click();
  await expect(otherwise).toBeVisible();
}

/** A press is heard from the moment the page is alive; the live feed is opened in the same breath. */
async function openAlive(page: Page, path: string): Promise<void> {
  await page.goto(path);
  await expect(page.getByRole('button', { name: 'Live updates: Live' })).toBeVisible();
}

async function ownTheNamespace(page: Page): Promise<void> {
  await openAlive(page, '/gallery/tokens');
  const mine = page.getByText(`owned by ${ADMIN.name}`);
  const own = page.getByRole('button', { name: `Become an owner of ${WHO.publisher}` });
  await expect(own.or(mine)).toBeVisible();
  if (await own.isVisible()) await own.click();
  await proveIfAsked(page, mine);
}

test('a version goes from a file to the private gallery, and from there into an editor by a token', async ({
  page,
}) => {
  const violations = await watchPolicy(page);
  await ownTheNamespace(page);
  await openAlive(page, '/extensions');
  await expect(page.getByRole('table', { name: /^Versions by gallery/ })).toContainText('Verified');
  await expect(page.getByRole('table', { name: /^What came in while/ })).toContainText('0.9.2');
  expect(await axeProblems(page), 'extensions').toEqual([]);

  const buffer = sampleVsix({ ...WHO, version: VERSION, manifest: { displayName: 'AetherStack' } });
  await page
    .getByLabel('Package to upload')
    .setInputFiles({ name: 'aetherstack.vsix', mimeType: 'application/zip', buffer });
  await page.waitForURL(/\/extensions\/packages\/[0-9a-f]{64}$/);
  await expect(page.getByRole('heading', { level: 1 })).toHaveText(`AetherStack ${VERSION}`);
  await expect(page.getByText(/^Since .+, live at .*Private gallery/)).toBeVisible();
  await expect(page.getByText('demo.run: Run').first()).toBeVisible();
  expect(await axeProblems(page), 'package').toEqual([]);

  await page.getByRole('link', { name: 'Publish…', exact: true }).click();
  const own = page.getByRole('checkbox', { name: /^Private gallery/ });
  await expect(own).toBeChecked();
  await expect(page.getByRole('checkbox', { name: /^Open VSX/ })).not.toBeChecked();
  expect(await axeProblems(page), 'composer').toEqual([]);
  await page.getByRole('button', { name: 'Publish to 1 place' }).click();
  await page.getByRole('link', { name: 'It is on its way' }).click();
  await deploymentId(page);
  await expectStatus(page, 'Succeeded');
  const where = /Extension → Production \(Private gallery\)/;
  await expect(page.getByRole('heading', { level: 1, name: where })).toBeVisible();
  await expect(page).toHaveTitle(where);

  await page.goto('/gallery?text=aetherstack');
  await page.getByRole('main').getByRole('link', { name: 'AetherStack', exact: true }).click();
  const row = page.getByRole('table', { name: 'Versions' }).getByRole('row').filter({ hasText: VERSION });
  await expect(row).toContainText('all platforms');
  expect(await axeProblems(page), 'gallery').toEqual([]);

  await page.setViewportSize({ width: 360, height: 780 });
  await openAlive(page, '/deployments?component=extension');
  await expect(page.getByRole('link', { name: where }).first()).toBeVisible();
  await expectToFit(page, 'deployments of several targets in one environment');
  for (const path of ['/extensions', '/extensions/credentials', '/gallery', '/gallery/tokens']) {
    await openAlive(page, path);
    await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
    await expectToFit(page, path);
  }
  await page.getByText('Owners and retention').first().click();
  await expect(page.getByRole('list', { name: `Owners of ${WHO.publisher}` })).toContainText(ADMIN.name);
  await expectToFit(page, 'owners and retention');
  const name = `Editor ${VERSION}`;
  await page.getByLabel('Name').fill(name);
  await page.getByRole('button', { name: 'Make a token' }).click();
  await proveIfAsked(page, page.getByText(`“${name}” is made.`));
  await expect(page.getByRole('region', { name: 'Line for code-server' })).toContainText('/api/gallery/t/');
  expect(await axeProblems(page), 'tokens').toEqual([]);
  expect(violations).toEqual([]);
});

test('in a freeze a package goes out by a reason of an administrator, who proves to be it', async ({ page }) => {
  await ownTheNamespace(page);
  await openAlive(page, '/extensions');
  const buffer = sampleVsix({ ...WHO, version: `2${VERSION}`, manifest: { displayName: 'AetherStack' } });
  await page
    .getByLabel('Package to upload')
    .setInputFiles({ name: 'aetherstack.vsix', mimeType: 'application/zip', buffer });
  await page.waitForURL(/\/extensions\/packages\/[0-9a-f]{64}$/);
  await arrangeFreeze('production', 'Quarter end');
  await openAlive(page, `${new URL(page.url()).pathname}/publish`);
  const own = page.getByRole('checkbox', { name: /^Private gallery/ });
  await own.check();
  const press = page.getByRole('button', { name: 'Publish to 1 place' });
  await expect(press).toHaveAttribute('aria-disabled', 'true');
  await page.getByRole('button', { name: 'Go through the freeze…' }).click();
  await page.getByLabel('Why this one goes through the freeze').fill('The editors cannot start');
  await look(page, 'publish-frozen');
  await press.click();
  await proveIfAsked(page, page.getByRole('link', { name: 'It is on its way' }));
  await page.getByRole('link', { name: 'It is on its way' }).click();
  await expectStatus(page, 'Succeeded');
  await expect(page.getByText('The editors cannot start').first()).toBeVisible();
});

test('what still publishes by a token that ends is named, with the proposal that replaces it', async ({ page }) => {
  await page.goto('/extensions/credentials');
  await expect(page.getByText(/Personal access tokens .+ on 2026-12-01: (\d+ days? left|ended)/)).toBeVisible();
  const secrets = page.getByRole('table', { name: 'Secrets that hold a gallery’s token' });
  await expect(secrets.getByRole('row').filter({ hasText: 'VSCE_PAT' })).toContainText('extension-publish.yml');
  const proposal = page.getByRole('region', { name: 'Proposal for Extension' });
  await expect(proposal.getByText(/extension-publish\.yml/).first()).toBeVisible();
  await expect(proposal.getByText('AZURE_CLIENT_ID')).toBeVisible();
  expect(await axeProblems(page)).toEqual([]);
});
