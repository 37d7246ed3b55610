import type { Page } from '@playwright/test';
import { arrangeDeployment, arrangeFreeze, liftEverything } from './arrange';
import {
  cancel,
  confirm,
  deployButton,
  deploymentId,
  expectStatus,
  openComposer,
  readDeployment,
  submit,
  targetOf,
} from './console';
import { expect, sandbox, test } from './fixtures';
import { look } from './look';

test.afterEach(async () => {
  await sandbox.calm();
  await liftEverything();
});

/** Wall clock in UTC, as a datetime-local field takes it. */
function utc(offsetMinutes: number): string {
  return new Date(Date.now() + offsetMinutes * 60_000).toISOString().slice(0, 16);
}

/** Plans a freeze in UTC that began `beganMinutesAgo` ago and lasts four hours. */
async function freeze(page: Page, name: string, beganMinutesAgo: number): Promise<void> {
  await page.goto('/holds?add=freeze');
  const dialog = page.getByRole('dialog', { name: 'Plan a freeze' });
  await dialog.getByLabel('Name').fill(name);
  await expect(page, 'a reload must not open it again').toHaveURL(/\/holds$/);
  await dialog.getByLabel('Reason').fill('Quarter end');
  await dialog.getByLabel('Environment').selectOption({ label: 'Staging' });
  await dialog.getByLabel('Time zone').selectOption({ label: 'UTC' });
  await dialog.getByLabel('Begins').fill(utc(-beganMinutesAgo));
  await expect(dialog.getByRole('region', { name: 'When it would hold' })).toContainText(', UTC');
  await submit(page, dialog, 'Plan the freeze');
}

test('a lock holds a target, says who and why in every place, and lifting it lets the next one through', async ({
  page,
}) => {
  await page.goto('/holds');
  await page.getByRole('button', { name: 'Lock…' }).click();
  const dialog = page.getByRole('dialog', { name: 'Lock' });
  await dialog.getByLabel('Environment').selectOption({ label: 'Staging' });
  await dialog.getByLabel('Component').selectOption({ label: 'Docs' });
  await dialog.getByRole('button', { name: 'Lock Docs in Staging' }).click();
  await expect(dialog.getByText('Say why in a few words.')).toBeVisible();
  await dialog.getByLabel('Reason').fill('Moving the search index');
  await dialog.getByLabel('Ends').selectOption({ label: '4 hours' });
  await submit(page, dialog, 'Lock Docs in Staging');
  await expect(page.getByRole('heading', { name: /Docs in Staging/ })).toBeVisible();
  await expect(page.getByText('Moving the search index')).toBeVisible();

  const targetId = await targetOf(page, 'docs/staging');
  await page.goto(`/deploy/${targetId}`);
  const says = /Locked by Ada Admin: Moving the search index\..*can lift it\./;
  await expect(page.getByRole('status').filter({ hasText: says })).toBeVisible();
  await expect(deployButton(page)).toHaveAttribute('aria-disabled', 'true');

  await page.goto('/holds');
  await page.getByRole('button', { name: 'Lift: Docs in Staging' }).click();
  await confirm(page, 'Lift');
  await expect(page.getByText('Nothing is held')).toBeVisible();
  await openComposer(page, 'docs/staging');
  await expect(deployButton(page)).not.toHaveAttribute('aria-disabled');
});

