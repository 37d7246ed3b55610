import { deployButton, deploymentId, expectStatus, openJob } from './console';
import { expect, sandbox, test } from './fixtures';

test('from Now a new commit of the backend is live in staging in fewer than three clicks, seen live', async ({
  page,
}) => {
  // Slow enough to watch it run.
  await sandbox.scenario({ name: 'happy', pace: 0.6 });
  const { sha } = await sandbox.push({ branch: 'main', message: 'backend: answers in one click' });
  const short = sha.slice(0, 7);
  const before = await sandbox.truth();
  await page.addInitScript(() => {
    const count = () => Number(sessionStorage.getItem('clicks') ?? 0);
    addEventListener(
      'click',
      (event) => event.isTrusted && sessionStorage.setItem('clicks', String(count() + 1)),
      true,
    );
  });
  await page.goto('/now');
  await page.evaluate(() => Object.assign(window, { sameDocument: true }));

  await page.getByRole('link', { name: 'Deploy Backend to Staging' }).click();
  await expect(page.getByRole('heading', { name: 'Deploy Backend to Staging' })).toBeVisible();
  await expect(page.getByText('backend: answers in one click').first()).toBeVisible();
  await page.getByRole('button', { name: `Deploy ${short} to Staging` }).click();
  await deploymentId(page);
  await expectStatus(page, 'Building');
  await expect(page.getByRole('list', { name: 'Steps of Test' }).getByText('Run the tests')).toBeVisible();
  await expectStatus(page, 'Succeeded', 50_000);
  expect(await page.evaluate(() => sessionStorage.getItem('clicks'))).toBe('2');
  expect(await page.evaluate(() => 'sameDocument' in window), 'the page was never reloaded').toBe(true);
  await expect(page.getByText('Live and verified:')).toBeVisible();

  await openJob(page, 'Deploy');
  await expect(page.getByRole('region', { name: /^Log of deployment-\d+-Deploy$/ })).toContainText('roll-out.sh');

  const runs = await sandbox.newRuns(before);
  expect(runs).toHaveLength(1);
  expect(runs[0]).toMatchObject({ conclusion: 'success', attempt: 1 });
  expect(runs[0]?.inputs['sha']).toBe(sha);
  expect(runs[0]?.marker).toMatch(/^aether/);

  await page.getByRole('link', { name: 'What runs where' }).first().click();
  const row = page.getByRole('row', { name: /^Backend/ });
  await expect(row.getByRole('link', { name: new RegExp(short) })).toBeVisible();
  await page.getByRole('link', { name: 'Now', exact: true }).first().click();
  await expect(
    page
      .getByRole('listitem')
      .filter({ hasText: /Backend → Staging/ })
      .getByText(short)
      .first(),
  ).toBeVisible();
});

test('the composer names the commits that go live and is submitted by the keyboard alone', async ({ page }) => {
  const { sha } = await sandbox.push({ branch: 'main', message: 'docs: written with the keyboard' });
  await page.goto('/targets');
  const link = page.getByRole('link', { name: 'Deploy Docs to Staging' });
  await link.focus();
  await page.keyboard.press('Enter');
  await expect(page.getByText(/commits? will go live/)).toBeVisible();
  await expect(page.getByRole('button', { name: `Deploy ${sha.slice(0, 7)} to Staging` })).toBeVisible();
  await expect(deployButton(page)).not.toHaveAttribute('aria-disabled');
  await page.keyboard.press('ControlOrMeta+Enter');
  await deploymentId(page);
  await expectStatus(page, 'Succeeded');
});
