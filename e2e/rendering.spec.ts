import type { Page } from '@playwright/test';
import { auditSince, deploy, deploymentId, expectStatus, lastAudit, readDeployment, targetOf } from './console';
import { expect, sandbox, test } from './fixtures';
import { glance } from './look';
import { secondPerson } from './people';

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

test('a dashboard is moved from SSR to SSG on staging and back; a server action blocks it by file and line; production stays', async ({
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
  const back = await sheetOf(page, 'Switch Dashboard in Staging to SSR');
  await back.getByRole('button', { name: 'Switch to SSR' }).click();
  await deploymentId(page);
  await expectStatus(page, 'Succeeded');
  await page.goto('/rendering');
  await expect(line(page, 'Staging')).toContainText('SSR');
  await expect(line(page, 'Production')).toContainText('SSR');
});

test('how a website is served is said where it stands; what changed goes live by one press on the matrix', async ({
  page,
}) => {
  await page.goto('/components/website');
  const served = page.getByRole('region', { name: 'How Website in Staging is served' });
  await expect(served.getByText('1 variable changed, not live yet')).toBeVisible();
  await expect(served.getByText('FORM_ENDPOINT')).toBeVisible();
  await expect(served.getByRole('img', { name: 'The build that is live, as its host photographed it' })).toBeVisible();
  await glance(page, 'hosting');
  await page.getByRole('link', { name: 'Promote a build: Website in Production' }).click();
  await expect(page.getByRole('heading', { level: 1, name: /Promote/ })).toBeVisible();
  await expect(page.getByText('Public values').first()).toBeVisible();
  await glance(page, 'promote');

  await page.goto('/targets');
  const changed = page.getByRole('link', { name: /^1 changed, not live.*FORM_ENDPOINT, in Website in Staging/ });
  await expect(changed).toBeVisible();
  await page.getByRole('button', { name: /^Deploy [0-9a-f]{7} again: Website in Staging$/ }).click();
  await expect(changed).toBeHidden({ timeout: 30_000 });
  await expect(page.getByRole('row', { name: /^Website/ })).not.toContainText('not live');
});

test('a build of staging is promoted as it is: blocked with the reason while it carries staging’s public values, then one press', async ({
  page,
}) => {
  const promotion = `/targets/${await targetOf(page, 'website/production')}/promote`;
  const press = page.getByRole('button', { name: 'Promote to Production' });
  await page.goto(promotion);
  await page.getByRole('radio', { name: /Staging/ }).check();
  await expect(press).toHaveAttribute('aria-disabled', 'true');
  await expect(page.getByRole('region', { name: 'Promote', exact: true })).toContainText('NEXT_PUBLIC_EDITION');

  // Production's own value, so that there is a build that may go there.
  await sandbox.setForBranches('NEXT_PUBLIC_EDITION', 'stable');
  try {
    const built = await deploy(page, 'website/staging');
    await expectStatus(page, 'Succeeded');
    await page.goto(`${promotion}?from=${built}`);
    await expect(page.getByText('Same build', { exact: true })).toBeVisible();
    await expect(press).not.toHaveAttribute('aria-disabled');
    await press.click();
    const promoted = await deploymentId(page);
    await expectStatus(page, 'Succeeded');
    const { kind, isCurrent, number } = await readDeployment(page, promoted);
    expect({ kind, isCurrent }).toEqual({ kind: 'promote', isCurrent: true });
    await page.goto('/components/website');
    const served = page.getByRole('region', { name: 'How Website in Production is served' });
    await expect(served.getByRole('link', { name: new RegExp(`#${number}\\b`) }).first()).toBeVisible();
  } finally {
    await sandbox.setForBranches('NEXT_PUBLIC_EDITION', 'next');
  }
});

test('what its host keeps back is shown to whoever looks, and put live by one press of whoever may', async ({
  page,
  browser,
}) => {
  test.slow();
  const person = { login: `vera-${Date.now().toString(36)}`, name: 'Vera Viewer' };
  const viewer = await secondPerson(page, browser, person);
  await sandbox.push({ branch: 'main', message: 'website: a new heading' });
  await sandbox.lockPublishing('lock');
  try {
    const before = await lastAudit(page);
    const id = await deploy(page, 'website/production');
    const press = (of: Page) => of.getByRole('button', { name: /^Put #\d+ live$/ });
    const says = (of: Page) => of.getByText(/publishing is locked to one deploy at Netlify/).first();
    await expect(says(page)).toBeVisible();
    await expect(press(page)).toBeVisible();
    await viewer.goto(`/deployments/${id}`);
    await expect(says(viewer)).toBeVisible();
    await expect(viewer.getByText('An operator or an administrator can put it live.')).toBeVisible();
    await expect(press(viewer)).toHaveCount(0);

    await press(page).click();
    await expectStatus(page, 'Succeeded');
    expect((await readDeployment(page, id)).isCurrent).toBe(true);
    await expect(press(page)).toBeHidden();
    await expectStatus(viewer, 'Succeeded');
    const lines = (await auditSince(page, before)).filter(({ resource }) => resource.id === id);
    expect(lines.map(({ action }) => action)).toContain('deployment.serve-held');
  } finally {
    await sandbox.lockPublishing('unlock');
    await viewer.context().close();
  }
});

test('an app is deployed at Vercel to its domain; what its visitors had is said where it stands, and of what that nobody came', async ({
  page,
}) => {
  await sandbox.push({ branch: 'main', message: 'portal: a shorter way in' });
  const id = await deploy(page, 'portal/production');
  await expectStatus(page, 'Succeeded');
  const { number, isCurrent } = await readDeployment(page, id);
  expect(isCurrent).toBe(true);
  await page.goto('/components/portal');
  const served = page.getByRole('region', { name: 'How Portal in Production is served' });
  await expect(served.getByRole('link', { name: new RegExp(`#${number}\\b`) })).toBeVisible();
  const measured = page.getByRole('region', { name: 'Web Vitals of Portal in Production' });
  await expect(measured).toContainText(/LCP\s*\d\.\d\d s.*INP\s*\d+ ms.*CLS\s*0\.\d\d/);
  await expect(measured).toContainText('Three of four visits to production of aetherstack-dashboard were no worse');
  const nobody = page.getByRole('region', { name: 'Web Vitals of Portal in Staging' });
  await expect(nobody).toContainText('measured no visit in all previews of aetherstack-dashboard');
  await glance(page, 'web-vitals');
});
