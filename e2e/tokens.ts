import { expect, type Locator, type Page } from '@playwright/test';
import { ADMIN } from './session';

const SCOPES = ['Read', 'Deploy', 'Approve', 'Hold', 'Audit', 'Manage'] as const;

type Scope = (typeof SCOPES)[number];

/** Also outside a test, where none is set. */
const WITHIN = { timeout: 20_000 };

/** A session whose last proof is a while ago is asked for the password first. */
export async function proveIfAsked(page: Page, otherwise: Locator): Promise<void> {
  const asked = page.getByRole('dialog', { name: 'Is it you?' });
  await expect(asked.or(otherwise)).toBeVisible(WITHIN);
  if (!(await asked.isVisible())) return;
  await asked.getByLabel('Your password').fill(ADMIN.password);
  await asked.getByRole('button', { name: 'Go on' }).click();
  await expect(otherwise).toBeVisible(WITHIN);
}

/** Makes a token in the browser, the way a person does, and reads it from the dialog that shows it once. */
export async function makeToken(page: Page, name: string, scopes: readonly Scope[] = SCOPES): Promise<string> {
  await page.goto('/members');
  await page.getByRole('button', { name: 'New token' }).click();
  const dialog = page.getByRole('dialog', { name: 'New API token' });
  await dialog.getByLabel('Name').fill(name);
  for (const scope of SCOPES) await dialog.getByRole('checkbox', { name: scope }).setChecked(scopes.includes(scope));
  await dialog.getByRole('button', { name: 'Make the token' }).click();
  const shown = page.getByRole('dialog', { name: `“${name}” is made` });
  await proveIfAsked(page, shown);
  const token = (await shown.getByRole('region', { name: 'API token' }).innerText()).trim();
  expect(token).toMatch(/^aes_[\w-]{49}$/);
  await shown.getByRole('button', { name: 'I have copied it' }).click();
  await expect(page.getByRole('button', { name: `Revoke the token ${name}` })).toBeVisible(WITHIN);
  return token;
}
