import { axeProblems, expect, expectToFit, screenshot, test } from './fixtures';

test('what differs is shown, a wrong setting says so beside its field, and one press opens a pull request with what was chosen', async ({
  page,
}) => {
  await page.goto('/components/docs/setup');
  await expect(page.getByRole('heading', { name: 'Set up Docs', level: 1 })).toBeVisible();
  const name = page.getByLabel('Title of the site');
  await name.fill('');
  await page.getByRole('button', { name: 'Show what changes' }).click();
  await expect(page.getByText('These settings cannot be used: see what is said beside the fields.')).toBeVisible();
  await expect(name).toHaveAttribute('aria-invalid', 'true');
  await name.fill('1984');
  await page.getByRole('button', { name: 'Show what changes' }).click();
  await expect(page.getByText(/^At [0-9a-f]{7} of main/)).toBeVisible();
  expect(await axeProblems(page)).toEqual([]);
  await screenshot(page, 'set-up', 1440, 'light');
  // Somebody else made it, so it is chosen by hand.
  const theirs = page.getByRole('checkbox', { name: /docs\/mkdocs\.yml/ });
  await expect(theirs).not.toBeChecked();
  await theirs.check();
  await page.getByRole('button', { name: 'Open a pull request' }).click();
  await expect(page.getByText('A pull request is open', { exact: true })).toBeVisible();
  await expect(page.getByRole('link', { name: 'Look at it' })).toHaveAttribute('href', /\/pull\/\d+$/);
  await expect(name).toHaveValue('1984');
  await page.setViewportSize({ width: 360, height: 780 });
  await expectToFit(page);
  await screenshot(page, 'set-up', 360, 'light');
});

test('the doctor’s page is fit to read', async ({ page }) => {
  await page.goto('/connections/doctor');
  await expect(page.getByRole('heading', { name: 'Doctor', level: 1 })).toBeVisible();
  expect(await axeProblems(page)).toEqual([]);
  await screenshot(page, 'doctor', 1440, 'light');
});
