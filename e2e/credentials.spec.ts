import type { Page } from '@playwright/test';
import {
  auditSince,
  deploy,
  deployButton,
  expectStatus,
  lastAudit,
  readDeployment,
  replaceToken,
  targetOf,
  teamConnection,
} from './console';
import { expect, sandbox, test } from './fixtures';
import { readPlaces, secretsOfInstallation } from './places';

async function addConnection(page: Page, name: string, token: string): Promise<string> {
  await page.goto('/connections/new');
  await page.getByLabel('Name').fill(name);
  await page.getByLabel('Token', { exact: true }).fill(token);
  await page.getByRole('button', { name: 'Add and check' }).click();
  await page.waitForURL(/\/connections\/con_/);
  return new URL(page.url()).pathname.split('/').at(-1) ?? '';
}

test('an expired token: the connection, Now and the composer say so, and a new one mends it', async ({ page }) => {
  const { id } = await teamConnection(page);
  const refused = /GitHub refuses this connection’s credential: it has expired, was revoked or is wrong/;
  try {
    const before = await lastAudit(page);
    await replaceToken(page, id, 'expired-token');
    await expect(page.getByRole('main').getByText(refused).first()).toBeVisible();
    await expect(page.getByText('Failing', { exact: true }).first()).toBeVisible();
    const lines = await auditSince(page, before);
    expect(lines.filter(({ action }) => action === 'connection.set-credential')).toHaveLength(1);
    expect(lines.filter(({ action }) => action === 'connection.verify')).toHaveLength(1);

    await page.goto(`/deploy/${await targetOf(page, 'docs/staging')}`);
    await expect(page.getByRole('status').filter({ hasText: refused }).first()).toBeVisible();
    await expect(deployButton(page)).toHaveAttribute('aria-disabled', 'true');
    await page.goto('/now');
    await expect(page.getByRole('main').getByText(refused).first()).toBeVisible();
    // The doctor lists it as broken, with its mend beside it.
    await page.goto('/connections/doctor');
    const fault = page.getByRole('listitem').filter({ hasText: refused });
    await expect(fault.getByText('Broken', { exact: true })).toBeVisible();
    await expect(fault.getByRole('link', { name: 'Replace the credential' })).toHaveAttribute(
      'href',
      /\/connections\//,
    );
  } finally {
    await replaceToken(page, id, 'sandbox-token');
  }
  await expect(page.getByText('Working', { exact: true }).first()).toBeVisible();
});

test('a token that lacks a permission: nothing is started, and the missing permission is named with its mend', async ({
  page,
}) => {
  const { id } = await teamConnection(page);
  const truth = await sandbox.truth();
  const lacks = /lacks “actions=write” at GitHub\. Grant it to the App or the token, then check the connection again/;
  try {
    await replaceToken(page, id, 'readonly-token');
    const before = await lastAudit(page);
    const refused = await deploy(page, 'docs/staging');
    await expectStatus(page, 'Errored');
    await expect(page.getByRole('region', { name: 'Why it failed' })).toContainText(lacks);
    const lines = (await auditSince(page, before)).filter(({ resource }) => resource.id === refused);
    expect(lines.filter(({ outcome }) => outcome === 'failed').map(({ sentence }) => sentence)).toEqual([
      expect.stringMatching(lacks),
    ]);
    expect(await sandbox.newRuns(truth)).toEqual([]);
  } finally {
    await replaceToken(page, id, 'sandbox-token');
  }
  const deployed = await deploy(page, 'docs/staging');
  await expectStatus(page, 'Succeeded');
  expect((await readDeployment(page, deployed)).failure).toBeNull();
});

test('a credential is written and never read: in no page, payload, script, stream, store, answer or log', async ({
  page,
}) => {
  test.slow();
  const told: string[] = [];
  page.on('console', (message) => told.push(message.text()));
  const token = 'sandbox-token';
  const name = `Written once ${Date.now().toString(36)}`;
  const id = await addConnection(page, name, token);
  await expect(page.getByText('Working', { exact: true }).first()).toBeVisible();
  await expect(page.getByText('sealed, ends in oken')).toBeVisible();
  const second = 'another-secret-value-9431';
  await replaceToken(page, id, second);
  await expect(page.getByText('sealed, ends in 9431')).toBeVisible();
  // Ten checks a minute are allowed, and the tests before this one have used some.
  await expect(async () => {
    await page.getByRole('button', { name: 'Check now' }).click();
    await expect(page.getByText('It does not work')).toBeVisible({ timeout: 3_000 });
  }).toPass({ timeout: 40_000, intervals: [4_000] });

  await page.getByRole('button', { name: 'Make a secret' }).click();
  const shown = page.getByRole('status').filter({ hasText: 'it is shown only once' });
  const secret = (await shown.getByRole('textbox').or(shown.locator('code, pre')).first().innerText()).trim();
  expect(secret.length).toBeGreaterThanOrEqual(20);
  await page.reload();
  await expect(page.getByRole('button', { name: 'Rotate secret…' })).toBeVisible();
  const own = [`/connections/${id}`, `/connections/${id}/deliveries`, `/connections/${id}/quota`];
  const places: Record<string, string> = { ...(await readPlaces(page, own)), console: told.join() };
  expect(Object.keys(places).length).toBeGreaterThan(120);
  expect(places['the live stream']).toContain('event: hello');
  const secrets = [second, secret, ...(await secretsOfInstallation(page))];
  const found = Object.entries(places).filter(([, text]) => secrets.some((each) => text.includes(each)));
  expect(found.map(([place]) => place)).toEqual([]);

  await page.getByRole('button', { name: /^More( \(|$)/ }).click();
  await page.getByRole('menuitem', { name: 'Remove…' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel(`Type ${name} to confirm`).fill(name);
  await dialog.getByRole('button', { name: 'Remove connection' }).click();
  await page.waitForURL('**/connections');
  await expect(page.getByText(name)).toHaveCount(0);
});