test('a freeze that begins while a deployment waits holds it, and ending it lets it go', async ({ page, context }) => {
  test.slow();
  const truth = await sandbox.truth();
  // It would run for minutes: what is set up meanwhile may take its time, and then it is cancelled, which takes its pace too.
  await sandbox.scenario({ name: 'happy', pace: 4 });
  const first = await arrangeDeployment(page, 'docs/staging');
  await expectStatus(page, 'Building');
  await sandbox.push({ branch: 'main', message: 'docs: waits behind the first' });
  const second = await arrangeDeployment(page, 'docs/staging');
  await expectStatus(page, 'Queued');
  await arrangeFreeze('staging', 'Quarter end');
  await sandbox.calm();
  const desk = await context.newPage();
  await desk.goto(`/deployments/${first}`);
  await cancel(desk);
  await expect(
    page
      .getByText(/Frozen by Ada Admin .*: Quarter end/)
      .filter({ visible: true })
      .first(),
  ).toBeVisible({
    timeout: 40_000,
  });
  const { number } = await readDeployment(page, second);
  await desk.goto('/holds');
  await expect(desk.getByText('holds now', { exact: true })).toBeVisible();
  const frozen = desk.getByRole('listitem').filter({ hasText: 'holds now' });
  await expect(frozen.getByRole('link', { name: `#${number}` })).toBeVisible();
  expect(await sandbox.newRuns(truth), 'the second is not sent').toHaveLength(1);
  await desk.getByRole('button', { name: 'End Quarter end' }).click();
  await expect(desk.getByRole('dialog').getByRole('link', { name: `#${number}` })).toBeVisible();
  await confirm(desk, 'End the freeze', 'The quarter is closed');
  await expectStatus(page, 'Succeeded', 45_000);
  expect(await sandbox.newRuns(truth)).toHaveLength(2);
  expect(number).toBeGreaterThan(0);
  await desk.close();
});

test('an administrator takes one deployment through a freeze with a reason, and it stays visible', async ({ page }) => {
  await freeze(page, 'Night', 2);
  await page.goto('/components/docs');
  await page.getByRole('link', { name: 'Deploy in freeze: Docs to Staging' }).click();
  await expect(deployButton(page)).toHaveAttribute('aria-disabled', 'true');
  await page.getByRole('button', { name: 'Go through the freeze…' }).click();
  await page.getByLabel('Why this one goes through the freeze').fill('The legal notice is wrong');
  await expect(deployButton(page)).not.toHaveAttribute('aria-disabled');
  await deployButton(page).click();
  await deploymentId(page);
  await expect(page.getByText('Ada Admin let it through the freeze')).toBeVisible();
  await expect(page.getByText('“The legal notice is wrong”').first()).toBeVisible();
  await expectStatus(page, 'Succeeded');
});

test('the calendar shows a weekly freeze, is walked with the keyboard, and says what is next', async ({ page }) => {
  test.slow();
  await page.setViewportSize({ width: 1440, height: 900 });
  await page.goto('/holds?add=freeze');
  const dialog = page.getByRole('dialog', { name: 'Plan a freeze' });
  await dialog.getByLabel('Name').fill('Weekend');
  await dialog.getByLabel('Reason').fill('Nobody is there');
  await dialog.getByLabel('Time zone').selectOption({ label: 'Europe/Berlin' });
  await dialog.getByLabel('Begins').fill(`${new Date(Date.now() + 86_400_000).toISOString().slice(0, 10)}T16:00`);
  await dialog.getByLabel('Lasts').fill('2');
  await dialog.getByLabel('Repeats').selectOption({ label: 'Every week' });
  const preview = dialog.getByRole('region', { name: 'When it would hold' });
  await expect(preview).toContainText(/Every \w+day 16:00–18:00, Europe\/Berlin/);
  await expect(preview.getByRole('listitem')).toHaveCount(4);
  await submit(page, dialog, 'Plan the freeze');
  await expect(page.getByText(/Next freeze in /)).toBeVisible();

  const calendar = page.getByRole('table', { name: /^Freezes, / });
  await expect(calendar.getByText('Weekend').first()).toBeVisible();
  await calendar.locator('[aria-current="date"]').focus();
  await page.keyboard.press('ArrowRight');
  await expect(
    page.getByRole('region', { name: 'The chosen day' }).getByRole('link', { name: /Weekend/ }),
  ).toBeVisible();
  for (let week = 0; week < 6; week++) await page.keyboard.press('ArrowDown');
  await expect(calendar.locator('[aria-pressed="true"]')).toBeFocused();
  await page.getByRole('button', { name: 'Today' }).click();
  await look(page, 'holds');
  await page.setViewportSize({ width: 1440, height: 900 });

  await page.getByRole('button', { name: 'Change Weekend' }).click();
  const change = page.getByRole('dialog', { name: 'Change “Weekend”' });
  await change.getByLabel('Lasts').fill('3');
  await submit(page, change, 'Save');
  await expect(page.getByText(/16:00–19:00, Europe\/Berlin/)).toBeVisible();
});
