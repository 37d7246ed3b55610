import type { Page } from '@playwright/test';
import { expect, test } from './fixtures';

/** Keys are heard from the moment the page is alive; the live feed is opened in the same breath. */
async function openAlive(page: Page): Promise<void> {
  await page.goto('/now');
  await expect(page.getByRole('button', { name: 'Live updates: Live' })).toBeVisible();
}

function rows(page: Page) {
  return page.getByRole('table', { name: /deployments/i }).getByRole('row');
}

test('filters of the list live in the address: sent to somebody, taken back and forward', async ({ page }) => {
  await page.goto('/deployments');
  await page.getByLabel('Component').selectOption('backend');
  await expect(page).toHaveURL(/component=backend/);
  // With a capital, as components are written; a commit's message may well speak of docs.
  await expect(rows(page).filter({ hasText: /Docs/ })).toHaveCount(0);
  await expect(rows(page).filter({ hasText: 'Backend' }).first()).toBeVisible();
  await page.getByLabel('Status').selectOption('succeeded');
  await expect(page).toHaveURL(/component=backend.*status=succeeded/);
  await page.goBack();
  await expect(page.getByLabel('Status')).toHaveValue('');
  await expect(page.getByLabel('Component')).toHaveValue('backend');
  await page.goForward();
  await expect(page.getByLabel('Status')).toHaveValue('succeeded');
  await page.reload();
  await expect(rows(page).filter({ hasText: 'Backend' }).first()).toBeVisible();
  await expect(rows(page).filter({ hasText: 'Failed' })).toHaveCount(0);
  await page.getByRole('link', { name: 'Clear' }).click();
  await expect(page).toHaveURL(/\/deployments$/);
});

test('a deployment is found by its number, and what does not exist says so', async ({ page }) => {
  await page.goto('/deployments');
  await page.getByRole('searchbox').fill('#7');
  await page.keyboard.press('Enter');
  await expect(page).toHaveURL(/q=%237/);
  await expect(page.getByRole('link', { name: '#7', exact: true })).toBeVisible();
  await page.getByRole('searchbox').fill('nothing is called like this');
  await page.keyboard.press('Enter');
  await expect(page).toHaveURL(/q=nothing/);
  await expect(rows(page)).toHaveCount(0);
  await expect(page.getByRole('main')).toContainText(/No deployment|Nothing/);
});

test('older and newer pages meet without a gap and without a repetition', async ({ page }) => {
  const numbers = async () =>
    (await page.getByRole('link', { name: /^#\d+$/ }).allInnerTexts()).map((text) => Number(text.slice(1)));
  await page.goto('/deployments');
  await expect.poll(numbers).not.toEqual([]);
  const first = await numbers();
  await page.getByRole('link', { name: 'Older' }).click();
  await expect(page).toHaveURL(/cursor=/);
  await expect.poll(async () => (await numbers())[0]).toBe((first.at(-1) ?? 0) - 1);
  await page.getByRole('link', { name: 'Newer' }).click();
  await expect.poll(numbers).toEqual(first);
});

test('the audit log is filtered by outcome and words, and each line opens', async ({ page }) => {
  await page.goto('/audit');
  await page.getByLabel('Text').fill('example team');
  await page.getByRole('button', { name: 'Filter' }).click();
  await expect(page).toHaveURL(/text=example(\+|%20)team/);
  const lines = page.getByRole('list', { name: 'Audit log, newest first' }).getByRole('listitem');
  await expect(lines).toHaveCount(1);
  await lines.first().locator('summary').click();
  await expect(lines.first()).toContainText('installation');
  await page.getByLabel('Outcome').selectOption('refused');
  await page.getByRole('button', { name: 'Filter' }).click();
  await expect(page).toHaveURL(/outcome=refused/);
  await expect(lines).toHaveCount(0);
  await page.goBack();
  await expect(lines).toHaveCount(1);
});

test('the palette opens by ⌘K, finds a page and a deployment, and goes there', async ({ page }) => {
  await openAlive(page);
  await page.keyboard.press('ControlOrMeta+k');
  const box = page.getByRole('dialog').getByRole('combobox');
  await expect(box).toBeFocused();
  await box.fill('audit');
  await page.keyboard.press('Enter');
  await expect(page).toHaveURL(/\/audit$/);
  await page.keyboard.press('ControlOrMeta+k');
  await box.fill('deploy backend to staging');
  await expect(page.getByRole('option', { name: /backend.*staging/i }).first()).toBeVisible();
  await page.keyboard.press('Enter');
  await expect(page.getByRole('heading', { name: 'Deploy Backend to Staging' })).toBeVisible();
  await page.keyboard.press('ControlOrMeta+k');
  await page.keyboard.press('Escape');
  await expect(page.getByRole('dialog')).toHaveCount(0);
});

test('two keys go to every place, and ? lists them', async ({ page }) => {
  await openAlive(page);
  for (const [key, path] of [
    ['w', '/targets'],
    ['d', '/deployments'],
    ['c', '/connections'],
    ['a', '/audit'],
    ['n', '/now'],
  ] as const) {
    await page.keyboard.press('g');
    await page.keyboard.press(key);
    await expect(page).toHaveURL(new RegExp(`${path}$`));
  }
  await page.keyboard.press('?');
  await expect(page.getByRole('dialog', { name: 'Keyboard shortcuts' })).toBeVisible();
});

test('keys typed into a field stay text', async ({ page }) => {
  await page.goto('/deployments');
  await page.getByRole('searchbox').fill('');
  await page.getByRole('searchbox').pressSequentially('gn?');
  await expect(page.getByRole('searchbox')).toHaveValue('gn?');
  await expect(page).toHaveURL(/\/deployments$/);
  await expect(page.getByRole('dialog')).toHaveCount(0);
});
