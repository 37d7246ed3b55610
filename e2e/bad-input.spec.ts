import { readFileSync } from 'node:fs';
import type { Page } from '@playwright/test';
import {
  auditSince,
  deployButton,
  expectStatus,
  lastAudit,
  openComposer,
  pickRevision,
  readJson,
  targetOf,
} from './console';
import { expect, sandbox, test } from './fixtures';

const WORKFLOW = '.github/workflows/backend-deploy.yml';
const backend = readFileSync(`lib/sandbox/repository/${WORKFLOW}`, 'utf8');

/** A branch whose deployment workflow reads as given. */
async function branchWith(branch: string, workflow: string): Promise<void> {
  await sandbox.push({ branch, message: `ci: ${branch}`, files: { [WORKFLOW]: workflow } });
}

async function openAt(page: Page, ref: string): Promise<void> {
  await page.goto(`/deploy/${await targetOf(page, 'backend/staging')}?ref=${ref}`);
}

/** The button is off, and the sentence beside it says why. */
async function expectBlocked(page: Page, sentence: RegExp): Promise<void> {
  await expect(page.getByRole('main').getByRole('status').filter({ hasText: sentence }).first()).toBeVisible();
  await expect(deployButton(page)).toHaveAttribute('aria-disabled', 'true');
}

test('a ref that does not exist is said where it is searched and where it is linked to', async ({ page }) => {
  await openComposer(page, 'backend/staging');
  await page.getByRole('button', { name: /^Branch, tag or commit:/ }).click();
  await page.getByRole('combobox', { name: 'Branch, tag or commit' }).fill('no-such-branch');
  await expect(
    page.getByText(/No branch, tag or recent commit has this in its name\. Check the spelling/),
  ).toBeVisible();
  await openAt(page, 'no-such-branch');
  await expectBlocked(page, /There is no branch or tag “no-such-branch”.*choose another/);
});

test('a branch without the workflow cannot be deployed and says what to do', async ({ page }) => {
  await openAt(page, 'no-workflow');
  await expectBlocked(page, /There is no file .*backend-deploy\.yml at this revision\. Choose another revision/);
});

test('a workflow that cannot be started by hand says what to add', async ({ page }) => {
  await branchWith(
    'only-on-push',
    backend.replace(/^ {2}workflow_dispatch:[\s\S]*?^permissions:/m, '  push:\n\npermissions:'),
  );
  await openAt(page, 'only-on-push');
  await expectBlocked(page, /workflow_dispatch/);
});

test('a workflow with 26 inputs says that 25 are accepted', async ({ page }) => {
  await openAt(page, 'too-many-inputs');
  await expectBlocked(page, /25/);
});

test('a workflow that cannot be read says so and does not break the page', async ({ page }) => {
  await branchWith('broken-yaml', 'on:\n  workflow_dispatch:\n inputs: [}\n');
  await openAt(page, 'broken-yaml');
  await expectBlocked(page, /read/i);
});

test('wrong values are refused beside their fields, in words, and nothing that was typed is lost', async ({ page }) => {
  const truth = await sandbox.truth();
  await branchWith(
    'strict-inputs',
    backend.replace(/image_tag:[\s\S]*?default: ''/, 'image_tag:\n        type: string\n        required: true'),
  );
  await openComposer(page, 'backend/staging');
  await pickRevision(page, 'strict-inputs');
  await expect(page.getByLabel('image_tag')).toBeVisible();
  await page.getByLabel(/^replicas/).fill('two');
  await page.getByLabel('Reason').fill('Typed before the mistake');
  await expect(deployButton(page)).not.toHaveAttribute('aria-disabled');
  await deployButton(page).click();
  await expect(page.getByText('Write a number, such as 5 or 0.25.')).toBeVisible();
  await expect(page.getByText('This is required.')).toBeVisible();
  await expect(page.getByLabel(/^replicas/)).toBeFocused();
  await expect(page.getByText('2 fields need another look.')).toBeVisible();
  await pickRevision(page, 'feature/rate-limits');
  await expect(page.getByRole('button', { name: /^Branch, tag or commit: feature/ })).toBeVisible();
  await expect(page.getByLabel(/^replicas/)).toHaveValue('two');
  await expect(page.getByLabel('Reason')).toHaveValue('Typed before the mistake');
  expect(await sandbox.newRuns(truth)).toEqual([]);
});

