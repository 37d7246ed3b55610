import type { Browser, Page } from '@playwright/test';
import { expect, STRANGER } from './fixtures';
import { watchPolicy } from './policy-watch';

export const PASSWORD = 'violet anchor meadow 77';

interface Person {
  login: string;
  name: string;
  /** As the roles are called in the form; on all environments. */
  role?: 'Viewer' | 'Operator' | 'Approver' | 'Administrator';
}

/** Invites somebody in the browser and returns the link that is shown once. */
export async function invite(page: Page, { login, name, role = 'Viewer' }: Person): Promise<string> {
  await page.goto('/members');
  await page.getByRole('button', { name: /Invite/ }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Login').fill(login);
  await dialog.getByLabel('Name').fill(name);
  await dialog.getByLabel('Role', { exact: true }).selectOption({ label: role });
  await dialog.getByRole('button', { name: 'Make the link' }).click();
  await expect(dialog.getByText(/shown only now/)).toBeVisible();
  const link = /https?:\/\/\S+\/join#[\w-]+/.exec(await dialog.innerText())?.[0] ?? '';
  await dialog.getByRole('button', { name: 'I have copied it' }).click();
  return link;
}

/** Follows that link and chooses a password. */
export async function join(page: Page, link: string): Promise<void> {
  await page.goto(link);
  await page.getByLabel('New password').fill(PASSWORD);
  await page.getByRole('button', { name: 'Set the password and sign in' }).click();
  await page.waitForURL('**/now');
}

/** A second person in a browser of their own; close its context when done. */
export async function secondPerson(page: Page, browser: Browser, person: Person): Promise<Page> {
  const link = await invite(page, person);
  const theirs = await browser.newContext({ storageState: STRANGER, viewport: { width: 1280, height: 780 } });
  await watchPolicy(theirs);
  const other = await theirs.newPage();
  await join(other, link);
  return other;
}
