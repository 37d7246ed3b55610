import type { Page } from '@playwright/test';
import { expect, test } from './fixtures';
import { look } from './look';

/** Names of this run's own: the suite may meet the same console twice. */
const mark = Date.now().toString(36);
const GITHUB = 'GitHub Actions (sandbox)';

async function addEnvironment(page: Page, name: string): Promise<void> {
  await page.goto('/estate?add=environment');
  const dialog = page.getByRole('dialog', { name: 'Add an environment' });
  await dialog.getByLabel('Name', { exact: true }).fill(name);
  await dialog.getByLabel('Order').fill('90');
  await dialog.getByRole('button', { name: 'Add environment' }).click();
  await expect(dialog).toBeHidden();
}

async function addComponent(page: Page, name: string): Promise<void> {
  await page.goto('/estate?add=component');
  const dialog = page.getByRole('dialog', { name: 'Add a component' });
  await dialog.getByLabel('Name', { exact: true }).fill(name);
  await dialog.getByLabel('Folders of the repository').fill('backend');
  await dialog.getByLabel('Order').fill('90');
  await dialog.getByRole('button', { name: 'Add component' }).click();
  await expect(dialog).toBeHidden();
}

async function pick(page: Page, label: string, name: string): Promise<void> {
  await page.getByRole('button', { name: new RegExp(`^${label}.*:`) }).click();
  await page.getByRole('combobox', { name: new RegExp(`^${label}`) }).fill(name);
  await page.getByRole('option', { name }).first().click();
}

async function openTargetForm(page: Page): Promise<void> {
  await page.goto('/estate/targets/new');
  await page.getByLabel('Connection').selectOption({ label: GITHUB });
}

test('a team goes from nothing to the composer of its own target in the browser', async ({ page }) => {
  const [component, environment] = [`Gateway ${mark}`, `Trial ${mark}`];
  await addEnvironment(page, environment);
  await expect(page.getByRole('row', { name: environment })).toContainText(`trial-${mark}`);
  await addComponent(page, component);
  await page.getByRole('link', { name: `Add a target for ${component}` }).click();

  await expect(page.getByLabel('Component').locator('option:checked')).toHaveText(component);
  await page.getByLabel('Environment').selectOption({ label: environment });
  await page.getByLabel('Connection').selectOption({ label: GITHUB });
  await pick(page, 'Repository', 'aetherstack/aetherstack');
  await expect(page.getByLabel('Branch that is offered first')).toHaveValue('main');
  await pick(page, 'Workflow file', 'backend-deploy.yml');
  const result = page.getByRole('status', { name: 'Result of the check' });
  await expect(result).toContainText('backend-deploy.yml on main can be started');
  await expect(result).toContainText('is found again');
  await expect(result).toContainText('Any commit of a branch can be deployed');
  await page.getByLabel('Fix an input').selectOption('environment');
  await page.getByLabel('Value of environment').selectOption('staging');
  await page.getByRole('button', { name: 'Add target' }).click();

  await expect(page.getByText(`${component} can be deployed to ${environment}`)).toBeVisible();
  await page.getByRole('link', { name: 'What runs where' }).first().click();
  await page.getByRole('link', { name: `Deploy ${component} to ${environment}` }).click();
  await expect(page.getByRole('heading', { name: `Deploy ${component} to ${environment}` })).toBeVisible();
  await expect(page.getByRole('button', { name: /^Deploy [0-9a-f]{7} to / })).toBeEnabled();
  // What the target fixes is not asked for.
  await expect(page.getByLabel(/^strategy/)).toBeVisible();
  await expect(page.getByLabel(/^environment/)).toHaveCount(0);
});

test('a short name that is taken is said so, and what was typed stays', async ({ page }) => {
  await page.goto('/estate');
  await page.getByRole('button', { name: 'Add a component' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Name', { exact: true }).fill('Backend, again');
  await dialog.getByLabel('Short name').fill('backend');
  await dialog.getByLabel('Description').fill('typed with care');
  await dialog.getByLabel('Order').fill('first');
  await dialog.getByRole('button', { name: 'Add component' }).click();
  await expect(dialog.getByText('Write a whole number.').first()).toBeVisible();
  await dialog.getByLabel('Order').fill('3');
  await dialog.getByRole('button', { name: 'Add component' }).click();
  await expect(dialog.getByText('A component is called “backend” already. Choose another short name.')).toBeVisible();
  await expect(dialog.getByLabel('Short name')).toHaveAttribute('aria-invalid', 'true');
  await expect(dialog.getByLabel('Short name')).toHaveValue('backend');
  await expect(dialog.getByLabel('Description')).toHaveValue('typed with care');
});

test('a workflow that cannot be started by hand is told before anything is stored', async ({ page }) => {
  await openTargetForm(page);
  await page.getByLabel('Label').fill('kept');
  await pick(page, 'Repository', 'aetherstack/aetherstack');
  await pick(page, 'Workflow file', 'lint.yml');
  await expect(page.getByRole('main').getByRole('alert')).toContainText('cannot be started by hand');
  await expect(page.getByRole('main').getByRole('alert')).toContainText('Add “workflow_dispatch”');
  await page.getByText('A file that has everything').click();
  await expect(page.getByRole('region', { name: 'Example file' })).toContainText('workflow_dispatch:');
  await expect(page.getByRole('button', { name: 'Save anyway' })).toBeVisible();
  await expect(page.getByLabel('Label')).toHaveValue('kept');

  await pick(page, 'Workflow file', 'no-such-file.yml');
  await expect(page.getByRole('main').getByRole('alert')).toContainText('no-such-file.yml');
});

test('the set-up screens have no barrier and no overflow, at every width and in both themes', async ({ page }) => {
  await page.goto('/estate');
  await expect(page.getByRole('table', { name: 'Targets' })).toBeVisible();
  await look(page, 'estate');
  await page
    .getByRole('link', { name: /^Backend to Staging/ })
    .first()
    .click();
  await expect(page.getByRole('status', { name: 'Result of the check' })).toBeVisible();
  await look(page, 'estate-target');
});