test('inputs that are too large together are refused with by how much', async ({ page }) => {
  await openComposer(page, 'backend/staging');
  await page.getByLabel(/^image_tag/).fill('x'.repeat(65_535));
  await deployButton(page).click();
  await expect(
    page.getByText(/The inputs together are .* characters too long\. Shorten the longest one\./),
  ).toBeVisible();
  await expect(page).toHaveURL(/\/deploy\//);
});

const TROUBLE = [
  { name: 'down', says: /GitHub has trouble \(503\)\. Check githubstatus\.com/ },
  {
    name: 'rate-limited',
    // Whoever looked first found out: the press itself, or the preflight by what another look was told.
    says: /(quota of this connection is used up|asked for a pause)\..*goes on by itself|(asked for a pause|more requests) until/,
  },
] as const;

for (const { name, says } of TROUBLE) {
  test(`pressed while the provider is ${name}: a sentence, the values stay, one audit line, no run`, async ({
    page,
  }) => {
    const truth = await sandbox.truth();
    await openComposer(page, 'backend/staging');
    await page.getByLabel(/^replicas/).fill('5');
    await page.getByLabel('Reason').fill(`While it is ${name}`);
    await expect(deployButton(page)).not.toHaveAttribute('aria-disabled');
    const before = await lastAudit(page);
    await sandbox.scenario({ name });
    await deployButton(page).click();
    await expect(page.getByRole('alert').filter({ hasText: says })).toBeVisible({ timeout: 20_000 });
    await expect(page.getByLabel(/^replicas/)).toHaveValue('5');
    await expect(page.getByLabel('Reason')).toHaveValue(`While it is ${name}`);
    const lines = (await auditSince(page, before)).filter(({ action }) => action === 'deployment.request');
    expect(lines).toHaveLength(1);
    expect(lines[0]).toMatchObject({
      outcome: expect.stringMatching(/^(failed|refused)$/),
      sentence: expect.stringMatching(says),
    });
    expect(await sandbox.newRuns(truth)).toEqual([]);
    await sandbox.calm();
    // The same press again, once the trouble is over: nothing has to be typed twice.
    await expect(async () => {
      await deployButton(page).click();
      await expect(page).toHaveURL(/\/deployments\/dep_/, { timeout: 3_000 });
    }).toPass({ timeout: 30_000 });
    // Its run is there before the next test counts runs.
    await expectStatus(page, 'Succeeded');
  });
}

test('a page of an older version is told that the console was updated, and to reload', async ({ page }) => {
  // Another build knows other actions: this page asks for one that is not there.
  await page.route('**/holds*', async (route) => {
    const headers = route.request().headers();
    if (!headers['next-action']) return route.continue();
    await route.continue({ headers: { ...headers, 'next-action': '7f'.padEnd(42, '0') } });
  });
  await page.goto('/holds');
  await page.getByRole('button', { name: 'Lock…' }).click();
  const dialog = page.getByRole('dialog', { name: 'Lock' });
  await dialog.getByLabel('Environment').selectOption({ label: 'Staging' });
  await dialog.getByLabel('Component').selectOption({ label: 'Docs' });
  await dialog.getByLabel('Reason').fill('asked by an old page');
  await dialog.getByRole('button', { name: 'Lock Docs in Staging' }).click();
  await expect(
    dialog.getByText(/The console was updated since this page was opened, so nothing was done\. Reload/),
  ).toBeVisible();
  const locks = await readJson<object>(page, '/api/v1/holds');
  expect(JSON.stringify(locks)).not.toContain('asked by an old page');
});
