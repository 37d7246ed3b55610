import { arrangeDeployment } from './arrange';
import { confirm, deployButton, expectStatus, openComposer, readDeployment, readJson, targetOf } from './console';
import { expect, sandbox, test } from './fixtures';
import { glance, look } from './look';

test('from Now in two taps: what going back brings about stands there before, the target is held after, and a person lifts it', async ({
  page,
}) => {
  test.slow();
  await sandbox.push({ branch: 'main', message: 'extension: a change that has to go' });
  await arrangeDeployment(page, 'extension/production');
  await expectStatus(page, 'Succeeded');
  const id = new URL(page.url()).pathname.split('/').at(-1) ?? '';
  const { previous } = await readDeployment(page, id);
  expect(previous).not.toBeNull();

  await page.goto('/now');
  await page.getByRole('link', { name: 'Roll back Extension in Production', exact: true }).click();
  const heading = page.getByRole('heading', { name: 'Roll back Extension in Production', level: 1, exact: true });
  await expect(heading).toBeVisible();
  await expect(page.getByRole('radio', { checked: true })).toHaveAttribute('value', previous?.id ?? '');
  await expect(page.getByText(/commits? will be taken away from Production/)).toBeVisible();
  await expect(page.getByText('extension: a change that has to go').first()).toBeVisible();
  await expect(page.getByText(/A pin with your name and reason holds the target there/)).toBeVisible();
  const button = page.getByRole('button', { name: 'Roll back and hold' });
  await expect(button).toHaveAttribute('aria-disabled', 'true');
  await page.getByLabel('Reason').fill('Customers cannot sign in');
  await expect(button).not.toHaveAttribute('aria-disabled');
  await button.click();
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

  await page.goto('/holds');
  await expect(page.getByText('Customers cannot sign in')).toBeVisible();
  await expect(
    page.getByText(/Extension in Production: \d+ commits? of (main|its branch) (is|are) not live/).first(),
  ).toBeVisible();
  await glance(page, 'pin');
  await page.setViewportSize({ width: 1440, height: 900 });
  await page.getByRole('button', { name: 'Lift: Extension in Production' }).click();
  await confirm(page, 'Lift', 'Signing in works');
  await expect(page.getByText('Nothing is held')).toBeVisible();
  await openComposer(page, 'extension/production');
  await expect(deployButton(page)).not.toHaveAttribute('aria-disabled');
  const { pins } = await readJson<{ pins: unknown[] }>(page, `/api/v1/targets/${targetId}/composer`);
  expect(pins).toEqual([]);
});

test('a deployment’s page leads to it with itself chosen, and another one can be chosen there', async ({ page }) => {
  test.slow();
  await page.goto('/components/docs');
  const targetId = await targetOf(page, 'docs/production');
  const plan = await readJson<{ candidates: { id: string; number: number }[] }>(
    page,
    `/api/v1/targets/${targetId}/roll-back`,
  );
  const [first, second] = plan.candidates;
  await page.goto(`/deployments/${second?.id}`);
  await page.getByRole('link', { name: /^Roll back to [0-9a-f]{7}$/ }).click();
  await expect(page.getByRole('radio', { checked: true })).toHaveAttribute('value', second?.id ?? '');
  await expect(page.getByText(`Going back to #${second?.number}`)).toBeVisible();
  await page.locator(`input[value="${first?.id}"]`).check();
  await expect(page.getByText(`Going back to #${first?.number}`)).toBeVisible();
  await look(page, 'roll-back');
});
