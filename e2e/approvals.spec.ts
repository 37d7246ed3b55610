import type { Page } from '@playwright/test';
import { arrangePolicy } from './arrange';
import {
  auditSince,
  deployButton,
  deploymentId,
  expectStatus,
  lastAudit,
  openComposer,
  readDeployment,
  submit,
} from './console';
import { expect, sandbox, test } from './fixtures';
import { look } from './look';
import { secondPerson } from './people';

const mark = Date.now().toString(36);
const ASK = /^Ask for approval: [0-9a-f]{7} to Preview$/;
const ITEM = 'Support has been told';
const YUKI_AT_GITHUB = 23_905_188;

test.describe.configure({ mode: 'serial' });

/** Another person, who is asked in all of them. */
let approver: Page;

test.beforeAll(async ({ browser }) => {
  const page = await browser.newPage();
  const person = { login: `ben-${mark}`, name: 'Ben Approver', role: 'Approver' } as const;
  approver = await secondPerson(page, browser, person);
  await page.close();
});

// Whatever failed above: Preview asks for nothing again, and nothing stands before what others deploy there.
test.afterAll(async () => {
  await arrangePolicy('preview', {});
  await approver?.context().close();
});

/** What Preview needs, set the way a person does. */
async function setPolicy(page: Page): Promise<void> {
  await page.goto('/estate');
  await page.getByRole('button', { name: 'What a deployment to Preview needs' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Approvals').fill('1');
  await dialog.getByLabel('Checklist').fill(ITEM);
  await dialog.getByLabel('Soak time there, minutes').fill('0');
  await dialog.getByLabel('First in').selectOption({ label: 'No other environment' });
  await submit(page, dialog, 'Save');
}

/** Asks for a deployment of the dashboard to Preview and returns its id. */
async function ask(page: Page): Promise<string> {
  await sandbox.push({ branch: 'main', message: `dashboard: ask ${mark}` });
  await openComposerThatAsks(page);
  await page.getByLabel(ITEM).check();
  await page.getByLabel('Reason').fill('The new menu');
  await page.getByRole('button', { name: ASK }).click();
  const id = await deploymentId(page);
  await expectStatus(page, 'Awaiting approval');
  return id;
}

async function openComposerThatAsks(page: Page): Promise<void> {
  await page.goto('/targets');
  await page.getByRole('link', { name: 'Deploy Dashboard to Preview' }).click();
  await expect(page.getByRole('button', { name: ASK })).toBeVisible();
}

test('what a deployment needs is set in the browser; the composer shows it and starts nothing before', async ({
  page,
}) => {
  await setPolicy(page);
  await openComposerThatAsks(page);
  const button = page.getByRole('button', { name: ASK });
  await expect(button).toHaveAttribute('aria-disabled', 'true');
  await expect(page.getByRole('status').filter({ hasText: 'One item of the checklist is not ticked.' })).toBeVisible();
  await page.getByLabel(ITEM).check();
  await expect(button).not.toHaveAttribute('aria-disabled');
  await expect(page.getByText(/needs 1 approval/)).toBeVisible();
});

test('nobody approves their own request; another person does, on a phone, in two taps from Now', async ({ page }) => {
  test.slow();
  const truth = await sandbox.truth();
  await approver.setViewportSize({ width: 360, height: 780 });
  await approver.goto('/now');
  await expect(approver.getByRole('heading', { name: 'Now', level: 1 })).toBeVisible();
  const id = await ask(page);
  const { number } = await readDeployment(page, id);
  await page.getByRole('link', { name: 'What is asked' }).click();
  await expect(page.getByRole('heading', { name: 'Deploy Dashboard to Preview?' })).toBeVisible();
  await expect(page.getByRole('button', { name: `Approve #${number}` })).toHaveAttribute('aria-disabled', 'true');
  expect(await sandbox.newRuns(truth), 'nothing is sent before').toEqual([]);
  await page.goto(`/deployments/${id}`);

  const waiting = approver.getByRole('button', { name: /^More \(\d+ waiting there\)$/ });
  await expect(waiting, 'the number came by itself').toBeVisible();
  const needs = approver.locator('section').filter({ hasText: /^Needs you/ });
  await needs.getByRole('link', { name: new RegExp(`#${number}`) }).click();
  await expect(approver.getByRole('heading', { name: 'Deploy Dashboard to Preview?' })).toBeVisible();
  for (const text of ['Ada Admin', 'The new menu', `dashboard: ask ${mark}`, ITEM, 'Approvals: 0 of 1'])
    await expect(approver.getByText(text).first()).toBeVisible();
  const approve = approver.getByRole('button', { name: `Approve #${number}` });
  await expect(approve).toBeInViewport();
  await look(approver, 'approval');
  await approve.click();
  await expect(approver.getByText(/does not wait for approval any more/)).toBeVisible();
  await expect(waiting).toBeHidden();
  await expectStatus(page, 'Succeeded');
  await expect(page.getByText('Approvals: 1 of 1')).toBeVisible();
  expect(await sandbox.newRuns(truth)).toHaveLength(1);
});

test('what changed since is not approved: the page says so and shows what is asked now; then it is rejected', async ({
  page,
}) => {
  test.slow();
  await approver.setViewportSize({ width: 1280, height: 780 });
  const id = await ask(page);
  const { number } = await readDeployment(page, id);
  await approver.goto(`/approvals/${id}`);
  const approve = approver.getByRole('button', { name: `Approve #${number}` });
  await expect(approve).not.toHaveAttribute('aria-disabled');
  // The news of the change does not reach this page: it still shows what was asked before.
  const approvals = `**/api/v1/deployments/${id}/approval`;
  await approver.route(approvals, (route) => route.abort());
  await arrangePolicy('preview', { approvals: 2, checklist: [ITEM] });
  await approve.click();
  await expect(approver.getByRole('alert').filter({ hasText: /chang/ }).first()).toBeVisible();
  await approver.unroute(approvals);
  await approver.reload();
  await expect(approver.getByText('Approvals: 0 of 2')).toBeVisible();

  await approver.getByRole('button', { name: 'Reject' }).click();
  await expect(approver.getByText('To reject it say why in a few words.')).toBeVisible();
  await expect(approver.getByLabel('Reason')).toBeFocused();
  await approver.getByLabel('Reason').fill('Not in this week');
  await approver.getByRole('button', { name: 'Reject' }).click();
  await expect(approver.getByText(/does not wait for approval any more/)).toBeVisible();
  await page.goto(`/deployments/${id}`);
  await expectStatus(page, 'Rejected');
  await expect(page.getByText('“Not in this week”')).toBeVisible();
});

test('one press gives both approvals: here, and at GitHub as soon as it asks, by the token of who pressed', async ({
  page,
}) => {
  test.slow();
  await approver.goto('/members');
  await approver.getByRole('button', { name: /^Enter your token for GitHub/ }).click();
  await approver.getByLabel('Token', { exact: true }).fill('sandbox-token-yukihara');
  await approver.getByRole('button', { name: 'Ask whose it is, and store it' }).click();
  await expect(approver.getByRole('dialog')).toBeHidden();
  await arrangePolicy('preview', { approvals: 1, checklist: [ITEM] });
  await sandbox.setReviewers('preview', [YUKI_AT_GITHUB]);
  const before = await lastAudit(page);
  try {
    const id = await ask(page);
    const { number } = await readDeployment(page, id);
    await approver.goto(`/approvals/${id}`);
    await approver.getByLabel(/^With my approval here, approve preview at GitHub/).check();
    await approver.getByRole('button', { name: `Approve #${number}` }).click();
    await expectStatus(page, 'Succeeded');
    const lines = await auditSince(page, before);
    expect(lines.map(({ action }) => action)).toContain('deployment.answer-gate');
  } finally {
    await sandbox.setReviewers('preview', []);
  }
});

test('without a policy one press deploys again', async ({ page }) => {
  await arrangePolicy('preview', {});
  await openComposer(page, 'dashboard/preview');
  await expect(deployButton(page)).not.toHaveAttribute('aria-disabled');
});

test('the page of approvals says where they come from when nothing waits', async ({ page }) => {
  await page.goto('/approvals');
  await expect(page.getByText('Nothing waits for approval')).toBeVisible();
});
