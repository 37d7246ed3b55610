import { arrangeDeployment } from './arrange';
import { expectStatus, openJob, readDeployment } from './console';
import { expect, sandbox, test } from './fixtures';

test('a failure names the step and the first error line, and its failed jobs can be run again', async ({ page }) => {
  const truth = await sandbox.truth();
  await sandbox.scenario({ name: 'flaky' });
  const id = await arrangeDeployment(page, 'extension/staging');
  await expectStatus(page, 'Failed');

  const why = page.getByRole('region', { name: 'Why it failed' });
  await expect(why).toContainText('Run the tests');
  await expect(why.getByRole('list', { name: 'First error in the log' })).toContainText('Error: ');
  expect((await readDeployment(page, id)).failure?.step).toBe('Run the tests');
  await why.getByRole('button', { name: 'Open the log of Test' }).click();
  const log = page.getByRole('region', { name: /^Log of deployment-\d+-Test$/ });
  await page.getByRole('button', { name: 'First error' }).click();
  await expect(log.getByText(/Process completed with exit code 1/)).toBeVisible();

  await page.getByRole('button', { name: 'Re-run failed jobs' }).click();
  const dialog = page.getByRole('dialog');
  await expect(dialog).toContainText('Jobs that succeeded do not run again.');
  await dialog.getByRole('button', { name: 'Re-run failed jobs' }).click();
  await page.waitForURL((url) => /\/deployments\/dep_/.test(url.pathname) && !url.pathname.endsWith(id));
  await expectStatus(page, 'Succeeded');
  await expect(page.getByText('Retry', { exact: true }).first()).toBeVisible();

  const runs = await sandbox.newRuns(truth);
  expect(runs).toHaveLength(1);
  expect(runs[0]).toMatchObject({ attempt: 2, conclusion: 'success' });
  expect((await readDeployment(page, id)).status, 'what has ended stays ended').toBe('failed');
});

test('the log can be searched, and its colours are shown, not printed', async ({ page }) => {
  await arrangeDeployment(page, 'backend/production');
  await expectStatus(page, 'Succeeded');
  await openJob(page, 'Test');
  const log = page.getByRole('region', { name: /^Log of deployment-\d+-Test$/ });
  await expect(log).toContainText('Current runner version');
  expect(await log.innerText()).not.toContain('\u001b[');
  await page.keyboard.press('f');
  await page.getByRole('searchbox', { name: 'Search in this log' }).fill('pytest');
  await expect(page.getByText(/^1 of \d+/)).toBeVisible();
  await expect(log).toContainText('pytest');
  await page.keyboard.press('Enter');
  await expect(page.getByText(/^2 of \d+/)).toBeVisible();
  await page.getByRole('searchbox', { name: 'Search in this log' }).fill('no line has this');
  await expect(page.getByText('No match')).toBeVisible();
});
