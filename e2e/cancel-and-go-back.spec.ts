import { deploy, deployButton, expectStatus, openComposer, readDeployment, readJson, targetOf } from './console';
import { expect, sandbox, test } from './fixtures';

test('a deployment in flight is cancelled, at the provider too', async ({ page }) => {
  const truth = await sandbox.truth();
  await sandbox.scenario({ name: 'happy', pace: 2 });
  await deploy(page, 'docs/staging');
  await expectStatus(page, 'Building');
  await page.getByRole('button', { name: 'Cancel', exact: true }).click();
  const dialog = page.getByRole('dialog');
  await expect(dialog).toContainText('asked to stop the run');
  await dialog.getByRole('button', { name: 'Cancel deployment' }).click();
  await expectStatus(page, 'Cancelled');
  const runs = await sandbox.newRuns(truth);
  expect(runs.map((run) => run.conclusion)).toEqual(['cancelled']);
});

test('a roll-back goes to the deployment before, holds the target there, and a person lifts the hold', async ({
  page,
}) => {
  await sandbox.push({ branch: 'main', message: 'extension: a change that has to go' });
  await deploy(page, 'extension/production');
  await expectStatus(page, 'Succeeded');
  const id = new URL(page.url()).pathname.split('/').at(-1) ?? '';
  const { previous } = await readDeployment(page, id);
  expect(previous).not.toBeNull();
  const short = previous?.sha.slice(0, 7) ?? '';

  await page.getByRole('button', { name: `Roll back to #${previous?.number}` }).click();
  const dialog = page.getByRole('dialog');
  const confirm = dialog.getByRole('button', { name: `Roll back to ${short}` });
  await expect(confirm).toHaveAttribute('aria-disabled', 'true');
  await dialog.getByLabel('Reason').fill('Customers cannot sign in');
  await confirm.click();
  await page.waitForURL((url) => url.pathname.startsWith('/deployments/') && !url.pathname.endsWith(id));
  await expectStatus(page, 'Succeeded');
  await expect(page.getByText('Rollback', { exact: true }).first()).toBeVisible();
  await expect(page.getByText('Live now').first()).toBeVisible();

  const targetId = await targetOf(page, 'extension/production');
  await page.goto(`/deploy/${targetId}`);
  const reason = /Held after a roll-back by Ada Admin: Customers cannot sign in\..* can lift it\./;
  await expect(page.getByRole('status').getByText(reason)).toBeVisible();
  await expect(deployButton(page)).toHaveAttribute('aria-disabled', 'true');
  await deployButton(page).click({ force: true });
  await expect(page).toHaveURL(new RegExp(`/deploy/${targetId}$`));
  await page.goto('/targets');
  const blocked = page.getByRole('button', { name: 'Deploy Extension to Production' });
  await expect(blocked).toHaveAttribute('aria-disabled', 'true');

  await page.goto('/now');
  await page.getByRole('button', { name: 'Lift the pin of Extension in Production' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Lift the pin' }).click();
  await expect(page.getByRole('link', { name: 'Deploy Extension to Production' })).toBeVisible();
  await openComposer(page, 'extension/production');
  await expect(deployButton(page)).not.toHaveAttribute('aria-disabled');
  const { pins } = await readJson<{ pins: unknown[] }>(page, `/api/v1/targets/${targetId}/composer`);
  expect(pins).toEqual([]);
});
