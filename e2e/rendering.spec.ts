import type { Page } from '@playwright/test';
import { deploymentId, expectStatus } from './console';
import { expect, test } from './fixtures';
import { glance } from './look';

/** The line of an environment in the dashboard's table; on a phone each cell says what it is. */
function line(page: Page, environment: string) {
  return page
    .getByRole('table', { name: /^How Dashboard is built/ })
    .getByRole('row', { name: new RegExp(`^(Environment )?${environment}`) });
}

async function sheetOf(page: Page, name: string) {
  await page.getByRole('button', { name }).click();
  return page.getByRole('dialog');
}

test('a dashboard is moved from SSR to SSG on staging; a server action blocks it by file and line; production stays', async ({
  page,
}) => {
  await page.goto('/rendering');
  await expect(line(page, 'Production')).toContainText('SSR');
  await expect(line(page, 'Staging')).toContainText('SSR');
  await expect(line(page, 'Staging').getByText('nothing in the way')).toBeVisible();
  await glance(page, 'rendering');

  const sheet = await sheetOf(page, 'Switch Dashboard in Staging to SSG');
  await sheet.getByLabel('Branch, tag or commit').fill('feature/contact-form');
  await sheet.getByRole('button', { name: 'Look' }).click();
  await expect(sheet.getByText('dashboard/app/contact/actions.js:1')).toBeVisible();
  const go = sheet.getByRole('button', { name: 'Switch to SSG' });
  await expect(go).toHaveAttribute('aria-disabled', 'true');

  await sheet.getByLabel('Branch, tag or commit').fill('');
  await sheet.getByRole('button', { name: 'Look' }).click();
  await expect(go).not.toHaveAttribute('aria-disabled');
  await go.click();
  await deploymentId(page);
  await expectStatus(page, 'Succeeded');
  await expect(page.getByText('SSG', { exact: true }).first()).toBeVisible();
  await expect(page.getByText('Proved:')).toBeVisible();

  await page.goto('/rendering');
  await expect(line(page, 'Staging').getByRole('button', { name: 'Switch Dashboard in Staging to SSR' })).toBeVisible();
  await expect(line(page, 'Production')).toContainText('SSR');
});
