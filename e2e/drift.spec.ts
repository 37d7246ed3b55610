import type { Page } from '@playwright/test';
import { arrangeDeployment } from './arrange';
import { expectStatus, settled } from './console';
import { expect, sandbox, test } from './fixtures';

const HERE = { environment: 'staging', component: 'docs' };

async function look(page: Page, says: RegExp): Promise<void> {
  await page.goto('/components/docs');
  const button = page.getByRole('button', { name: 'Look now at what is live: Docs in Staging' });
  await settled(page, () => button.click());
  await expect(page.getByText(says).first()).toBeVisible();
}

test('what somebody puts live by hand is found, is said first, and leads to the way back', async ({ page }) => {
  test.slow();
  await arrangeDeployment(page, 'docs/staging');
  await expectStatus(page, 'Succeeded');
  const { services } = await sandbox.truth();
  const ours = services.find((each) => each.environment === HERE.environment && each.component === HERE.component);
  const { sha } = await sandbox.push({ branch: 'main', message: 'docs: put live from a laptop' });
  await sandbox.putLive({ ...HERE, sha });
  await look(page, new RegExp(sha.slice(0, 7)));

  await page.goto('/now');
  await expect(page.getByRole('region', { name: 'Now, in one sentence' })).toContainText('Docs in Staging');
  await expect(page.getByText('Drifted (1)')).toBeVisible();
  await page.goto('/targets');
  await expect(page.getByText(/^Drifted/)).toHaveCount(1);
  await page.goto('/now');
  await page.getByRole('region', { name: 'Now, in one sentence' }).getByRole('link', { name: 'Open' }).click();
  await expect(page.getByRole('heading', { name: 'Roll back Docs in Staging', level: 1 })).toBeVisible();

  await sandbox.putLive({ ...HERE, sha: ours?.sha ?? '' });
  await look(page, /is live, as this console has it/);
  await page.goto('/now');
  await expect(page.getByText(/^Drifted/)).toHaveCount(0);
});
